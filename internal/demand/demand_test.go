package demand_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/demand"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

const (
	account   = tandem.AccountID(7)
	installed = tandem.AccountConnectorID(3)
	addGUID   = "11111111-1111-4111-8111-111111111111"
)

// shop is the definition of the third party that [world] plays.
func shop() *connector.Connector {
	return &connector.Connector{
		Name: "Shop", Version: "1", Authentication: []connector.Authentication{{ID: 1, AuthType: connector.AuthAPIKey}},
		Parameters: []connector.Parameter{{ID: 2, Name: "BaseUrl", TargetType: connector.MergeField}},
		Triggers: []connector.Trigger{
			{ID: 31, Name: "Goods", Method: "List", IdentifierKey: "[goods].id", HumanReadableKey: "[goods].name"},
			{ID: 32, Name: "Lost", Method: "No such method", IdentifierKey: "id", HumanReadableKey: "id"},
		},
		Methods: []connector.Method{
			{
				ID: 11, Name: "List", MethodType: connector.Action, HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/goods", ResponseDataType: connector.JSONBody,
				Parameters: []connector.Parameter{{ID: 21, Name: "page", TargetType: connector.QueryString, Value: connector.PageNumber}},
				Paging:     &connector.Paging{Items: "[goods]", PageSize: 2},
			},
			{
				ID: 12, Name: "Add", MethodUniqueIdentifier: addGUID, MethodType: connector.Action, HTTPMethod: "POST", Endpoint: "{{BaseUrl}}/goods/{{Shelf}}",
				RequestDataType: connector.JSONBody, ResponseDataType: connector.JSONBody,
				Parameters:    []connector.Parameter{{ID: 22, Name: "Shelf", TargetType: connector.MergeField}},
				RequestFields: []connector.Field{{ID: 23, ConnectorField: "name"}, {ID: 24, ConnectorField: "[tags].text", Optional: true}},
			},
			{ID: 13, Name: "Added", MethodType: connector.Webhook},
		},
	}
}

// world is a service with a real third party on loopback.
type world struct {
	*demand.Service
	connector *connector.Connector
	client    *egress.Client
	url       string
	custom    []tandem.CustomField
	options   invoke.Options
	mode      invoke.Mode // of the last call
}

func newWorld(t *testing.T) *world {
	w := &world{connector: shop(), custom: []tandem.CustomField{{ID: 90, ConnectorField: "extra.size", ForRequestFormat: true}, {ID: 91, ConnectorField: "other", MethodUniqueIdentifier: tandem.NewGUID()}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /goods", func(rw http.ResponseWriter, r *http.Request) {
		io.WriteString(rw, map[string]string{
			"1": `{"goods":[{"id":1,"name":"Ink"},{"id":12345678901234567,"name":""}],"total":3}`, "2": `{"goods":[{"id":"c","name":"Pen"}],"total":3}`,
		}[r.URL.Query().Get("page")])
	})
	mux.HandleFunc("POST /goods/{shelf}", func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.PathValue("shelf") == "full" {
			http.Error(rw, "no room", http.StatusConflict)
			return
		}
		json.NewEncoder(rw).Encode(map[string]any{"shelf": r.PathValue("shelf"), "got": json.RawMessage(body), "key": r.Header.Get("Authorization")})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.url, w.client = server.URL, egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(w.client.Close)
	w.Service = demand.New(w, fields{w}, w, caller{w})
	return w
}

func (w *world) Get(_ context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	if a != account || id != installed {
		return nil, tandem.NotFoundf("no such")
	}
	return &tandem.AccountConnector{Account: a, ID: id, Connector: 5}, nil
}

func (w *world) AccountShelf(context.Context, tandem.AccountID) (tandem.Shelf, error) {
	return shelf{nil, w}, nil
}

type shelf struct {
	tandem.Shelf
	*world
}

func (s shelf) Connector(tandem.ConnectorID) (*tandem.LibraryConnector, error) {
	return &tandem.LibraryConnector{ID: 5, Connector: s.connector}, nil
}

type fields struct{ *world }

func (f fields) List(context.Context, tandem.AccountID, tandem.AccountConnectorID) ([]tandem.CustomField, error) {
	return f.custom, nil
}

// Add is there for others: what is discovered is tested with a database, by package
// api.
func (f fields) Add(context.Context, tandem.AccountID, tandem.AccountConnectorID, tandem.FieldTarget, []connector.Field, bool) (*tandem.FieldDiscovery, error) {
	return nil, errors.ErrUnsupported
}

type caller struct{ *world }

func (c caller) Call(ctx context.Context, _ tandem.AccountID, _ tandem.AccountConnectorID, call invoke.Call) (invoke.Result, error) {
	c.mode = call.Origin.Mode
	call.Properties = map[string]string{"BaseUrl": c.url}
	call.Auth = invoke.Credentials{Authentication: &c.connector.Authentication[0], Value: "hunter2"}
	return invoke.New(c.client, c.options).Call(ctx, call)
}

func TestCall(t *testing.T) {
	w := newWorld(t)
	for _, method := range []string{"12", addGUID, strings.ToUpper(addGUID)} {
		got, err := w.Call(t.Context(), account, installed, method, tandem.MethodInput{
			Parameters: map[int64]any{22: json.Number("4")},
			Fields:     map[int64]any{23: "Ink", 24: []any{"a", "b"}, 90: json.Number("12.50")},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := `{"got":{"extra":{"size":12.50},"name":"Ink","tags":[{"text":"a"},{"text":"b"}]},"key":"***","shelf":"4"}`
		if string(got) != want {
			t.Errorf("%s: got %s, want %s", method, got, want)
		}
	}
}

// Values are sent as the types of their fields, as those that a step maps are.
func TestCallTypes(t *testing.T) {
	w := newWorld(t)
	w.connector.Methods[1].RequestFields = []connector.Field{
		{ID: 23, ConnectorField: "name", DataType: connector.Text},
		{ID: 25, ConnectorField: "count", DataType: connector.Integer, Optional: true},
		{ID: 26, ConnectorField: "due", DataType: connector.DateTime, DataTypeFormat: "dd/MM/yyyy", Optional: true},
	}
	w.custom = append(w.custom, tandem.CustomField{ID: 92, ConnectorField: "born", DataType: connector.DateTime, DataTypeFormat: "yyyy", ForRequestFormat: true})
	in := tandem.MethodInput{
		Parameters: map[int64]any{22: "4"},
		Fields:     map[int64]any{23: json.Number("7"), 25: "12", 26: "2026-02-03T10:00:00Z", 92: "1815-12-10"},
	}
	got, err := w.Call(t.Context(), account, installed, "12", in)
	want := `{"got":{"born":"1815","count":12,"due":"03/02/2026","name":"7"},"key":"***","shelf":"4"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	in.Fields = map[int64]any{23: map[string]any{"first": "Ink"}}
	if got, err := w.Call(t.Context(), account, installed, "12", in); err != nil || !strings.Contains(string(got), `"name":{"first":"Ink"}`) {
		t.Errorf("an object: %s, %v", got, err)
	}
	in.Fields[25] = "many"
	var e *tandem.Error
	if _, err := w.Call(t.Context(), account, installed, "12", in); !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != "Fields.25" {
		t.Errorf("many: %v", err)
	}
}

// All pages come as one document.
func TestCallPages(t *testing.T) {
	got, err := newWorld(t).Call(t.Context(), account, installed, "11", tandem.MethodInput{})
	want := `{"goods":[{"id":1,"name":"Ink"},{"id":12345678901234567,"name":""},{"id":"c","name":"Pen"}],"total":3}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestCallRefuses(t *testing.T) {
	w := newWorld(t)
	ok := map[int64]any{22: "4"}
	for why, c := range map[string]struct {
		method string
		in     tandem.MethodInput
		code   tandem.Code
		field  string
	}{
		"neither integer nor GUID":  {"Add", tandem.MethodInput{}, tandem.Invalid, "method"},
		"no such id":                {"99", tandem.MethodInput{}, tandem.NotFound, ""},
		"no such GUID":              {tandem.NewGUID(), tandem.MethodInput{}, tandem.NotFound, ""},
		"a webhook":                 {"13", tandem.MethodInput{}, tandem.Invalid, "method"},
		"unknown parameter":         {"12", tandem.MethodInput{Parameters: map[int64]any{99: 1}}, tandem.Invalid, "Parameters.99"},
		"unknown field":             {"12", tandem.MethodInput{Parameters: ok, Fields: map[int64]any{99: 1}}, tandem.Invalid, "Fields.99"},
		"another method's field":    {"12", tandem.MethodInput{Parameters: ok, Fields: map[int64]any{91: 1}}, tandem.Invalid, "Fields.91"},
		"a parameter missing":       {"12", tandem.MethodInput{Fields: map[int64]any{23: "x"}}, tandem.Invalid, ""},
		"the third party refuses":   {"12", tandem.MethodInput{Parameters: map[int64]any{22: "full"}, Fields: map[int64]any{23: "x"}}, tandem.Invalid, ""},
		"one field inside of other": {"12", tandem.MethodInput{Parameters: ok, Fields: map[int64]any{23: "x", 90: "y", 24: map[string]any{}}}, "", ""},
	} {
		_, err := w.Call(t.Context(), account, installed, c.method, c.in)
		var e *tandem.Error
		if errors.As(err, &e); tandem.ErrorCode(err) != c.code || e != nil && e.Field != c.field {
			t.Errorf("%s: %v, want %q about %q", why, err, c.code, c.field)
		}
	}
	if _, err := w.Call(t.Context(), account+1, installed, "12", tandem.MethodInput{}); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("another account's: %v", err)
	}
}

func TestTest(t *testing.T) {
	w := newWorld(t)
	in := tandem.MethodInput{Parameters: map[int64]any{22: "4"}, Fields: map[int64]any{23: "Ink"}}
	got, err := w.Test(t.Context(), account, installed, "12", in)
	if err != nil || !got.Success || got.StatusCode != 200 || got.Request.URL != w.url+"/goods/4" || got.Request.Headers["Authorization"] != "***" {
		t.Errorf("%+v, %v", got, err)
	}
	in.Parameters[22] = "full"
	got, err = w.Test(t.Context(), account, installed, "12", in)
	if err != nil || got.Success || got.StatusCode != 409 || got.Short != tandem.IncidentNotCalled || string(got.Response.Body) != "no room\n" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLookup(t *testing.T) {
	w := newWorld(t)
	got, err := w.Lookup(t.Context(), account, installed, 31, tandem.MethodInput{})
	want := []connector.Choice{{Value: "1", Label: "Ink"}, {Value: "12345678901234567", Label: "12345678901234567"}, {Value: "c", Label: "Pen"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	for _, trigger := range []int64{32, 99} {
		if _, err := w.Lookup(t.Context(), account, installed, trigger, tandem.MethodInput{}); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("trigger %d: %v", trigger, err)
		}
	}
}
