package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// declaredDate is a response field with a format of its own.
var declaredDate = connector.Field{ConnectorField: "born", DataType: connector.DateTime, DataTypeFormat: "MM-dd-yyyy"}

func keyed(target, step, field, key string) tandem.Mapping {
	m := from(target, step, field)
	m.CollectionKey = key
	return m
}

// meeting is in → get → send, with the fields of send.
func meeting(fields ...tandem.Mapping) *tandem.Graph {
	fields = append(fields, static("email", "x"))
	return graph([]tandem.Step{step("in", "event"), step("get", "page"), step("out", "send", fields...)}, edge("in", "get", ""), edge("get", "out", ""))
}

func TestListsAreJoined(t *testing.T) {
	const order = `{"lines":[{"sku":1,"n":5},{"sku":"b","n":6},{"sku":"c"},{"n":8}],"notes":[{"of":"b","text":"hi"}]}`
	const products = `{"rows":[{"id":"b","name":"Book","tags":["x"]},{"id":"1","name":"Pen"},{"id":"1","name":"Other"},{"id":"z","name":"Zoo"},{"name":"None"}]}`
	sku := keyed("[lines].sku", "in", "[lines].sku", "[lines].sku")
	kind := keyed("[lines].kind", "get", "[rows].name", "[rows].id")
	for _, tt := range []struct {
		name, order, products string
		fields                []tandem.Mapping
		want                  string
	}{
		{"by key", order, products, []tandem.Mapping{sku, kind}, `[{"kind":"Pen","sku":"1"},{"kind":"Book","sku":"b"},{"kind":null,"sku":"c"},{"kind":null,"sku":null}]`},
		{"the method's first field leads", order, products, []tandem.Mapping{kind, sku}, `[{"kind":"Pen","sku":"1"},{"kind":"Book","sku":"b"},{"kind":null,"sku":"c"},{"kind":null,"sku":null}]`},
		{"one key for all fields of a list", order, products, []tandem.Mapping{sku, kind, from("[lines].tags", "get", "[rows].tags")}, `[{"kind":"Pen","sku":"1","tags":null},{"kind":"Book","sku":"b","tags":["x"]},{"kind":null,"sku":"c","tags":null},{"kind":null,"sku":null,"tags":null}]`},
		{"of one step", order, products, []tandem.Mapping{sku, keyed("[lines].kind", "in", "[notes].text", "[notes].of")}, `[{"kind":null,"sku":"1"},{"kind":"hi","sku":"b"},{"kind":null,"sku":"c"},{"kind":null,"sku":null}]`},
		{"what was split is one item", `{"lines":{"sku":"b"}}`, products, []tandem.Mapping{sku, kind}, `[{"kind":"Book","sku":"b"}]`},
		{"an empty list leads", `{"lines":[]}`, products, []tandem.Mapping{sku, kind}, `[]`},
		{"nothing leads", `{}`, products, []tandem.Mapping{sku, kind}, `null`},
		{"nothing to join", `{"lines":[{"sku":"b"}]}`, `{}`, []tandem.Mapping{sku, kind}, `[{"kind":null,"sku":"b"}]`},
		{"one list needs no key", order, products, []tandem.Mapping{from("[lines].sku", "in", "[lines].sku"), from("[lines].kind", "in", "[lines].n")}, `[{"kind":"5","sku":"1"},{"kind":"6","sku":"b"},{"kind":null,"sku":"c"},{"kind":"8","sku":null}]`},
	} {
		g := meeting(tt.fields...)
		if missing := workflow.Check(g, resolve); len(missing) > 0 {
			t.Fatalf("%s: %v", tt.name, missing)
		}
		p, err := workflow.Compile(g, resolve)
		if err != nil {
			t.Fatal(err)
		}
		in, err := p.Node("out").Input(&workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("get", []byte(tt.products)), workflow.NewOutput("in", []byte(tt.order))}})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got, _ := json.Marshal(in.Body.(map[string]any)["lines"]); string(got) != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}

func TestListsThatMeetNeedKeys(t *testing.T) {
	sku := keyed("[lines].sku", "in", "[lines].sku", "[lines].sku")
	kind := keyed("[lines].kind", "get", "[rows].name", "[rows].id")
	for name, fields := range map[string][]tandem.Mapping{
		"no key of the leading":  {from("[lines].sku", "in", "[lines].sku"), kind},
		"no key of the other":    {sku, from("[lines].kind", "get", "[rows].name")},
		"a key elsewhere":        {sku, keyed("[lines].kind", "get", "[rows].name", "[others].id")},
		"a key that is a list":   {sku, keyed("[lines].kind", "get", "[rows].name", "[rows].[ids].id")},
		"a key that is no place": {sku, keyed("[lines].kind", "get", "[rows].name", "[")},
		"two keys":               {sku, kind, keyed("[lines].more", "get", "[rows].more", "[rows].other")},
		"lists within lists":     {sku, kind, keyed("[lines].[parts].a", "in", "[lines].[parts].a", ""), keyed("[lines].[parts].b", "get", "[rows].[parts].b", "")},
	} {
		g := meeting(fields...)
		if got := strings.Join(reasons(g), ", "); !strings.HasPrefix(got, "42 Field [lines].") || strings.Contains(got, ",") {
			t.Errorf("%s: %s", name, got)
		}
		if _, err := workflow.Compile(g, resolve); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("%s: compiled: %v", name, err)
		}
	}
}
