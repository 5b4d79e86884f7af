package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// installed makes an account with the sample CRM, and gives its installation.
func (w *world) installed(account string) (in struct {
	ID         int64 `json:"Id"`
	AuthValue  *string
	Connector  struct{ Name, Version, Icon string }
	Properties []struct{ Name, Value string }
},
) {
	w.t.Helper()
	w.account(account, "")
	w.ok(call{
		method: "POST", path: "/v1.0/connectors/bookshelf%20crm/1.0/install", account: account,
		body: `{"Name":"CRM","AuthValue":"secret key","Properties":[{"Name":"BaseUrl","Value":"http://crm.test"}]}`,
	}, &in)
	return in
}

func TestConnectors(t *testing.T) {
	w := newWorld(t, api.Options{})
	var all []struct {
		ID         int64 `json:"Id"`
		Name, Icon string
		Categories []string
	}
	w.ok(call{method: "GET", path: "/v1.0/connectors?query=bookshelf"}, &all)
	if len(all) != 1 || all[0].Name != "Bookshelf CRM" || !strings.HasPrefix(all[0].Icon, "data:image/png;base64,") || len(all[0].Categories) != 1 {
		t.Fatalf("library: %+v", all)
	}
	var byID struct{ Name string }
	w.ok(call{method: "GET", path: fmt.Sprint("/v1.0/connectors/", all[0].ID)}, &byID)
	var versions []struct{ Version string }
	w.ok(call{method: "GET", path: "/v1.0/connectors/Bookshelf%20CRM"}, &versions)
	if byID.Name != "Bookshelf CRM" || len(versions) != 1 || versions[0].Version != "1.0" {
		t.Errorf("by id %+v, by name %+v", byID, versions)
	}
	var methods []struct {
		ID   int64 `json:"Id"`
		Name string
	}
	w.ok(call{method: "GET", path: "/v1.0/connectors/Bookshelf%20CRM/1.0/methods/?query=contact"}, &methods)
	if len(methods) < 3 || methods[0].Name > methods[1].Name {
		t.Fatalf("methods: %+v", methods)
	}
	var method struct{ MethodUniqueIdentifier, HttpMethod string }
	w.ok(call{method: "GET", path: fmt.Sprint("/v1.0/methods/", methods[0].ID)}, &method)
	if method.MethodUniqueIdentifier == "" || method.HttpMethod == "" {
		t.Errorf("method: %+v", method)
	}
	w.fails(call{method: "GET", path: "/v1.0/connectors/999999"}, 404, "")
	if a := w.ok(call{method: "GET", path: "/v1.0/connectors/None"}, nil); strings.TrimSpace(a.body) != "[]" {
		t.Errorf("unknown name: %s", a.body)
	}
}

func TestAccountConnectors(t *testing.T) {
	w := newWorld(t, api.Options{})
	in := w.installed("books")
	if in.AuthValue == nil || *in.AuthValue != "secret key" || in.Connector.Name != "Bookshelf CRM" || len(in.Properties) != 1 || in.Properties[0].Value != "http://crm.test" {
		t.Errorf("just installed: %+v", in)
	}
	path := fmt.Sprint("/v1.0/account/connectors/", in.ID)
	var got struct {
		AuthValue                *string
		Authenticated, Inherited bool
		AuthenticationState      string
	}
	w.ok(call{method: "GET", path: path, account: "books"}, &got)
	if *got.AuthValue != "***" || !got.Authenticated || got.Inherited {
		t.Errorf("read: %+v", got)
	}
	w.account("brighton", "books")
	w.ok(call{method: "GET", path: path, account: "brighton"}, &got)
	got.AuthValue = nil
	w.ok(call{method: "GET", path: path, account: "brighton"}, &got)
	if !got.Inherited || !got.Authenticated || got.AuthValue != nil {
		t.Errorf("inherited: %+v", got)
	}
	w.fails(call{method: "PUT", path: path, account: "brighton", body: `{"Name":"x"}`}, 404, "")
	w.ok(call{method: "PUT", path: path, account: "books", body: `{"AuthValue":"new key"}`}, &got)
	if *got.AuthValue != "new key" {
		t.Errorf("just set: %+v", got)
	}
	var said struct{ Message string }
	w.ok(call{method: "PUT", path: path + "/deauthenticate", account: "books"}, &said)
	if said.Message != "Connector 'CRM' successfully de-authenticated." {
		t.Errorf("said %q", said.Message)
	}
	install := call{method: "POST", path: "/v1.0/connectors/Bookshelf%20CRM/install", account: "books"}
	install.body = `{"Properties":[{"Name":"Nothing","Value":"x"}]}`
	w.fails(install, 400, "There is not a connector property that matches name 'Nothing'.")
	w.ok(call{method: "DELETE", path: path, account: "books"}, nil)
	w.fails(call{method: "GET", path: path, account: "books"}, 404, "")
}

type stepJSON struct {
	ID         string `json:"Id"`
	Name       string
	ActionType string
	Method     *struct{ MethodUniqueIdentifier string }

	AccountConnector *struct {
		ID int64 `json:"Id"`
	}

	WebhookURL string `json:"WebhookUrl"`
}

// built makes a cycle of a webhook, a method and what is between them.
func (w *world) built(account string) (cycle string, hook, action stepJSON) {
	w.t.Helper()
	in := w.installed(account)
	var made struct{ Id, Status, LastSuccessfulRunDate string }
	if a := w.ok(call{method: "POST", path: "/v1.0/cycles", account: account, body: `{"Name":"New contact"}`}, &made); a.status != 201 {
		w.t.Errorf("status %d", a.status)
	}
	if made.Status != "Paused" || made.LastSuccessfulRunDate != "0001-01-01T00:00:00" {
		w.t.Errorf("made: %+v", made)
	}
	steps := "/v1.0/cycles/" + made.Id + "/steps"
	w.ok(call{
		method: "POST", path: steps, account: account,
		body: fmt.Sprintf(`{"ActionType":2,"AccountConnectorId":%d,"Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}`, in.ID),
	}, &hook)
	w.ok(call{
		method: "POST", path: steps, account: account,
		body: fmt.Sprintf(`{"Name":"Get","ActionType":"action","AccountConnector":{"Id":%d},"Method":{"MethodUniqueIdentifier":"0C2365CA-70aa-4f85-9837-5777fba21f37"},"DisplayPositionLeft":"8"}`, in.ID),
	}, &action)
	w.ok(call{
		method: "POST", path: "/v1.0/cycles/" + made.Id + "/edges", account: account,
		body: fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, strings.ToUpper(hook.ID), action.ID),
	}, nil)
	return made.Id, hook, action
}

func TestCycle(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, action := w.built("books")
	path := "/v1.0/cycles/" + cycle
	if hook.Name != "New Contact" || hook.ActionType != "Webhook" || !strings.HasPrefix(hook.WebhookURL, "http://service.test/") {
		t.Errorf("webhook step: %+v", hook)
	}
	if action.WebhookURL != "" || action.Method == nil || action.Method.MethodUniqueIdentifier != "0c2365ca-70aa-4f85-9837-5777fba21f37" {
		t.Errorf("action step: %+v", action)
	}
	var steps []stepJSON
	w.ok(call{method: "GET", path: path + "/steps?filter=action", account: "books"}, &steps)
	if len(steps) != 1 || steps[0].ID != action.ID {
		t.Errorf("actions: %+v", steps)
	}
	activate := call{method: "PUT", path: path + "/activate", account: "books"}
	var missing struct{ Prerequisites []tandem.Prerequisite }
	if a := w.do(activate); a.status != 400 || json.Unmarshal([]byte(a.body), &missing) != nil || len(missing.Prerequisites) == 0 {
		t.Errorf("activated with a parameter missing: %d %s", a.status, a.body)
	}
	w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/prerequisites", account: "books"}, &missing.Prerequisites)
	if len(missing.Prerequisites) == 0 || missing.Prerequisites[0].ReasonCode != tandem.ReasonParameter {
		t.Errorf("prerequisites of the step: %+v", missing.Prerequisites)
	}
	w.mapParameter(hook, action)
	var active struct {
		Status     string
		Connectors []struct {
			StepCount     int
			Authenticated bool
		}
	}
	w.ok(activate, &active)
	if active.Status != "Running" || len(active.Connectors) != 1 || active.Connectors[0].StepCount != 2 || !active.Connectors[0].Authenticated {
		t.Errorf("active: %+v", active)
	}
	var listed []map[string]any
	w.ok(call{method: "GET", path: "/v1.0/cycles?includeIcons=true", account: "books"}, &listed)
	used := listed[0]["Connectors"].([]any)[0].(map[string]any)
	if used["Authenticated"] != true || used["Id"] == nil || !strings.HasPrefix(fmt.Sprint(used["Icon"]), "data:") {
		t.Errorf("connector of a listed cycle: %v", used)
	}
	for query, want := range map[string]int{
		"connectorName=bookshelf%20crm": 1, "connectorName=Bookshelf%20CRM&connectorVersion=1.0": 1, "connectorVersion=1.0": 1,
		"connectorVersion=2.0": 0, "connectorName=bookshelf%20crm&connectorVersion=2.0": 0, "connectorName=bookshelf": 0,
	} {
		if w.ok(call{method: "GET", path: "/v1.0/cycles?" + query, account: "books"}, &listed); len(listed) != want {
			t.Errorf("%s: %d cycles, want %d", query, len(listed), want)
		}
	}
	w.fails(call{method: "PUT", path: path, account: "books", body: `{"Name":"x"}`}, 409, "")
	w.fails(call{method: "DELETE", path: path, account: "books"}, 409, "")
	w.ok(call{method: "PUT", path: path + "/deactivate?finishQueuedTransactions=false", account: "books"}, &active)
	if active.Status != "Paused" {
		t.Errorf("stopped: %+v", active)
	}
	w.ok(call{method: "DELETE", path: path + "/steps/" + hook.ID, account: "books"}, nil)
	if a := w.ok(call{method: "GET", path: path + "/edges", account: "books"}, nil); strings.TrimSpace(a.body) != "[]" {
		t.Errorf("edges of a deleted step: %s", a.body)
	}
	w.ok(call{method: "DELETE", path: path, account: "books"}, nil)
	w.fails(call{method: "GET", path: path, account: "books"}, 404, "")
}

// mapParameter fills the parameter of action from a field of hook, and leaves it
// filled with text.
func (w *world) mapParameter(hook, action stepJSON) {
	w.t.Helper()
	path := "/v1.0/steps/" + action.ID + "/parameters"
	var all []struct {
		Parameter struct {
			ID   int64 `json:"Id"`
			Name string
		}
		MappingType string
	}
	w.ok(call{method: "GET", path: path, account: "books"}, &all)
	if len(all) != 1 || all[0].Parameter.Name != "ContactId" || all[0].MappingType != "Ignore" {
		w.t.Fatalf("parameters: %+v", all)
	}
	path += fmt.Sprint("/", all[0].Parameter.ID)
	w.fails(call{method: "PUT", path: path, account: "books", body: `{"MappingType":"Guess"}`}, 400, `MappingType: "Guess" is not known: want one of [Ignore StaticValue ValueList StepOutput Variable Trigger]`)
	w.fails(call{method: "GET", path: path + "0", account: "books"}, 404, "")
	var got struct {
		SourceFieldID *int64 `json:"SourceFieldId"`
		Value         *string
	}
	w.ok(call{method: "PUT", path: path, account: "books", body: fmt.Sprintf(`{"MappingType":"StepOutput","SourceStepId":%q,"SourceField":"id"}`, hook.ID)}, &got)
	if got.SourceFieldID == nil {
		w.t.Fatalf("mapped by location: %+v", got)
	}
	w.ok(call{method: "POST", path: path, account: "books", body: fmt.Sprintf(`{"MappingType":"StepOutput","SourceStepId":%q,"SourceFieldId":"%d"}`, hook.ID, *got.SourceFieldID)}, nil)
	w.ok(call{method: "PUT", path: path, account: "books", body: `{"MappingType":"StaticValue","Value":7}`}, &got)
	if got.Value == nil || *got.Value != "7" || got.SourceFieldID != nil {
		w.t.Errorf("mapped to a number: %+v", got)
	}
}

func TestCycleSettings(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	make := call{method: "POST", path: "/v1.0/cycles", account: "books"}
	make.body = `{"name":"x","shareable":"True","logStepDataRequests":true,"TAGS":["a"]}`
	var c map[string]any
	w.ok(make, &c)
	if c["Shareable"] != true || c["LogStepDataRequests"] != true {
		t.Errorf("made: %v", c)
	}
	path := fmt.Sprint("/v1.0/cycles/", c["Id"])
	w.ok(call{method: "PUT", path: path, account: "books", body: c}, nil) // as clients do: what they read, with a change
	w.ok(call{method: "PUT", path: path, account: "books", body: `{"Description":"d"}`}, &c)
	if c["Shareable"] != true || c["Description"] != "d" || fmt.Sprint(c["Tags"]) != "[a]" {
		t.Errorf("a partial change: %v", c)
	}
	w.ok(call{method: "PUT", path: path, account: "books", body: `{"Description":null,"Shareable":null}`}, &c)
	if c["Shareable"] != false || c["Description"] != "" {
		t.Errorf("cleared: %v", c)
	}
}

func TestVariables(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, _, _ := w.built("books")
	path := "/v1.0/cycles/" + cycle + "/variables"
	w.ok(call{method: "POST", path: path, account: "books", body: `{"DisplayName":"List name","Value":"News"}`}, nil)
	w.fails(call{method: "POST", path: path, account: "books", body: `{"SystemName":"listname"}`}, 400, "")
	w.fails(call{method: "PUT", path: path + "/Listname", account: "books", body: `{"MappingType":"Guess"}`}, 400, `MappingType: "Guess" is not known: want one of [Ignore StaticValue ValueList Trigger]`)
	for _, kind := range []string{"StepOutput", "Variable"} {
		w.fails(call{method: "PUT", path: path + "/Listname", account: "books", body: map[string]string{"MappingType": strings.ToLower(kind)}}, 400,
			"MappingType: a variable has one value for the whole cycle, so it cannot be a "+kind+". Map the parameter or field that is to have it.")
	}
	for body, want := range map[string]string{`{"Value":5}`: "5", `{"Value":true,"MappingType":"valuelist"}`: "true", `{"Value":"x","MappingType":"Ignore"}`: ""} {
		var v struct{ Value, MappingType string }
		if w.ok(call{method: "PUT", path: path + "/Listname", account: "books", body: body}, &v); v.Value != want || v.MappingType != "StaticValue" {
			t.Errorf("%s makes it %+v", body, v)
		}
	}
	w.ok(call{method: "PATCH", path: path, account: "books", body: `[{"SystemName":"Listname","Value":"Offers"}]`}, nil)
	var got map[string]any
	w.ok(call{method: "GET", path: path + "/listname", account: "books"}, &got)
	want := map[string]any{"DisplayName": "List name", "SystemName": "Listname", "Value": "Offers", "MappingType": "StaticValue", "IsLaunchVisible": false, "IsLaunchRequired": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	w.ok(call{method: "DELETE", path: path + "/Listname", account: "books"}, nil)
	w.fails(call{method: "GET", path: path + "/Listname", account: "books"}, 404, "")
}

func TestTransactions(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, _ := w.built("books")
	id := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	var all []tandem.Transaction
	w.ok(call{method: "GET", path: "/v1.0/cycles/transactions?status=Queued&before=2100-01-01", account: "books"}, &all)
	if len(all) != 1 || all[0].ID != id {
		t.Fatalf("transactions: %+v", all)
	}
	var items []map[string]any
	a := w.ok(call{method: "GET", path: "/v1.0/cycles/" + cycle + "/transactions/" + id.String(), account: "books"}, &items)
	if len(items) != 1 || items[0]["StepName"] != "New Contact" || items[0]["Outcome"] != "Success" {
		t.Fatalf("items: %s", a.body)
	}
	if !strings.Contains(a.body, `"Body":{"n":12345678901234567890}`) || !strings.Contains(a.body, `"Body":"not <json>"`) {
		t.Errorf("bodies: %s", a.body)
	}
	w.fails(call{method: "GET", path: "/v1.0/cycles/" + cycle + "/transactions/" + tandem.NewGUID(), account: "books"}, 404, "")
	w.fails(call{method: "GET", path: "/v1.0/cycles/transactions?status=Lost", account: "books"}, 400, "")
	for _, path := range []string{"/v1.0/cycles/incidents/error", "/v1.0/cycles/incidents/warning", "/v1.0/cycles/" + cycle + "/incidents"} {
		if a := w.ok(call{method: "GET", path: path, account: "books"}, nil); strings.TrimSpace(a.body) != "[]" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	w.ok(call{method: "DELETE", path: "/v1.0/cycles/" + cycle + "/incidents", account: "books"}, nil)
}

func TestTemplates(t *testing.T) {
	w := newWorld(t, api.Options{})
	file := `{"Format":"tandem-template/1","Name":"Hook","Tags":["x"],"Graph":{"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}],
		"Steps":[{"Id":"1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b01","Name":"New","ActionType":2,"Connector":"crm","Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}],"Edges":[]}}`
	var made struct{ Id string }
	w.ok(call{method: "POST", path: "/v1.0/templates/import", body: file}, &made)
	for message, c := range map[string]call{
		"Failed to import template.":                  {body: "nonsense"},
		"Folder ID is invalid.":                       {path: "?folderid=x"},
		"Folder with provided ID could not be found.": {path: "?folderid=" + tandem.NewGUID()},
	} {
		c.method, c.path = "POST", "/v1.0/templates/import"+c.path
		w.fails(c, 400, message)
	}
	w.fails(call{method: "POST", path: "/v1.0/templates/import"}, 400, "Failed to import template.")
	unknown := w.do(call{method: "POST", path: "/v1.0/templates/import", body: `{"Format":"tandem-template/1","Name":"x","Graph":{"Stepz":[]}}`})
	if !strings.Contains(unknown.body, `"Message":"Failed to import template.","ModelState":{"Stepz":["Stepz: a template file has no such property."]}`) {
		t.Errorf("an unknown property: %s", unknown.body)
	}
	bad := w.do(call{method: "POST", path: "/v1.0/templates/import", body: strings.Replace(file, "60ba8d11", "00000000", 1)})
	if !strings.Contains(bad.body, `"Graph.Steps[0].Method":["Graph.Steps[0].Method: Connector Bookshelf CRM 1.0 has no method`) {
		t.Errorf("the reason is not told: %s", bad.body)
	}
	var back tandem.TemplateFile
	w.ok(call{method: "GET", path: "/v1.0/templates/" + made.Id + "/export"}, &back)
	if back.Name != "Hook" || len(back.Graph.Steps) != 1 {
		t.Errorf("exported: %+v", back)
	}
	var listed []struct {
		Id         string
		Connectors []struct {
			ID   int64 `json:"Id"`
			Icon string
		}
	}
	for query, want := range map[string]int{"": 1, "?connectorName=bookshelf%20crm&connectorVersion=1.0&tag=X": 1, "?connectorVersion=1": 0} {
		if w.ok(call{method: "GET", path: "/v1.0/templates" + query}, &listed); len(listed) != want {
			t.Errorf("%s: %d templates, want %d", query, len(listed), want)
		}
	}
	for query, want := range map[string]bool{"": false, "?includeIcons=True": true} {
		listed = nil // what is decoded into it keeps what the answer leaves out
		w.ok(call{method: "GET", path: "/v1.0/templates" + query}, &listed)
		if used := listed[0].Connectors[0]; used.ID == 0 || strings.HasPrefix(used.Icon, "data:image/png") != want {
			t.Errorf("connector of a template%s: %+v", query, used)
		}
	}
	w.account("books", "")
	var cycle struct {
		Status     string
		TemplateID string `json:"TemplateId"`
		Connectors []struct{ Name string }
	}
	w.ok(call{method: "POST", path: "/v1.0/templates/" + made.Id + "/install", account: "books"}, &cycle)
	if cycle.Status != "Paused" || cycle.TemplateID != made.Id || len(cycle.Connectors) != 1 {
		t.Errorf("installed: %+v", cycle)
	}
}

func TestLive(t *testing.T) {
	closing := make(chan struct{})
	w := newWorld(t, api.Options{Poll: 5 * time.Millisecond, Heartbeat: 20 * time.Millisecond, Closing: closing})
	cycle, hook, _ := w.built("books")
	first := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", w.url+"/v1.0/cycles/transactions/live?cycle="+cycle, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("X-Cyclr-Account", "books")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("X-Accel-Buffering") != "no" {
		t.Errorf("headers: %v", res.Header)
	}
	stream := bufio.NewScanner(res.Body)
	event := func() (ids []tandem.TransactionID) {
		t.Helper()
		for stream.Scan() {
			if data, ok := strings.CutPrefix(stream.Text(), "data: "); ok {
				var all []tandem.Transaction
				if err := json.Unmarshal([]byte(data), &all); err != nil {
					t.Fatal(err)
				}
				for _, x := range all {
					ids = append(ids, x.ID)
				}
				return ids
			}
		}
		t.Fatalf("the stream ended: %v", stream.Err())
		return nil
	}
	if diff := cmp.Diff([]tandem.TransactionID{first}, event()); diff != "" {
		t.Errorf("at first: -want +got\n%s", diff)
	}
	second := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	if diff := cmp.Diff([]tandem.TransactionID{second}, event()); diff != "" {
		t.Errorf("then: -want +got\n%s", diff)
	}
	for stream.Scan() && !strings.HasPrefix(stream.Text(), ":") {
	}
	close(closing)
	for stream.Scan() {
	}
	if stream.Err() != nil {
		t.Errorf("the stream broke instead of ending: %v", stream.Err())
	}
}
