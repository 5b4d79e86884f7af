package workflow_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// shop is a connector for the tests: its methods by identifier.
var shop = connector.Connector{Name: "Shop", Methods: []connector.Method{
	{MethodUniqueIdentifier: "event", Name: "Event", MethodType: connector.Webhook, ResponseDataType: connector.JSONBody},
	{
		MethodUniqueIdentifier: "orders", Name: "Orders", MethodType: connector.Webhook,
		ResponseFields: []connector.Field{{ConnectorField: "data.[orders].id"}, {ConnectorField: "data.[orders].lines.[].sku"}, {ConnectorField: "shop"}},
	},
	{MethodUniqueIdentifier: "page", Name: "Page", MethodType: connector.Action, Paging: &connector.Paging{Items: "rows"}},
	{
		MethodUniqueIdentifier: "two", Name: "Two", MethodType: connector.Action,
		ResponseFields: []connector.Field{{ConnectorField: "[a].x"}, {ConnectorField: "[b].x"}},
	},
	{MethodUniqueIdentifier: "none", Name: "None", MethodType: connector.Action, ResponseFields: []connector.Field{{ConnectorField: "tags"}}},
	{
		MethodUniqueIdentifier: "send", Name: "Send", MethodType: connector.Action, HTTPMethod: "POST", RequestDataType: connector.JSONBody,
		Endpoint: "https://example.com/{{List}}",
		Parameters: []connector.Parameter{
			{ID: 7, Name: "List", TargetType: connector.MergeField, DataType: connector.Integer},
			{Name: "Page", TargetType: connector.QueryString, Hidden: true, Value: "CYCLR_PAGE_NUMBER"},
		},
		RequestFields: []connector.Field{
			{ID: 9, ConnectorField: "email", DataType: connector.Text},
			{ConnectorField: "age", DataType: connector.Integer, Optional: true},
			{ConnectorField: "price", DataType: connector.Decimal, Optional: true},
			{ConnectorField: "score", DataType: connector.Float, Optional: true},
			{ConnectorField: "ok", DataType: connector.Boolean, Optional: true},
			{ConnectorField: "at", DataType: connector.DateTime, DataTypeFormat: "dd/MM/yyyy", Optional: true},
			{ConnectorField: "file", DataType: connector.File, Optional: true},
			{ConnectorField: "[lines].sku", DataType: connector.Text, Optional: true},
			{ConnectorField: "[lines].kind", DataType: connector.Text, Optional: true},
		},
	},
}}

func resolve(_ tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error) {
	for i := range shop.Methods {
		if shop.Methods[i].MethodUniqueIdentifier == method {
			return &shop, &shop.Methods[i], nil
		}
	}
	return nil, nil, tandem.NotFoundf("There is no method %s.", method)
}

func static(target, value string) tandem.Mapping {
	return tandem.Mapping{Target: target, MappingType: tandem.MapStatic, Value: value}
}

func from(target, step, field string) tandem.Mapping {
	return tandem.Mapping{Target: target, MappingType: tandem.MapStep, SourceStepID: tandem.StepID(step), SourceField: field}
}

func step(id, method string, fields ...tandem.Mapping) tandem.Step {
	kind := tandem.ActionStep
	if method == "event" || method == "orders" {
		kind = tandem.WebhookStep
	}
	s := tandem.Step{ID: tandem.StepID(id), Name: "Step " + id, ActionType: kind, Connector: "shop", Method: method, Fields: fields}
	if method == "send" {
		s.Parameters = []tandem.Mapping{static("List", "5")}
	}
	return s
}

func edge(head, tail string, exit tandem.EdgeType) tandem.Edge {
	return tandem.Edge{HeadStepID: tandem.StepID(head), TailStepID: tandem.StepID(tail), EdgeType: exit}
}

func graph(steps []tandem.Step, edges ...tandem.Edge) *tandem.Graph {
	return &tandem.Graph{
		Steps: steps, Edges: edges, Connectors: []tandem.ConnectorRef{{Ref: "shop", Name: "Shop"}},
		Variables: []tandem.Variable{{SystemName: "Region", Value: "north"}},
	}
}

// sending is event → send with these fields.
func sending(t testing.TB, fields ...tandem.Mapping) *workflow.Node {
	t.Helper()
	p, err := workflow.Compile(graph([]tandem.Step{step("in", "event"), step("out", "send", fields...)}, edge("in", "out", "")), resolve)
	if err != nil {
		t.Fatal(err)
	}
	return p.Node("out")
}

func data(body string) *workflow.Data {
	return &workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("in", []byte(body))}}
}

func TestPlan(t *testing.T) {
	g := graph([]tandem.Step{step("in", "event"), step("a", "page"), step("b", "page"), step("c", "page")}, edge("in", "b", ""), edge("in", "a", ""), edge("a", "c", ""), edge("b", "c", ""))
	g.StepErrorAction, g.Steps[1].StepErrorAction = tandem.IgnoreError, tandem.StopIntegration
	g.CollectionSplitType, g.Steps[0].CollectionSplitType = tandem.SplitAll, tandem.SplitNone
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	var next []string
	for _, n := range p.Trigger.Next(tandem.ForwardEdge) {
		next = append(next, string(n.ID))
	}
	if diff := cmp.Diff([]string{"b", "a"}, next); diff != "" || p.Trigger.ID != "in" {
		t.Error(diff)
	}
	if a, b := p.Node("a"), p.Node("b"); a.OnError != tandem.StopIntegration || b.OnError != tandem.IgnoreError || p.Trigger.Split != tandem.SplitNone || b.Split != tandem.SplitAll {
		t.Error("settings are not inherited as they should be")
	}
}

func TestTemplatesOfTheExamplesCompile(t *testing.T) {
	for _, name := range []string{"new-contact.json", "changed-contacts.json"} {
		b, err := os.ReadFile("../../examples/templates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var f tandem.TemplateFile
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		if f.Graph.Steps == nil {
			t.Fatal("no steps")
		}
		// Any method, with the parameters and fields that the steps map.
		_, err = workflow.Compile(&f.Graph, func(_ tandem.ConnectorRef, method string) (*connector.Connector, *connector.Method, error) {
			m := &connector.Method{Name: method}
			for _, s := range f.Graph.Steps {
				for _, p := range s.Parameters {
					m.Parameters = append(m.Parameters, connector.Parameter{Name: p.Target})
				}
			}
			return &connector.Connector{}, m, nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
