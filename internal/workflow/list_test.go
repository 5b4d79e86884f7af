package workflow_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// splitter is a trigger with a method.
func splitter(t testing.TB, method string) *workflow.Node {
	t.Helper()
	p, err := workflow.Compile(graph([]tandem.Step{step("in", method)}), resolve)
	if err != nil {
		t.Fatal(err)
	}
	return p.Trigger
}

func TestList(t *testing.T) {
	for _, tt := range []struct {
		method, doc string
		want        []string // nil: not split
		err         error
	}{
		{"page", `{"rows":[1, {"a":2} ],"next":"x"}`, []string{`{"rows":1,"next":"x"}`, `{"rows":{"a":2},"next":"x"}`}, nil},
		{"page", ` {"more":{"rows":[9]}, "r\u006fws":["a,b]", [1,[2]], null, true, -1.5e3]} `, []string{
			` {"more":{"rows":[9]}, "r\u006fws":"a,b]"} `, ` {"more":{"rows":[9]}, "r\u006fws":[1,[2]]} `, ` {"more":{"rows":[9]}, "r\u006fws":null} `,
			` {"more":{"rows":[9]}, "r\u006fws":true} `, ` {"more":{"rows":[9]}, "r\u006fws":-1.5e3} `,
		}, nil},
		{"page", `{"rows":[1],"rows":[2]}`, []string{`{"rows":[1],"rows":2}`}, nil},
		{"page", `{"rows":[ ]}`, []string{}, nil},
		{"page", `{"rows":null}`, []string{}, nil},
		{"page", `{"rows":" "}`, []string{}, nil},
		{"page", `{}`, []string{}, nil},
		{"page", `[]`, []string{}, nil},
		{"page", ``, []string{}, nil},
		{"page", `{"rows":{"a":1}}`, nil, nil},
		{"page", `{"rows":5}`, nil, workflow.ErrNotList},
		{"page", `[{"rows":[1]}]`, nil, workflow.ErrNotList},
		{"page", `rows`, nil, workflow.ErrNotList},
		{"page", `{"rows":[1,2]`, nil, workflow.ErrNotList},
		{"orders", `{"data":{"orders":[{"id":1},{"id":2}]},"shop":"s"}`, []string{`{"data":{"orders":{"id":1}},"shop":"s"}`, `{"data":{"orders":{"id":2}},"shop":"s"}`}, nil},
		{"orders", `{"data":{"orders":{"id":1}}}`, nil, nil},
		{"orders", `{"data":{}}`, nil, nil},
		{"orders", `{"data":7}`, nil, workflow.ErrNotList},
		{"event", `[1,2]`, []string{`1`, `2`}, nil},
		{"event", `{"records":[{"a":1}]}`, []string{`{"records":{"a":1}}`}, nil},
		{"event", `{"tags":[1],"id":2}`, nil, nil},
		{"event", `"text"`, nil, nil},
		{"event", `no JSON`, nil, nil},
		{"event", ``, nil, nil},
		{"two", `{"a":[{"x":1}]}`, nil, workflow.ErrSplit},
	} {
		l, err := splitter(t, tt.method).List([]byte(tt.doc))
		var got []string
		if l != nil {
			got = []string{}
			for item := l.Next(); item != nil; item = l.Next() {
				got = append(got, string(l.Document(item)))
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
			t.Errorf("%s %s: %v %s", tt.method, tt.doc, err, diff)
		}
	}
}

// What is read item by item is what a document of it all would give.
func FuzzList(f *testing.F) {
	for _, doc := range []string{`{"rows":[1,{"a":[2]}],"n":"x"}`, `[1,"a\u00e4",null]`, `{"records":[{}]}`, `{"data":{"orders":[{"id":1}]}}`, `{"rows":5}`, `{"rows":[1],"rows":[]}`, `"`, "{\"\xff\":[\"\xfe\"]}"} {
		f.Add(doc)
	}
	nodes := map[string]*workflow.Node{"page": splitter(f, "page"), "orders": splitter(f, "orders"), "event": splitter(f, "event")}
	f.Fuzz(func(t *testing.T, body string) {
		for method, n := range nodes {
			doc := workflow.ParseDocument([]byte(body))
			items, ok, err := n.Items(doc)
			if err != nil {
				t.Fatal(err)
			}
			l, err := n.List([]byte(body))
			if err != nil && (!errors.Is(err, workflow.ErrNotList) || len(items) > 0) || err == nil && (l != nil) != ok {
				t.Fatalf("%s: %v, %v; a document of it: %v", method, l, err, ok)
			}
			if l == nil {
				continue
			}
			for i, want := range items {
				got := l.Next()
				whole := workflow.ParseDocument(l.Document(got))
				if diff := cmp.Diff(n.Item(doc, want), whole); got == nil || diff != "" {
					t.Fatalf("%s: item %d is %s: %s", method, i, got, diff)
				}
			}
			if more := l.Next(); more != nil {
				t.Fatalf("%s: one more: %s", method, more)
			}
		}
	})
}

// A million items take no more than their body.
func TestLongListTakesNoMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"rows":[`)
	const items = 1_000_000
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"id":` + strconv.Itoa(i) + `,"name":"x"}`)
	}
	b.WriteString(`]}`)
	body := []byte(b.String())
	n := splitter(t, "page")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	l, err := n.List(body)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for item := l.Next(); item != nil; item = l.Next() {
		if count++; count == items {
			if got, want := string(l.Document(item)), `{"rows":{"id":999999,"name":"x"}}`; got != want || !json.Valid([]byte(got)) {
				t.Errorf("the last is %s", got)
			}
		}
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; count != items || allocated > 1<<20 {
		t.Errorf("%d items, %d bytes for them", count, allocated)
	}
}
