package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// Each reason that keeps a cycle from starting has its code.
func TestReasonCodes(t *testing.T) {
	w := newWorld(t, api.Options{})
	in := w.installed("books")
	hook := fmt.Sprintf(`{"ActionType":2,"AccountConnectorId":%d,"Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}`, in.ID)
	get := fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":"0c2365ca-70aa-4f85-9837-5777fba21f37"}`, in.ID)
	add := fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":"d1cd97a7-458e-466d-86af-3858a372115b"}`, in.ID)
	decision := func(left, right string) string {
		return fmt.Sprintf(`{"ActionType":3,"Name":"Which?","Decision":{"Groups":[[{"Left":%s,"Condition":"Equals","Right":%s}]]}}`, left, right)
	}
	const fixed, later = `{"MappingType":"StaticValue","Value":"x"}`, `{"MappingType":"StepOutput","SourceStepId":"{get}","SourceField":"id"}`
	reason := func(code int, object, id string) string {
		return fmt.Sprintf(`[{"ReasonCode":%d,"Reason":"*","ObjectType":%q,"ObjectId":%q}]`, code, object, id)
	}
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c"}`, 201, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, reason(10, "Cycle", "{c}")},
		{"hook = POST /cycles/{c}/steps", hook, 201, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, reason(10, "Cycle", "{c}")},
		{"again = POST /cycles/{c}/steps", hook, 201, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, reason(11, "Cycle", "{c}")}, // two triggers
		{"DELETE /cycles/{c}/steps/{again}", ``, 200, ``},
		{"get = POST /cycles/{c}/steps", get, 201, ``},
		{"contact = GET /steps/{get}/parameters", ``, 200, ``},
		{"GET /steps/{get}/prerequisites", ``, 200, reason(40, "Parameter", "{contact}")},
		{"PUT /steps/{get}/parameters/{contact}", fixed, 200, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, reason(11, "Cycle", "{c}")}, // not connected
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{hook}","TailStepId":"{get}"}`, 201, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, `[]`},

		{"add = POST /cycles/{c}/steps", add, 201, ``},
		{"email = GET /steps/{add}/fieldmappings?page=3&pageSize=1", ``, 200, ``},
		{"GET /steps/{add}/prerequisites", ``, 200, reason(41, "Field", "{email}")},
		{"DELETE /cycles/{c}/steps/{add}", ``, 200, ``},

		{"s = POST /cycles/{c}/steps", `{"ActionType":"Action"}`, 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(30, "Step", "{s}")},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"s = POST /cycles/{c}/steps", `{"ActionType":"Decision"}`, 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(31, "Step", "{s}")},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"s = POST /cycles/{c}/steps", decision(later, fixed), 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(50, "Step", "{s}")}, // of a step that does not come before it
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"s = POST /cycles/{c}/steps", decision(fixed, later), 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(51, "Step", "{s}")},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"second = POST /cycles/{c}/steps", hook, 201, ``},
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{get}","TailStepId":"{second}"}`, 201, ``},
		{"GET /steps/{second}/prerequisites", ``, 200, reason(43, "Step", "{second}")}, // a webhook in the middle
		{"DELETE /cycles/{c}/steps/{second}", ``, 200, ``},

		{"POST /cycles/{c}/variables", `{"SystemName":"Colour","IsLaunchRequired":true}`, 201, ``},
		{"GET /cycles/{c}/prerequisites", ``, 200, reason(30, "Variable", "Colour")},
		{"DELETE /cycles/{c}/variables/Colour", ``, 200, ``},
		{fmt.Sprintf("PUT /account/connectors/%d/deauthenticate", in.ID), ``, 200, ``},
		{"GET /steps/{get}/prerequisites", ``, 200, reason(20, "AccountConnector", fmt.Sprint(in.ID))},
		{"PUT /cycles/{c}/activate", ``, 400, `{"Message":"*","Prerequisites":"*"}`},
		{fmt.Sprintf("PUT /account/connectors/%d", in.ID), `{"AuthValue":"key"}`, 200, ``},
		{"PUT /cycles/{c}/activate", ``, 200, `{"Status":"Running"}`},
	})
}
