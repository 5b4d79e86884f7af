package workflow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

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
