package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// What a step that waits lacks has its code.
func TestReasonCodesOfWaits(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.installed("books")
	reason := func(code int, object, id string) string {
		return fmt.Sprintf(`[{"ReasonCode":%d,"Reason":"*","ObjectType":%q,"ObjectId":%q}]`, code, object, id)
	}
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c"}`, 201, ``},
		{"s = POST /cycles/{c}/steps", `{"ActionType":"WaitUntil"}`, 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(33, "Step", "{s}")},
		{"PUT /cycles/{c}/steps/{s}", `{"Until":{"MappingType":"staticvalue","Value":"soon"}}`, 200, `{"Until":{"Target":"","MappingType":"StaticValue","Value":"soon"}}`},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(70, "Step", "{s}")},
		{"PUT /cycles/{c}/steps/{s}", `{"Until":{"MappingType":"StaticValue","Value":"31/12/2030","Format":"dd/MM/yyyy"}}`, 200, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, `[]`},
		{"PUT /cycles/{c}/steps/{s}", `{"Until":null}`, 200, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(33, "Step", "{s}")},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"s = POST /cycles/{c}/steps", `{"ActionType":"Delay"}`, 201, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(32, "Step", "{s}")},
		{"PUT /cycles/{c}/steps/{s}", `{"Delay":{"Interval":"3"}}`, 200, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(60, "Step", "{s}")},
		{"PUT /cycles/{c}/steps/{s}", `{"Delay":{"Interval":3,"Unit":"moons"}}`, 400, ``},
		{"PUT /cycles/{c}/steps/{s}", `{"Delay":{"Interval":60,"Unit":"weeks"}}`, 200, `{"Delay":{"Interval":60,"Unit":"Weeks"}}`},
		{"GET /steps/{s}/prerequisites", ``, 200, reason(61, "Step", "{s}")},
		{"PUT /cycles/{c}/steps/{s}", `{"Delay":{"Interval":6,"Unit":"Weeks"}}`, 200, ``},
		{"GET /steps/{s}/prerequisites", ``, 200, `[]`},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
		{"s = POST /cycles/{c}/steps", `{"ActionType":6}`, 201, `{"ActionType":"WaitAll"}`},
		{"GET /steps/{s}/prerequisites", ``, 200, `[]`},
		{"DELETE /cycles/{c}/steps/{s}", ``, 200, ``},
	})
}

// Values of several lists that go into one need keys: reason 42.
func TestCollectionKeys(t *testing.T) {
	w := newWorld(t, api.Options{})
	in := w.installed("books")
	hook := fmt.Sprintf(`{"ActionType":2,"AccountConnectorId":%d,"Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}`, in.ID)
	add := fmt.Sprintf(`{"ActionType":1,"AccountConnectorId":%d,"Method":"d1cd97a7-458e-466d-86af-3858a372115b"}`, in.ID)
	w.table("books", nil, []row{
		{"c = POST /cycles", `{"Name":"c"}`, 201, ``},
		{"hook = POST /cycles/{c}/steps", hook, 201, ``},
		{"add = POST /cycles/{c}/steps", add, 201, ``},
		{"POST /cycles/{c}/edges", `{"HeadStepId":"{hook}","TailStepId":"{add}"}`, 201, ``},
		{"email = GET /steps/{add}/fieldmappings?page=3&pageSize=1", ``, 200, ``},
		{
			"PUT /steps/{add}/fieldmappings/{email}", `{"MappingType":"StepOutput","SourceStepId":"{hook}","SourceField":"[people].email","CollectionKey":"[people].id","Format":"dd/MM/yyyy"}`, 200,
			`{"MappingType":"StepOutput","SourceField":"[people].email","CollectionKey":"[people].id","Format":"dd/MM/yyyy"}`,
		},
		{"GET /steps/{add}/fieldmappings/{email}", ``, 200, `{"CollectionKey":"[people].id","Format":"dd/MM/yyyy"}`},
		{"PUT /steps/{add}/fieldmappings/{email}", `{"MappingType":"StaticValue","Value":"x"}`, 200, `{"MappingType":"StaticValue","Value":"x"}`},
	})
}
