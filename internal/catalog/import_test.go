package catalog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

// drawer keeps one partner's own connectors in memory.
type drawer struct {
	all       []tandem.CustomConnector
	installed bool
}

func (d *drawer) CustomConnectors(context.Context, tandem.PartnerID, tandem.Search) (tandem.Page[tandem.CustomConnector], error) {
	return tandem.Page[tandem.CustomConnector]{Rows: slices.Clone(d.all), Total: len(d.all)}, nil
}

func (d *drawer) CustomConnector(_ context.Context, _ tandem.PartnerID, id tandem.ConnectorID) (tandem.CustomConnector, error) {
	if id < 1 || int(id) > len(d.all) {
		return tandem.CustomConnector{}, tandem.NotFoundf("Connector %d could not be found.", id)
	}
	return d.all[id-1], nil
}

func (d *drawer) PutCustomConnector(ctx context.Context, p tandem.PartnerID, id tandem.ConnectorID, change func(*tandem.CustomConnector, bool) (*connector.Connector, error)) (c tandem.CustomConnector, err error) {
	if id != 0 {
		if c, err = d.CustomConnector(ctx, p, id); err != nil {
			return c, err
		}
	}
	if _, err := change(&c, d.installed); err != nil {
		return c, err
	}
	if id == 0 {
		c.ID = tandem.ConnectorID(len(d.all) + 1)
		d.all = append(d.all, tandem.CustomConnector{})
	}
	d.all[c.ID-1] = c
	return c, nil
}

func (d *drawer) DeleteCustomConnector(context.Context, tandem.PartnerID, tandem.ConnectorID) error {
	return nil
}

// importing is the service on a drawer, and may call this machine if local.
func importing(t *testing.T, local bool) (*catalog.Imports, *catalog.Custom, *drawer) {
	t.Helper()
	o := egress.Options{Timeout: 5 * time.Second}
	if local {
		o.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}
	web := egress.New(o)
	t.Cleanup(web.Close)
	d := &drawer{}
	custom := catalog.NewCustom(slog.New(slog.DiscardHandler), d, library(t))
	return catalog.NewImports(slog.New(slog.DiscardHandler), custom, web.HTTP()), custom, d
}

const shop = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: https://api.shop.example}]
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
security: [{key: []}]
paths:
  /orders: {get: {operationId: listOrders}}
  /items: {get: {operationId: listItems}}
`

func TestImportMakesADraft(t *testing.T) {
	s, _, d := importing(t, false)
	dry, err := s.Import(t.Context(), 1, tandem.ConnectorImport{Document: []byte(shop), DryRun: true})
	if err != nil || dry.Connector != nil || dry.Report.Methods != 2 || len(d.all) != 0 {
		t.Fatalf("dry run: %+v, %v, %d kept", dry, err, len(d.all))
	}
	made, err := s.Import(t.Context(), 1, tandem.ConnectorImport{Document: []byte(shop), Name: "My Shop"})
	if err != nil {
		t.Fatal(err)
	}
	c := made.Connector
	if c.Name != "My Shop" || c.Version != "1" || c.State != tandem.ReleaseDraft || len(c.Unsupported) != 0 || made.Report.Methods != 2 {
		t.Errorf("%+v, %+v", c, made.Report)
	}
}

// methodsOf are the names of what is written of a connector's methods, and the
// script that one has.
func methodsOf(t *testing.T, c tandem.CustomConnector) map[string]string {
	t.Helper()
	var all []connector.Method
	if err := json.Unmarshal(c.Document["Methods"], &all); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, m := range all {
		names[m.Name+" "+m.MethodUniqueIdentifier] = m.Script
	}
	return names
}

// What was done by hand stays, and so do ids.
func TestImportAgain(t *testing.T) {
	s, custom, d := importing(t, false)
	if _, err := s.Import(t.Context(), 1, tandem.ConnectorImport{Document: []byte(shop)}); err != nil {
		t.Fatal(err)
	}
	var methods []map[string]any
	if err := json.Unmarshal(d.all[0].Document["Methods"], &methods); err != nil {
		t.Fatal(err)
	}
	ids := map[any]any{}
	for _, m := range methods {
		ids[m["Name"]] = m["MethodUniqueIdentifier"]
		if m["Name"] == "listOrders" {
			m["Script"] = "function after_action() { return true }"
		}
	}
	own, refused := guid+"5", guid+"6"
	methods = append(methods,
		map[string]any{"Name": "Own", "MethodUniqueIdentifier": own, "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "https://api.shop.example/own"},
		map[string]any{"Name": "Odd", "MethodUniqueIdentifier": refused, "MethodType": "Action", "HttpMethod": "BREW", "Endpoint": "https://api.shop.example/odd"})
	written, err := json.Marshal(methods)
	if err != nil {
		t.Fatal(err)
	}
	basic := json.RawMessage(`[{"Name":"mine","AuthType":"Basic"},{"Name":"key","AuthType":"ApiKey","AuthScheme":"Token"}]`)
	if _, err := custom.Update(t.Context(), 1, 1, 0, map[string]json.RawMessage{"Methods": written, "Authentication": basic, "Name": json.RawMessage(`"Renamed"`), "Vendor": json.RawMessage(`1`)}); err != nil {
		t.Fatal(err)
	}

	next := strings.Replace(shop, "/items: {get: {operationId: listItems}}", "/items: {post: {operationId: addItem}}", 1)
	dry, err := s.Update(t.Context(), 1, 1, tandem.ConnectorImport{Document: []byte(next), DryRun: true})
	if err != nil || len(methodsOf(t, d.all[0])) != 4 {
		t.Fatalf("dry run: %v", err)
	}
	got, err := s.Update(t.Context(), 1, 1, tandem.ConnectorImport{Document: []byte(next)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dry.Report, got.Report); diff != "" {
		t.Errorf("the dry run told something else: %s", diff)
	}
	names := methodsOf(t, d.all[0])
	for name, script := range map[string]string{
		"listOrders " + ids["listOrders"].(string): "function after_action() { return true }",
		"listItems " + ids["listItems"].(string):   "",
		"Own " + own:                               "",
		"Odd " + refused:                           "",
	} {
		if was, there := names[name]; !there || was != script {
			t.Errorf("%s: there %v, script %q; all: %v", name, there, was, names)
		}
	}
	if len(names) != 5 || got.Connector.Name != "Renamed" || string(d.all[0].Document["Vendor"]) != "1" {
		t.Errorf("%d methods, name %s", len(names), got.Connector.Name)
	}
	var ways []connector.Authentication
	if err := json.Unmarshal(d.all[0].Document["Authentication"], &ways); err != nil || len(ways) != 2 || ways[0].AuthScheme != "Token" || ways[1].AuthType != connector.AuthBasic {
		t.Errorf("authentication: %+v, %v", ways, err)
	}
	var told []string
	for _, n := range got.Report.Notes {
		if n.Pointer == "" {
			told = append(told, n.Message)
		}
	}
	want := []string{
		`the authentication "Basic mine" is not in the document, and stays as it is`, `the method "listItems" is not in the document, and stays as it is`,
		`the method "Own" is not in the document, and stays as it is`,
	}
	slices.Sort(told)
	slices.Sort(want)
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

func TestImportAgainWhenInstalled(t *testing.T) {
	s, _, d := importing(t, false)
	if _, err := s.Import(t.Context(), 1, tandem.ConnectorImport{Document: []byte(shop)}); err != nil {
		t.Fatal(err)
	}
	d.installed = true
	more := strings.Replace(shop, "/items:", "/more: {get: {}}\n  /items:", 1)
	if _, err := s.Update(t.Context(), 1, 1, tandem.ConnectorImport{Document: []byte(more)}); err != nil {
		t.Errorf("one more method: %v", err)
	}
	for _, change := range [][2]string{{"api.shop.example", "evil.example"}, {"scheme: bearer", "scheme: basic"}} {
		moved := strings.Replace(more, change[0], change[1], 1)
		if _, err := s.Update(t.Context(), 1, 1, tandem.ConnectorImport{Document: []byte(moved)}); tandem.ErrorCode(err) != tandem.Conflict {
			t.Errorf("%s: %v, want a conflict", change[1], err)
		}
	}
	if _, err := s.Update(t.Context(), 1, 9, tandem.ConnectorImport{Document: []byte(more)}); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("of another: %v", err)
	}
}

func TestImportFromURL(t *testing.T) {
	s, _, _ := importing(t, true)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/v2/openapi.yaml", http.StatusFound)
		case "/v2/openapi.yaml":
			fmt.Fprint(w, strings.Replace(shop, "https://api.shop.example", "./api", 1))
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/large":
			w.Header().Set("Content-Length", fmt.Sprint(64<<20))
			w.WriteHeader(http.StatusOK)
		case "/page":
			fmt.Fprint(w, "<html>")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	made, err := s.Import(t.Context(), 1, tandem.ConnectorImport{URL: server.URL + "/moved"})
	if err != nil {
		t.Fatal(err)
	}
	if methods := string(made.Connector.Document["Methods"]); !strings.Contains(methods, server.URL+"/v2/api/orders") {
		t.Errorf("a relative address is not that of where the document was: %s", methods)
	}
	for path, want := range map[string]string{"/loop": "too many redirects", "/large": "larger than 32 MB", "/none": "status 404", "/page": "no OpenAPI|not an object"} {
		_, err := s.Import(t.Context(), 1, tandem.ConnectorImport{URL: server.URL + path})
		if tandem.ErrorCode(err) != tandem.Invalid || !slices.ContainsFunc(strings.Split(want, "|"), func(w string) bool { return strings.Contains(fmt.Sprint(err), w) }) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	reached := make(chan struct{}, 100)
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached <- struct{}{} }))
	defer server.Close()
	s, _, d := importing(t, false)
	for _, in := range []tandem.ConnectorImport{
		{},
		{URL: server.URL, Document: []byte(shop)},
		{URL: server.URL}, // an address of this machine
		{URL: strings.Replace(server.URL, "127.0.0.1", "localhost", 1)},
		{URL: "file:///etc/passwd"}, {URL: "ftp://127.0.0.1/"}, {URL: "javascript:alert(1)"}, {URL: "//127.0.0.1"}, {URL: "http://"}, {URL: "http://[::1"},
		{Document: []byte(`{"openapi":"4.0.0"}`)},
	} {
		if got, err := s.Import(t.Context(), 1, in); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%+v: %+v, %v", in, got, err)
		}
	}
	if len(reached) > 0 || len(d.all) > 0 {
		t.Errorf("reached %d times, %d kept", len(reached), len(d.all))
	}
}
