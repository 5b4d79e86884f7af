package workflow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

func TestInput(t *testing.T) {
	body := `{"id":12345678901234567890,"Email":"A@B.C","n":"42","cents":1999,"yes":"Yes","d":"2026-02-03T10:00:00Z",
	"doc":{"FileName":"a.csv","File":"file:A1"},"docs":[{"File":"file:A1"}],"who":{"first name":"Ada"},"lines":[{"sku":"x"},{"sku":7}],"Region":"south","null":null}`
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
		{"file", []tandem.Mapping{from("file", "in", "doc")}, `{"file":{"File":"file:A1","FileName":"a.csv"}}`},
		{"files", []tandem.Mapping{from("file", "in", "docs")}, `{"file":[{"File":"file:A1"}]}`},
		{"file by its id", []tandem.Mapping{from("file", "in", "doc.File")}, `{"file":"file:A1"}`},
		{"what is in a file", []tandem.Mapping{from("file", "in", "n")}, `{"file":"42"}`},
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

// What becomes of a step's input is nothing to the output that it was mapped from.
func TestInputIsACopy(t *testing.T) {
	d := data(`{"who":{"name":"Ada"},"tags":["a",{"b":1}]}`)
	in, err := sending(t, from("any", "in", "who"), from("list", "in", "tags")).Input(d)
	if err != nil {
		t.Fatal(err)
	}
	body := in.Body.(map[string]any)
	body["any"].(map[string]any)["key"] = "k3y-value"
	list := body["list"].([]any)
	list[1].(map[string]any)["key"], list[0] = "k3y-value", "k3y-value"
	if got, err := json.Marshal(d.Outputs[0].Document()); err != nil || string(got) != `{"tags":["a",{"b":1}],"who":{"name":"Ada"}}` {
		t.Errorf("the output became %s, %v", got, err)
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
		{static("score", "1e400"), nil, `score: "1e400" is too large`},
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
		workflow.NewOutput("mid", []byte(`{"b":2}`)), workflow.NewOutput("in", []byte(`{"a":1,"b":3}`)),
	}})
	if diff := cmp.Diff(map[string]any{"email": "123"}, in.Body); diff != "" || err != nil {
		t.Error(err, diff)
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
