package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// Numbers come as languages write them that know one kind of number only.
func TestWholeNumbers(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.table("", nil, []row{
		{"POST /accounts", `{"Id":"books","Name":"Books","StepDataSuccessRetentionHours":8.0}`, 200, `{"StepDataSuccessRetentionHours":8}`},
		{"PUT /accounts/books", `{"StepDataSuccessRetentionHours":"9.00"}`, 200, `{"StepDataSuccessRetentionHours":9}`},
		{"PUT /accounts/books", `{"StepDataSuccessRetentionHours":" 10 "}`, 200, `{"StepDataSuccessRetentionHours":10}`},
		{"PUT /accounts/books", `{"StepDataSuccessRetentionHours":10.5}`, 200, `{"StepDataSuccessRetentionHours":10}`},
	})
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c","StepDataSuccessRetentionHours":1.0}`, 201, `{"StepDataSuccessRetentionHours":1}`},
		{"PUT /cycles/{c}", `{"StepDataSuccessRetentionHours":1.5}`, 400, `{"ModelState":{"StepDataSuccessRetentionHours":["wrong type: number 1.5"]}}`},
		{"POST /cycles/{c}/steps", `{"ActionType":"Annotation","DisplayPositionLeft":"20.0","DisplayPositionTop":30.0}`, 201, `{"DisplayPositionLeft":20,"DisplayPositionTop":30}`},
	})
}

// Booleans come as the digits of languages that have none, as in queries.
func TestDigitsForBooleans(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.table("", nil, []row{
		{"POST /accounts", `{"Id":"books","Name":"Books","TransactionErrorWebhookUrl":"https://x.test/","TransactionErrorWebhookEnabled":1}`, 200, `{"TransactionErrorWebhookEnabled":true}`},
		{"PUT /accounts/books", `{"TransactionErrorWebhookEnabled":0}`, 200, `{"TransactionErrorWebhookEnabled":false}`},
		{"PUT /accounts/books", `{"TransactionErrorWebhookEnabled":"1"}`, 200, `{"TransactionErrorWebhookEnabled":true}`},
		{"PUT /accounts/books", `{"TransactionErrorWebhookEnabled":2}`, 200, `{"TransactionErrorWebhookEnabled":true}`},
		{"t = POST /templates", `{"Name":"t"}`, 201, `{}`},
		{"PUT /templates/{t}", `{"Published":1}`, 200, `{"Published":true}`},
		{"PUT /templates/{t}", `{"Published":2}`, 400, `{"ModelState":{"Published":["wrong type: number"]}}`},
	})
}

// Nobody counts bytes: the answer says what fits.
func TestTooLargeSaysWhatFits(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.fails(call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"` + strings.Repeat("x", 8<<20) + `"}`}, 413, "The request body has more than 8 MiB.")
}

// Generated clients name JSON in many ways.
func TestNamesOfJSON(t *testing.T) {
	w := newWorld(t, api.Options{})
	for kind, status := range map[string]int{
		"application/json; charset=utf-8": 200, "application/json;": 200, "application/json; charset": 200, "application/json-patch+json": 200, "application/vnd.example+json": 200,
		"application/*+json": 200, "text/json": 200, "text/plain": 415, "application/xml": 415, "multipart/form-data; boundary=x": 415, "application/jsonx": 415,
	} {
		a := w.do(call{method: "POST", path: "/v1.0/accounts", body: `{"Name":"x"}`, header: map[string]string{"Content-Type": kind}})
		if a.status != status {
			t.Errorf("%s: %d %s, want %d", kind, a.status, a.body, status)
		}
	}
}

// An error names the field as the caller wrote it: without structs of ours, and
// without where it would be in a graph.
func TestErrorsNameTheField(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, action := w.built("books")
	w.table("books", map[string]string{"c": cycle, "hook": hook.ID, "action": action.ID}, []row{
		{"POST /accounts/books/launch", `{"Wizard":"perhaps"}`, 400, `{"ModelState":{"Wizard":["wrong type: string"]}}`},
		{"POST /accounts/books/launch", `{"ConnectorAuthentications":{"Name":"Nothing"}}`, 400, `{"Message":"ConnectorAuthentications: there is no connector \"Nothing\""}`},
		{"POST /accounts", `[]`, 400, `{"Message":"The request is invalid.","ModelState":{"body":["wrong type: array"]}}`},
		{"POST /accounts", `"x"`, 400, `{"ModelState":{"body":["wrong type: string"]}}`},
		{"POST /accounts", `{"Name":}`, 400, `{"ModelState":{"body":["malformed JSON at byte 9"]}}`},
		{"POST /accounts", ``, 400, `{"Message":"Request body is required."}`},
		{"PATCH /cycles/{c}/variables", `5`, 400, `{"ModelState":{"body":["wrong type: number"]}}`},
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{hook}","TailStepId":"{action}","EdgeType":"Sideways"}`, 400, `{"Message":"EdgeType: \"Sideways\" is not known.","ModelState":{"EdgeType":["EdgeType: \"Sideways\" is not known."]}}`},
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{hook}","TailStepId":"{action}"}`, 400, `{"Message":"There is one already from that exit to that step."}`},
		{"POST /cycles/{c}/edges", `{}`, 400, `{"Message":"HeadStepId: there is no such step.","ModelState":{"HeadStepId":"*"}}`},
		{"POST /cycles/{c}/steps", `{"ActionType":"Decision","StepErrorAction":"Explode"}`, 400, `{"Message":"StepErrorAction: \"Explode\" is not known.","ModelState":{"StepErrorAction":"*"}}`},
		{"PUT /cycles/{c}/steps/{action}", `{"ActionType":"Webhook"}`, 400, `{"ModelState":{"ActionType":["ActionType: method \"Get Contact\" is of type Action."]}}`},
		{"POST /cycles/{c}/steps", `{"ActionType":"Annotation"}`, 201, `{"Name":"Annotation"}`},
		{"POST /cycles/{c}/steps", `{"ActionType":"Annotation","Name":"Mind this"}`, 201, `{"Name":"Mind this"}`},
	})
}

// One variable alone is taken for a list of it.
func TestOneVariable(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c"}`, 201, ``},
		{"POST /cycles/{c}/variables", `{"SystemName":"Colour"}`, 201, ``},
		{"PATCH /cycles/{c}/variables", `{"SystemName":"colour","Value":"red"}`, 200, `[{"SystemName":"Colour","Value":"red"}]`},
		{"PATCH /cycles/{c}/variables", `[{"SystemName":"COLOUR","Value":"blue"}]`, 200, `[{"SystemName":"Colour","Value":"blue"}]`},
		{"PATCH /cycles/{c}/variables", `[{"SystemName":"Size","Value":"blue"}]`, 404, `{"Message":"Variable \"Size\" could not be found."}`},
	})
}

// What was made reads as the answer said, to the last digit of its times.
func TestMadeAndRead(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, action := w.built("books")
	for _, tt := range []struct{ make, read, body string }{
		{"/accounts", "/accounts/%s", `{"Name":"x"}`},
		{"/cycles", "/cycles/%s", `{"Name":"x"}`},
		{"/cycles/" + cycle + "/steps", "/steps/%s", `{"ActionType":"Decision"}`},
		{"/cycles/" + cycle + "/edges", "/cycles/" + cycle + "/edges/%s", fmt.Sprintf(`{"HeadStepId":%q,"TailStepId":%q}`, action.ID, hook.ID)},
		{"/folders", "/folders/%s", `{"Name":"x"}`},
		{"/templates", "/templates/%s", `{"Name":"x"}`},
		{"/account/connectors/custom", "/account/connectors/custom/%v", `{"Name":"x","UniqueIdentifier":"d9c5e0b3-3a57-4e0d-8c8e-1a2b3c4d5e6f"}`},
		{"/marketplaces", "/marketplaces/%v", `{"Name":"x"}`},
		{fmt.Sprint("/account/connectors/", action.AccountConnector.ID, "/fields"), fmt.Sprint("/account/connectors/", action.AccountConnector.ID, "/fields/%v"), `{"ConnectorField":"x"}`},
	} {
		var made, read map[string]any
		w.ok(call{method: "POST", path: "/v1.0" + tt.make, account: "books", body: tt.body}, &made)
		w.ok(call{method: "GET", path: "/v1.0" + fmt.Sprintf(tt.read, made["Id"]), account: "books"}, &read)
		if diff := cmp.Diff(made, read); diff != "" {
			t.Errorf("%s: -made +read\n%s", tt.make, diff)
		}
	}
}
