package workflow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// shop is a connector for the tests: its methods by identifier.
var shop = connector.Connector{Name: "Shop", Methods: []connector.Method{
	{MethodUniqueIdentifier: "event", Name: "Event", MethodType: connector.Webhook, ResponseDataType: connector.JSONBody},
	{MethodUniqueIdentifier: "orders", Name: "Orders", MethodType: connector.Webhook,
		ResponseFields: []connector.Field{{ConnectorField: "data.[orders].id"}, {ConnectorField: "data.[orders].lines.[].sku"}, {ConnectorField: "shop"}}},
	{MethodUniqueIdentifier: "page", Name: "Page", MethodType: connector.Action, Paging: &connector.Paging{Items: "rows"}},
	{MethodUniqueIdentifier: "two", Name: "Two", MethodType: connector.Action,
		ResponseFields: []connector.Field{{ConnectorField: "[a].x"}, {ConnectorField: "[b].x"}}},
	{MethodUniqueIdentifier: "none", Name: "None", MethodType: connector.Action, ResponseFields: []connector.Field{{ConnectorField: "tags"}}},
	{MethodUniqueIdentifier: "send", Name: "Send", MethodType: connector.Action, HTTPMethod: "POST", RequestDataType: connector.JSONBody,
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
			{ConnectorField: "[lines].sku", DataType: connector.Text, Optional: true},
			{ConnectorField: "[lines].kind", DataType: connector.Text, Optional: true},
		}},
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
	return &tandem.Graph{Steps: steps, Edges: edges, Connectors: []tandem.ConnectorRef{{Ref: "shop", Name: "Shop"}},
		Variables: []tandem.Variable{{SystemName: "Region", Value: "north"}}}
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

func TestInput(t *testing.T) {
	body := `{"id":12345678901234567890,"Email":"A@B.C","n":"42","cents":1999,"yes":"Yes","d":"2026-02-03T10:00:00Z",
	"who":{"first name":"Ada"},"lines":[{"sku":"x"},{"sku":7}],"Region":"south","null":null}`
	tests := []struct {
		name   string
		fields []tandem.Mapping
		want   string
	}{
		{"ignored", []tandem.Mapping{{Target: "email"}, static("age", "1")}, `{"age":1}`},
		{"step output", []tandem.Mapping{from("email", "in", "Email")}, `{"email":"A@B.C"}`},
		{"custom field keeps its type", []tandem.Mapping{from("any", "in", "id")}, `{"any":12345678901234567890}`},
		{"merge", []tandem.Mapping{static("email", "to {{Email | lower}}")}, `{"email":"to a@b.c"}`},
		{"named step", []tandem.Mapping{static("email", "{{step IN::who.['first name']}}")}, `{"email":"Ada"}`},
		{"variable before field", []tandem.Mapping{static("email", "{{Region}}")}, `{"email":"north"}`},
		{"variable", []tandem.Mapping{{Target: "email", MappingType: tandem.MapVariable, Variable: "Region"}}, `{"email":"north"}`},
		{"value list", []tandem.Mapping{{Target: "email", MappingType: tandem.MapList, Value: "{{x}}"}}, `{"email":"{{x}}"}`},
		{"integer", []tandem.Mapping{from("age", "in", "n")}, `{"age":42}`},
		{"decimal", []tandem.Mapping{static("price", "{{cents | divide:100}}")}, `{"price":19.99}`},
		{"float", []tandem.Mapping{static("score", "1.50")}, `{"score":1.5}`},
		{"boolean", []tandem.Mapping{from("ok", "in", "yes")}, `{"ok":true}`},
		{"date", []tandem.Mapping{from("at", "in", "d")}, `{"at":"03/02/2026"}`},
		{"lists", []tandem.Mapping{static("[lines].kind", "book"), from("[lines].sku", "in", "[lines].sku")}, `{"lines":[{"kind":"book","sku":"x"},{"kind":"book","sku":"7"}]}`},
		{"missing optional", []tandem.Mapping{from("age", "in", "nothing"), from("price", "in", "null")}, `{}`},
		{"empty is no number", []tandem.Mapping{static("age", "{{nothing}}")}, `{}`},
		{"never ran", []tandem.Mapping{static("email", "{{LastSuccessfulRunDate format=yyyy}}")}, `{"email":"1970"}`},
	}
	for _, tt := range tests {
		in, err := sending(t, tt.fields...).Input(data(body))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, err := json.Marshal(in.Body)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.name, got, err, tt.want)
		}
		if in.Parameters["List"] != "5" {
			t.Errorf("%s: parameters %v", tt.name, in.Parameters)
		}
	}
}

func TestInputErrorsNameTheTarget(t *testing.T) {
	tests := []struct {
		field tandem.Mapping
		is    error
		want  string
	}{
		{from("email", "in", "nothing"), workflow.ErrRequired, "email: a required value is empty"},
		{from("age", "in", "text"), nil, `age: "abc" is not a whole number`},
		{static("age", "1.5"), nil, `age: "1.5" is not a whole number`},
		{from("price", "in", "text"), nil, `price: "abc" is not a number`},
		{from("ok", "in", "text"), nil, "neither true nor false"},
		{from("at", "in", "text"), workflow.ErrDateTime, "at: the value is not a date-time"},
		{from("email", "in", "object"), nil, "email: an object cannot be text"},
		{static("age", "{{text | divide:2}}"), nil, "age: merge field text: function divide"},
		{static("age", "{{list}}"), nil, `age: item 2: "x" is not a whole number`},
	}
	for _, tt := range tests {
		_, err := sending(t, tt.field).Input(data(`{"text":"abc","object":{},"list":[1,"x"]}`))
		var mapErr *workflow.MapError
		if !errors.As(err, &mapErr) || mapErr.Target != tt.field.Target || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.field, err, tt.want)
		}
		if tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%v is not %v", err, tt.is)
		}
	}
}

func TestNearestStepThatHasTheField(t *testing.T) {
	g := graph([]tandem.Step{step("in", "event"), step("mid", "page"), step("out", "send", static("email", "{{a}}{{b}}{{Step in::b}}"))},
		edge("in", "mid", ""), edge("mid", "out", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.Node("out").Input(&workflow.Data{Outputs: []*workflow.Output{
		workflow.NewOutput("mid", []byte(`{"b":2}`)), workflow.NewOutput("in", []byte(`{"a":1,"b":3}`))}})
	if diff := cmp.Diff(map[string]any{"email": "123"}, in.Body); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestCheck(t *testing.T) {
	decision := func(id string, rules ...tandem.Rule) tandem.Step {
		s := tandem.Step{ID: tandem.StepID(id), Name: "Step " + id, ActionType: tandem.DecisionStep}
		if rules != nil {
			s.Decision = &tandem.Decision{Groups: [][]tandem.Rule{rules}}
		}
		return s
	}
	good := step("out", "send", static("email", "x"))
	tests := []struct {
		name string
		g    *tandem.Graph
		want []string // "code object id"
	}{
		{"good", graph([]tandem.Step{step("in", "event"), good}, edge("in", "out", "")), nil},
		{"empty", graph(nil), []string{"10 Cycle "}},
		{"one step", graph([]tandem.Step{step("in", "event")}), []string{"10 Cycle "}},
		{"two triggers", graph([]tandem.Step{step("in", "event"), step("in2", "event"), good}, edge("in", "out", ""), edge("in2", "out", "")), []string{"11 Cycle "}},
		{"not connected", graph([]tandem.Step{step("in", "event"), good}), []string{"11 Cycle "}},
		{"loop", graph([]tandem.Step{step("in", "event"), step("a", "page"), step("b", "page")}, edge("in", "a", ""), edge("a", "b", ""), edge("b", "a", "")), []string{"11 Cycle "}},
		{"no mappings", graph([]tandem.Step{step("in", "event"), {ID: "out", Name: "Out", ActionType: 1, Connector: "shop", Method: "send"}}, edge("in", "out", "")),
			[]string{"40 Parameter 7", "41 Field 9"}},
		{"empty text", graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", ""))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"bad merge field", graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", "{{x"))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"step after", graph([]tandem.Step{step("in", "event"), step("out", "send", from("email", "out", "x"))}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"unknown variable", graph([]tandem.Step{step("in", "event"), step("out", "send", tandem.Mapping{Target: "email", MappingType: tandem.MapVariable, Variable: "X"})}, edge("in", "out", "")), []string{"41 Field 9"}},
		{"unknown method", graph([]tandem.Step{step("in", "event"), step("out", "gone")}, edge("in", "out", "")), []string{"0 Step out"}},
		{"unknown parameter", graph([]tandem.Step{step("in", "event"), {ID: "out", Name: "Out", ActionType: 1, Connector: "shop", Method: "page", Parameters: []tandem.Mapping{static("Nope", "1")}}}, edge("in", "out", "")), []string{"0 Cycle "}},
		{"no criteria", graph([]tandem.Step{step("in", "event"), decision("d"), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), []string{"31 Step d"}},
		{"no operands", graph([]tandem.Step{step("in", "event"), decision("d", tandem.Rule{Condition: tandem.Equals}), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), []string{"50 Step d", "51 Step d"}},
		{"one operand", graph([]tandem.Step{step("in", "event"), decision("d", tandem.Rule{Condition: tandem.Exists, Left: static("", "{{x}}")}), good}, edge("in", "d", ""), edge("d", "out", tandem.TrueEdge)), nil},
		{"wrong exit", graph([]tandem.Step{step("in", "event"), good}, edge("in", "out", tandem.TrueEdge)), []string{"0 Cycle "}},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range workflow.Check(tt.g, resolve) {
			got = append(got, fmt.Sprintf("%d %s %s", p.ReasonCode, p.ObjectType, p.ObjectID))
			if p.Reason == "" {
				t.Errorf("%s: no reason", tt.name)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
	loop := tests[5].g
	if _, err := workflow.Compile(loop, resolve); err == nil || !strings.Contains(err.Error(), "Step a, Step b") {
		t.Errorf("loop: %v", err)
	}
}

func TestDecide(t *testing.T) {
	body := `{"n":10,"s":"Hello","d":"2026-01-02","e":"","l":["a","B"],"t":true}`
	tests := []struct {
		left  string
		cond  tandem.Condition
		right string
		want  bool
	}{
		{"{{n}}", tandem.Equals, "10.0", true},
		{"{{n}}", tandem.GreaterThan, "9", true},
		{"{{n}}", tandem.LessThan, "9", false},
		{"{{n}}", tandem.GreaterThanOrEqual, "10", true},
		{"{{n}}", tandem.LessThanOrEqual, "9.99", false},
		{"{{gone}}", tandem.LessThan, "9", false},
		{"{{s}}", tandem.Equals, "hELLO", true},
		{"{{s}}", tandem.NotEquals, "hello", false},
		{"{{s}}", tandem.Contains, "ELL", true},
		{"{{s}}", tandem.NotContains, "ell", false},
		{"{{s}}", tandem.StartsWith, "he", true},
		{"{{s}}", tandem.EndsWith, "LO", true},
		{"{{e}}", tandem.IsEmpty, "", true},
		{"{{gone}}", tandem.IsEmpty, "", true},
		{"{{n}}", tandem.IsNotEmpty, "", true},
		{"{{e}}", tandem.Exists, "", true},
		{"{{gone}}", tandem.Exists, "", false},
		{"{{s}}", tandem.IsOneOf, "x, hello ,y", true},
		{"{{s}}", tandem.IsOneOf, "x,hell", false},
		{"{{s}}", tandem.Matches, "^H.l+o$", true},
		{"{{s}}", tandem.Matches, "{{s}}!", false},
		{"{{d}}", tandem.Before, "2026-01-03T00:00:00Z", true},
		{"{{d}}", tandem.After, "2026-01-03", false},
		{"{{e}}", tandem.After, "2026-01-03", false},
		{"{{d}}", tandem.GreaterThan, "2026-01-01T00:00:00Z", true},
		{"{{l}}", tandem.Contains, "b", true},
		{"{{t}}", tandem.Equals, "TRUE", true},
	}
	decide := func(groups ...[]tandem.Rule) (bool, error) {
		g := graph([]tandem.Step{step("in", "event"), {ID: "d", Name: "D", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: groups}}}, edge("in", "d", ""))
		p, err := workflow.Compile(g, resolve)
		if err != nil {
			t.Fatal(err)
		}
		return p.Node("d").Decide(data(body))
	}
	rule := func(l string, c tandem.Condition, r string) tandem.Rule {
		return tandem.Rule{Left: static("", l), Condition: c, Right: static("", r)}
	}
	for _, tt := range tests {
		if got, err := decide([]tandem.Rule{rule(tt.left, tt.cond, tt.right)}); got != tt.want || err != nil {
			t.Errorf("%s %s %s = %v, %v", tt.left, tt.cond, tt.right, got, err)
		}
	}
	yes, no := rule("1", tandem.Equals, "1"), rule("1", tandem.Equals, "2")
	for i, tt := range []struct {
		groups [][]tandem.Rule
		want   bool
	}{{[][]tandem.Rule{{yes, no}}, false}, {[][]tandem.Rule{{yes, no}, {yes}}, true}, {[][]tandem.Rule{{yes, yes}}, true}, {[][]tandem.Rule{{no}, {no}}, false}} {
		if got, err := decide(tt.groups...); got != tt.want || err != nil {
			t.Errorf("groups %d = %v, %v", i, got, err)
		}
	}
	for _, r := range []tandem.Rule{rule("{{s}}", tandem.Before, "2026-01-01"), rule("{{s}}", tandem.Matches, "({{n}}")} {
		if _, err := decide([]tandem.Rule{r}); err == nil || !strings.Contains(err.Error(), "operand") {
			t.Errorf("%v: %v", r, err)
		}
	}
}

func TestSplit(t *testing.T) {
	tests := []struct {
		method, doc string
		want        []string // nil: not split
	}{
		{"page", `{"rows":[1,{"a":2}],"next":"x"}`, []string{`{"next":"x","rows":1}`, `{"next":"x","rows":{"a":2}}`}},
		{"page", `{"rows":[]}`, []string{}},
		{"page", `{}`, []string{}},
		{"orders", `{"data":{"orders":[{"id":1},{"id":2}]},"shop":"s"}`, []string{`{"data":{"orders":{"id":1}},"shop":"s"}`, `{"data":{"orders":{"id":2}},"shop":"s"}`}},
		{"orders", `{"data":{"orders":{"id":1}}}`, nil},
		{"event", `[1,2]`, []string{`1`, `2`}},
		{"event", `{"records":[{"a":1}]}`, []string{`{"records":{"a":1}}`}},
		{"event", `{"tags":[1],"id":2}`, nil},
		{"event", `"text"`, nil},
		{"none", `{"tags":[1]}`, nil},
	}
	for _, tt := range tests {
		p, err := workflow.Compile(graph([]tandem.Step{step("in", tt.method)}), resolve)
		if err != nil {
			t.Fatal(err)
		}
		doc := workflow.ParseDocument([]byte(tt.doc))
		before, _ := json.Marshal(doc)
		items, ok, err := p.Trigger.Items(doc)
		if err != nil || ok != (tt.want != nil) || len(items) != len(tt.want) {
			t.Errorf("%s %s: %v, %v, %v", tt.method, tt.doc, items, ok, err)
			continue
		}
		for i, item := range items {
			if got, _ := json.Marshal(p.Trigger.Item(doc, item)); string(got) != tt.want[i] {
				t.Errorf("%s %s: item %d is %s, want %s", tt.method, tt.doc, i, got, tt.want[i])
			}
		}
		if after, _ := json.Marshal(doc); string(after) != string(before) {
			t.Errorf("%s: the document changed to %s", tt.doc, after)
		}
	}
	p, err := workflow.Compile(graph([]tandem.Step{step("in", "two")}), resolve)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Trigger.Items(map[string]any{}); !errors.Is(err, workflow.ErrSplit) {
		t.Errorf("two lists: %v", err)
	}
}

// A location through a list finds, in the document of one item, that item's
// value.
func TestLocationsReadSplitItems(t *testing.T) {
	g := graph([]tandem.Step{step("in", "orders"), step("out", "send", from("email", "in", "data.[orders].id"), from("[lines].sku", "in", "data.[orders].lines.[].sku"))}, edge("in", "out", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfN(rapid.IntRange(0, 99), 1, 5).Draw(t, "ids")
		var orders []any
		for _, id := range ids {
			orders = append(orders, map[string]any{"id": json.Number(fmt.Sprint(id)), "lines": []any{map[string]any{"sku": "s"}}})
		}
		doc := map[string]any{"data": map[string]any{"orders": orders}}
		items, ok, err := p.Trigger.Items(doc)
		if !ok || err != nil || len(items) != len(ids) {
			t.Fatal(items, ok, err)
		}
		for i, item := range items {
			body, _ := json.Marshal(p.Trigger.Item(doc, item))
			in, err := p.Node("out").Input(data(string(body)))
			want := map[string]any{"email": fmt.Sprint(ids[i]), "lines": []any{map[string]any{"sku": "s"}}}
			if diff := cmp.Diff(want, in.Body); err != nil || diff != "" {
				t.Fatal(err, diff)
			}
		}
	})
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

func FuzzInput(f *testing.F) {
	f.Add("{{a.b | upper}}", "a.b", `{"a":{"b":"c"}}`)
	f.Add("{{[l].x | join:,}}", "[l].x", `{"l":[{"x":1}]}`)
	f.Fuzz(func(t *testing.T, text, location, body string) {
		g := graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", text), from("other", "in", location), from("at", "in", location))}, edge("in", "out", ""))
		p, err := workflow.Compile(g, resolve)
		if err != nil {
			return
		}
		in, err := p.Node("out").Input(data(body))
		if err != nil {
			var mapErr *workflow.MapError
			if !errors.As(err, &mapErr) {
				t.Fatalf("%v is not about a target", err)
			}
			return
		}
		if _, err := json.Marshal(in.Body); err != nil {
			t.Fatal(err)
		}
	})
}

// event is the body of the benchmark's works, about a kilobyte.
var event = func() string {
	e := map[string]any{"event": "order.created", "created_at": time.Unix(1767225600, 0).UTC(), "customer": map[string]any{"id": 981, "first_name": "Ada", "last_name": "Lovelace", "email": "ADA.LOVELACE@EXAMPLE.COM", "country": "gb", "note": strings.Repeat("n", 120)}, "order": map[string]any{"id": 55123, "total_cents": 1999, "currency": "EUR", "lines": []any{map[string]any{"sku": "A-1", "title": strings.Repeat("t", 90), "qty": 2}, map[string]any{"sku": "B-2", "title": strings.Repeat("u", 90), "qty": 1}}}, "meta": map[string]any{"source": "shop", "trace": strings.Repeat("0af7", 16), "tags": []string{"a", "b", "c"}, "padding": strings.Repeat("x", 200)}}
	b, _ := json.Marshal(e)
	return string(b)
}()

func BenchmarkInput(b *testing.B) {
	n := sending(b, from("ref", "in", "order.id"), static("name", "{{customer.first_name}} {{customer.last_name}}"), static("email", "{{customer.email | lower}}"),
		static("price", "{{order.total_cents | divide:100}}"), static("country", "{{customer.country | upper}}"))
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(event)))
		for b.Loop() {
			workflow.ParseDocument([]byte(event))
		}
	})
	d := data(event)
	b.Run("map", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := n.Input(d); err != nil {
				b.Fatal(err)
			}
		}
	})
}
