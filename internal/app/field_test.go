package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// shopMethods are of a connector whose accounts have fields of their own.
const shopMethods = `[
	{"Name":"Describe","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000001","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/fields","ResponseDataType":"Json",
		"Parameters":[{"Name":"List","TargetType":"QueryString","Optional":true}]},
	{"Name":"Get","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000002","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/contact","ResponseDataType":"Json"},
	{"Name":"Add","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000003","MethodType":"Action","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/contacts","RequestDataType":"Json","ResponseDataType":"Json",
		"Parameters":[{"Name":"List","TargetType":"QueryString","Optional":true}],
		"RequestFields":[{"ConnectorField":"email","Optional":true}],"ResponseFields":[{"ConnectorField":"id","DataType":"Integer"}],
		"RequestFieldSource":{"Method":"Describe","Enhanced":true,"Items":"fields"},"ResponseFieldSource":{"Method":"Get"}},
	{"Name":"Added","MethodUniqueIdentifier":"7d000000-0000-4000-8000-000000000004","MethodType":"Webhook","ResponseDataType":"Json"}]`

const addMethod, addedMethod = "7d000000-0000-4000-8000-000000000003", "7d000000-0000-4000-8000-000000000004"

// shop is a third party that tells of its fields, and says what it was sent.
type shop struct {
	url  string
	tell atomic.Pointer[string]
	sent chan string
}

func newShop(t *testing.T) *shop {
	s := &shop{sent: make(chan string, 10)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /fields", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("List") == "lost" {
			http.Error(w, "no such list", http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, *s.tell.Load())
	})
	mux.HandleFunc("GET /contact", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":1,"properties":{"shoe size":42,"born":"1990-02-03"}}`)
	})
	mux.HandleFunc("POST /contacts", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.sent <- string(body)
		_, _ = io.WriteString(w, `{"id":1,"properties":{"shoe size":42}}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL
	s.says(`{"fields":[{"cyclr_field_location":"properties.shoe","cyclr_display_name":"Shoe size","cyclr_data_type":2},
		{"cyclr_field_location":"source","cyclr_is_hidden":true,"cyclr_default_value":"tandem"},{"cyclr_field_location":"created","cyclr_is_readonly":true},{"cyclr_data_type":1}]}`)
	return s
}

func (s *shop) says(fields string) { s.tell.Store(&fields) }

// a partner's connector, live.
func (r *running) custom(t *testing.T, name string, parts map[string]any) (id int64) {
	t.Helper()
	document := map[string]any{
		"Name": name, "UniqueIdentifier": tandem.NewGUID(), "ReleaseStatus": "Live",
		"Parameters": []any{map[string]any{"Name": "BaseUrl", "TargetType": "MergeField", "AccountConnectorProperty": true}},
	}
	for name, v := range parts {
		document[name] = v
	}
	var made struct {
		ID          int64 `json:"Id"`
		Unsupported []string
	}
	if err := r.acme.Account("books").Do(t.Context(), http.MethodPost, "/account/connectors/custom", document, &made); err != nil || len(made.Unsupported) > 0 {
		t.Fatalf("%v, %q", err, made.Unsupported)
	}
	return made.ID
}

type discovery struct {
	New, Kept, Gone []tandem.CustomField
	LeftOut         []string
}

func (d discovery) locations() string {
	text := func(all []tandem.CustomField) string {
		var b strings.Builder
		for _, f := range all {
			b.WriteString(" " + f.ConnectorField + ":" + string(f.DataType))
		}
		return b.String()
	}
	return "new" + text(d.New) + "; kept" + text(d.Kept) + "; gone" + text(d.Gone)
}

// Custom fields are discovered, of descriptions and of samples, and then are like
// any others: in calls at once, in steps, and in what comes back.
func TestDiscoveredFields(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r, s := start(t, config(t, database)), newShop(t)
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "books", Name: "Books"}); err != nil {
			t.Fatal(err)
		}
		books := r.acme.Account("books")
		do := func(method, path string, body, out any) {
			t.Helper()
			if err := books.Do(t.Context(), method, path, body, out); err != nil {
				t.Fatalf("%s %s: %v", method, path, err)
			}
		}
		connector := r.custom(t, "Shop", map[string]any{"Methods": json.RawMessage(shopMethods)})
		var in struct {
			ID int64 `json:"Id"`
		}
		do("POST", fmt.Sprintf("/connectors/%d/install", connector), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": s.url}}}, &in)
		own := fmt.Sprintf("/account/connectors/%d", in.ID)

		found := func(path string, body any, want string) (d discovery) {
			t.Helper()
			do("POST", own+path, body, &d)
			if got := d.locations(); got != want {
				t.Errorf("%s %v: got %s, want %s", path, body, got, want)
			}
			return d
		}
		requests := map[string]any{"Method": addMethod, "ForRequestFormat": true}
		first := found("/fields/discover", requests, "new properties.shoe:Integer source:Undefined created:Undefined; kept; gone")
		if diff := cmp.Diff([]string{"item 4: cyclr_field_location: location is empty"}, first.LeftOut); diff != "" {
			t.Error(diff)
		}
		found("/fields/discover", map[string]any{"Method": addMethod}, "new properties.born:DateTime properties.['shoe size']:Integer; kept; gone")
		s.says(`{"fields":[{"cyclr_field_location":"properties.shoe","cyclr_data_type":1},{"cyclr_field_location":"hat"},{"cyclr_field_location":"email"}]}`)
		found("/fields/discover", requests, "new hat:Undefined; kept properties.shoe:Integer; gone source:Undefined created:Undefined")
		found("/fields/sample", map[string]any{"Method": addMethod, "ForRequestFormat": true, "Sample": "{'hat':'x','vip':true,'size':2.0}"}, "new size:Float vip:Boolean; kept hat:Undefined; gone")

		for body, want := range map[string]string{
			`{"Method":"7d000000-0000-4000-8000-000000000002"}`: `Method "Get" does not say how its custom fields are discovered.`,
			`{"Method":"nonsense"}`:                             `method: "nonsense" is neither an integer nor a GUID`,
			`{"Method":"7d000000-0000-4000-8000-000000000003","ForRequestFormat":true,"Parameters":{"List":"lost"}}`: "404",
		} {
			err := books.Do(t.Context(), "POST", own+"/fields/discover", json.RawMessage(body), nil)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", body, err, want)
			}
		}

		// On demand: text is made a number, the hidden one has its default, what is only
		// to be read is not sent.
		var answer map[string]any
		do("POST", own+"/methods/"+addMethod, map[string]any{"Fields": map[string]any{fmt.Sprint(first.New[0].ID): "41", fmt.Sprint(first.New[2].ID): "now"}}, &answer)
		if got, want := <-s.sent, `{"properties":{"shoe":41},"source":"tandem"}`; got != want {
			t.Errorf("on demand: got %s, want %s", got, want)
		}
		r.mapDiscovered(t, books, in.ID, s)
	})
}

// mapDiscovered maps a discovered field in a step, and runs it.
func (r *running) mapDiscovered(t *testing.T, books *client.Client, installed int64, s *shop) {
	do := func(method, path string, body, out any) {
		t.Helper()
		if err := books.Do(t.Context(), method, path, body, out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	var c, hook, add struct {
		ID         string `json:"Id"`
		WebhookURL string `json:"WebhookUrl"`
	}
	do("POST", "/cycles", map[string]any{"Name": "Shoes"}, &c)
	step := func(kind, method string, out any) {
		do("POST", "/cycles/"+c.ID+"/steps", map[string]any{"ActionType": kind, "AccountConnector": installed, "Method": method}, out)
	}
	step("Webhook", addedMethod, &hook)
	step("Action", addMethod, &add)
	do("POST", "/cycles/"+c.ID+"/edges", map[string]any{"HeadStepId": hook.ID, "TailStepId": add.ID}, nil)
	s.says(`{"fields":[{"cyclr_field_location":"gloves","cyclr_data_type":4}]}`)
	var targets []struct {
		Field struct {
			ID             int64 `json:"Id"`
			ConnectorField string
		}
	}
	do("POST", "/steps/"+add.ID+"/fieldmappings/lookup", nil, &targets)
	ids := map[string]int64{}
	for _, f := range targets {
		ids[f.Field.ConnectorField] = f.Field.ID
	}
	if len(ids) != 6 || ids["gloves"] == 0 || ids["properties.shoe"] == 0 || ids["source"] != 0 || ids["created"] != 0 {
		t.Fatalf("what can be mapped: %v", ids)
	}
	targets = nil
	if do("GET", "/steps/"+add.ID+"/fieldsformapping", nil, &targets); len(targets) != 6 {
		t.Errorf("fields for mapping: %+v", targets)
	}
	mapped := func(field, location string) {
		do("PUT", fmt.Sprintf("/steps/%s/fieldmappings/%d", add.ID, ids[field]), map[string]any{"MappingType": "StepOutput", "SourceStepId": hook.ID, "SourceField": location}, nil)
	}
	mapped("properties.shoe", "size")
	mapped("gloves", "cold")
	do("PUT", "/cycles/"+c.ID+"/activate", nil, nil)
	do("GET", "/steps/"+hook.ID, nil, &hook)
	res, err := http.Post(hook.WebhookURL, "application/json", strings.NewReader(`{"size":"43","cold":"true"}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got, want := <-s.sent, `{"gloves":true,"properties":{"shoe":43},"source":"tandem"}`; got != want {
		t.Errorf("by a step: got %s, want %s", got, want)
	}
}
