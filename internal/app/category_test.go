package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/client"
)

const objectParts = `{
	"MethodCategories":[{"Name":"Objects","ObjectTrigger":"Types"}],
	"Triggers":[{"Name":"Types","Method":"List types","IdentifierKey":"[].name","HumanReadableKey":"[].label"}],
	"Methods":[
		{"Name":"List types","MethodUniqueIdentifier":"7c000000-0000-4000-8000-000000000001","MethodType":"Action","HttpMethod":"GET","EndPoint":"{{BaseUrl}}/types","ResponseDataType":"Json"},
		{"Name":"Add","Category":"Objects","MethodUniqueIdentifier":"7c000000-0000-4000-8000-000000000002","MethodType":"Action","HttpMethod":"POST","EndPoint":"{{BaseUrl}}/objects/{{CyclrObjectName | lower}}",
			"RequestDataType":"Json","ResponseDataType":"Json","Parameters":[{"Name":"kind","TargetType":"QueryString","Value":"{{CyclrObjectName}}"}],
			"RequestFields":[{"ConnectorField":"name","Optional":true},{"ConnectorField":"type","Hidden":true,"Optional":true,"Default":"{{CyclrObjectName}}"}]},
		{"Name":"Came","MethodUniqueIdentifier":"7c000000-0000-4000-8000-000000000003","MethodType":"Webhook","ResponseDataType":"Json"}]}`

// A category is copied for an object type: its methods are called for that, by steps
// and at once, and go with a template to other accounts.
func TestCategoryCopies(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		url, sent := newObjects(t)
		accounts := map[string]*client.Client{}
		for _, id := range []string{"books", "ink"} {
			if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: id, Name: id}); err != nil {
				t.Fatal(err)
			}
			accounts[id] = r.acme.Account(id)
		}
		do := func(account, method, path string, body, out any) {
			t.Helper()
			if err := accounts[account].Do(t.Context(), method, path, body, out); err != nil {
				t.Fatalf("%s %s: %v", method, path, err)
			}
		}
		var parts map[string]any
		if err := json.Unmarshal([]byte(objectParts), &parts); err != nil {
			t.Fatal(err)
		}
		type made struct {
			ID json.RawMessage `json:"Id"`
		}
		text := func(m made) string { return strings.Trim(string(m.ID), `"`) }
		connector := r.custom(t, "Objects", parts)
		install := func(account string) string {
			var in made
			do(account, "POST", fmt.Sprintf("/connectors/%d/install", connector), map[string]any{"Properties": []any{map[string]string{"Name": "BaseUrl", "Value": url}}}, &in)
			return "/account/connectors/" + text(in)
		}
		own := install("books")
		w := copier{t, r, do, install, nil}
		w.offered(own, accounts["books"])
		var copied, again made
		do("books", "POST", own+"/categories", map[string]string{"Category": "Objects", "ObjectName": "Deal"}, &copied)
		do("books", "POST", own+"/categories", map[string]string{"Category": "Objects", "ObjectName": "Deal"}, &again)
		if text(copied) != text(again) {
			t.Errorf("copied twice: %s, %s", copied.ID, again.ID)
		}
		var methods []struct {
			ID            int64 `json:"Id"`
			Name          string
			RequestFields []struct {
				ID int64 `json:"Id"`
			}
		}
		if do("books", "GET", own+"/methods", nil, &methods); len(methods) != 4 || methods[3].Name != "Add (Deal)" {
			t.Fatalf("%+v", methods)
		}
		add := methods[3]
		do("books", "POST", fmt.Sprintf("%s/methods/%d", own, add.ID), map[string]any{"Fields": map[string]string{fmt.Sprint(add.RequestFields[0].ID): "Big"}}, nil)
		const want = `/objects/deal?kind=Deal {"name":"Big","type":"Deal"}`
		if got := <-sent; got != want {
			t.Errorf("on demand: got %s, want %s", got, want)
		}

		var cycle, hook, step made
		do("books", "POST", "/cycles", map[string]any{"Name": "Deals"}, &cycle)
		install2 := strings.TrimPrefix(own, "/account/connectors/")
		do("books", "POST", "/cycles/"+text(cycle)+"/steps", map[string]any{"ActionType": "Webhook", "AccountConnector": install2, "Method": "7c000000-0000-4000-8000-000000000003"}, &hook)
		do("books", "POST", "/cycles/"+text(cycle)+"/steps", map[string]any{"ActionType": "Action", "AccountConnector": install2, "Method": add.ID}, &step)
		do("books", "POST", "/cycles/"+text(cycle)+"/edges", map[string]any{"HeadStepId": hook.ID, "TailStepId": step.ID}, nil)
		do("books", "PUT", fmt.Sprintf("/steps/%s/fieldmappings/%d", text(step), add.RequestFields[0].ID), map[string]string{"MappingType": "StaticValue", "Value": "Big"}, nil)
		run := func(account, cycle string) {
			t.Helper()
			do(account, "PUT", "/cycles/"+cycle+"/activate", nil, nil)
			var steps []struct {
				WebhookURL string `json:"WebhookUrl"`
			}
			do(account, "GET", "/cycles/"+cycle+"/steps", nil, &steps)
			res, err := http.Post(steps[0].WebhookURL, "application/json", strings.NewReader(`{}`))
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if got := <-sent; got != want {
				t.Errorf("by a step of %s: got %s, want %s", account, got, want)
			}
		}
		run("books", text(cycle))
		if err := accounts["books"].Do(t.Context(), "DELETE", own+"/categories/"+text(copied), nil, nil); err == nil || !strings.Contains(err.Error(), `The category is in use by the cycle "Deals".`) {
			t.Errorf("deleted while used: %v", err)
		}

		w.run = run
		w.elsewhere(text(cycle), text(copied), add.RequestFields[0].ID)

		do("books", "PUT", "/cycles/"+text(cycle)+"/deactivate", nil, nil)
		do("books", "DELETE", "/cycles/"+text(cycle), nil, nil)
		do("books", "DELETE", own+"/categories/"+text(copied), nil, nil)
		if err := accounts["books"].Do(t.Context(), "DELETE", own+"/categories/"+text(copied), nil, nil); err == nil || !strings.Contains(err.Error(), "not_found") {
			t.Errorf("deleted twice: %v", err)
		}
	})
}

// copier is a world in which categories are copied.
type copier struct {
	t       *testing.T
	r       *running
	do      func(account, method, path string, body, out any)
	install func(account string) string
	run     func(account, cycle string)
}

// elsewhere takes a cycle with a copy by a template to another account.
func (w copier) elsewhere(cycle, copied string, field int64) {
	var categories []struct {
		Copies []struct {
			ID int64 `json:"Id"`
		}
	}
	var template struct {
		ID       string `json:"Id"`
		DraftID  string `json:"DraftReleaseId"`
		Template struct {
			ID      string `json:"Id"`
			DraftID string `json:"DraftReleaseId"`
		}
	}
	w.do("books", "POST", "/cycles/"+cycle+"/copytotemplate", map[string]string{"Name": "Deals"}, &template)
	if template.ID == "" {
		template.ID, template.DraftID = template.Template.ID, template.Template.DraftID
	}
	if err := w.r.acme.Do(w.t.Context(), "POST", "/templates/"+template.ID+"/releases/"+template.DraftID+"/promote", nil, nil); err != nil {
		w.t.Fatal(err)
	}
	other := w.install("ink")
	var second struct {
		ID string `json:"Id"`
	}
	w.do("ink", "POST", "/templates/"+template.ID+"/install", nil, &second)
	if w.do("ink", "GET", other+"/categories", nil, &categories); len(categories) != 1 || len(categories[0].Copies) != 1 || fmt.Sprint(categories[0].Copies[0].ID) != copied {
		w.t.Errorf("in the other account: %+v", categories)
	}
	var steps []struct{ ID, Name string }
	w.do("ink", "GET", "/cycles/"+second.ID+"/steps", nil, &steps)
	w.do("ink", "PUT", fmt.Sprintf("/steps/%s/fieldmappings/%d", steps[1].ID, field), map[string]string{"MappingType": "StaticValue", "Value": "Big"}, nil)
	w.run("ink", second.ID)
}

// offered looks at what can be copied, and at what cannot.
func (w copier) offered(own string, books *client.Client) {
	type category struct {
		Name    string
		Objects []struct{ Name, Value string }
		Copies  []struct {
			ID         int64 `json:"Id"`
			ObjectName string
		}
	}
	var categories []category
	if w.do("books", "GET", own+"/categories", nil, &categories); len(categories) != 1 || len(categories[0].Objects) != 2 || categories[0].Objects[0].Value != "Deal" || len(categories[0].Copies) != 0 {
		w.t.Errorf("what can be copied: %+v", categories)
	}
	for body, want := range map[string]string{
		`{"Category":"Else","ObjectName":"Deal"}`: `Category: "Else" is none that can be copied.`,
		`{"Category":"Objects","ObjectName":""}`:  "ObjectName is required",
	} {
		if err := books.Do(w.t.Context(), "POST", own+"/categories", json.RawMessage(body), nil); err == nil || !strings.Contains(err.Error(), want) {
			w.t.Errorf("%s: %v", body, err)
		}
	}
}

// newObjects is a third party with types of objects, which says what it was sent.
func newObjects(t *testing.T) (url string, _ <-chan string) {
	sent := make(chan string, 10)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /types", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `[{"name":"Deal","label":"Deals"},{"name":"Case","label":"Cases"}]`)
	})
	mux.HandleFunc("POST /objects/{type}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent <- r.URL.String() + " " + string(body)
		_, _ = io.WriteString(w, `{}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, sent
}
