package workflow_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// middle is in → mid → out, where mid is a webhook with a match.
func middle(m *tandem.Match) *tandem.Graph {
	mid := step("mid", "event")
	mid.Match = m
	return graph([]tandem.Step{step("in", "event"), mid, step("out", "send", static("email", "x"))}, edge("in", "mid", ""), edge("mid", "out", ""))
}

func TestCheckOfMatches(t *testing.T) {
	for name, tt := range map[string]struct {
		match *tandem.Match
		want  []string
	}{
		"whole":                  {&tandem.Match{Field: "order.id", Key: from("", "in", "id")}, nil},
		"none":                   {nil, []string{"43 Step mid"}},
		"no field":               {&tandem.Match{Key: from("", "in", "id")}, []string{"43 Step mid"}},
		"no field that can be":   {&tandem.Match{Field: "[a", Key: from("", "in", "id")}, []string{"43 Step mid"}},
		"no key":                 {&tandem.Match{Field: "id"}, []string{"43 Step mid"}},
		"an empty key":           {&tandem.Match{Field: "id", Key: static("", "")}, []string{"43 Step mid"}},
		"a key of a later step":  {&tandem.Match{Field: "id", Key: from("", "out", "id")}, []string{"43 Step mid"}},
		"a key of no step":       {&tandem.Match{Field: "id", Key: from("", "gone", "id")}, []string{"43 Step mid"}},
		"a key with merge field": {&tandem.Match{Field: "id", Key: static("", "{{Step in::id}}-1")}, nil},
	} {
		if diff := cmp.Diff(tt.want, reasons(middle(tt.match))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	first := middle(&tandem.Match{Field: "id", Key: from("", "in", "id")})
	note := tandem.Step{ID: "note", Name: "Note", ActionType: tandem.AnnotationStep}
	first.Steps, first.Edges = append(first.Steps, note), append(first.Edges, edge("note", "in", ""))
	if got := reasons(first); got != nil {
		t.Errorf("a note makes the first webhook one in the middle: %v", got)
	}
}

func TestKeys(t *testing.T) {
	p, err := workflow.Compile(middle(&tandem.Match{Field: "[orders].id", Key: from("", "in", "id")}), resolve)
	if err != nil {
		t.Fatal(err)
	}
	if p.Node("in").Holds() || !p.Node("mid").Holds() || p.Node("out").Holds() {
		t.Error("only the webhook in the middle holds transactions")
	}
	mid := p.Node("mid")
	key := func(in string) workflow.Key {
		t.Helper()
		k, err := mid.Key(&workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("in", []byte(in))}})
		if err != nil {
			t.Errorf("%s: %v", in, err)
		}
		return k
	}
	request := func(doc string) workflow.Key { return mid.RequestKey(workflow.ParseDocument([]byte(doc))) }
	if key(`{"id":7}`) != request(`{"orders":[{"id":"7"},{"id":"8"}]}`) || key(`{"id":"7"}`) != request(`{"orders":{"id":7}}`) || key(`{"id":7}`).Hash == "" {
		t.Error("what is the same is not known as such")
	}
	if key(`{"id":7}`) == key(`{"id":8}`) {
		t.Error("what differs is the same")
	}
	for _, none := range []workflow.Key{key(`{}`), key(`{"id":null}`), key(`{"id":""}`), key(`{"id":[]}`), request(`{}`), request(`{"orders":[]}`), request(`"text"`), request("")} {
		if none != (workflow.Key{}) {
			t.Errorf("a key of nothing: %v", none)
		}
	}
}

func TestKeyThatCannotBe(t *testing.T) {
	p, err := workflow.Compile(middle(&tandem.Match{Field: "id", Key: static("", "{{Step in::id | round:2}}")}), resolve)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Node("mid").Key(&workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("in", []byte(`{"id":"x"}`))}})
	var failed *workflow.MapError
	if !errors.As(err, &failed) {
		t.Errorf("%v, want a MapError", err)
	}
}
