package workflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// answering is in → reply.
func answering(a *tandem.Answer, fields ...tandem.Mapping) *tandem.Graph {
	reply := tandem.Step{ID: "reply", Name: "Reply", ActionType: tandem.SynchronousResponseStep, Answer: a, Fields: fields}
	return graph([]tandem.Step{step("in", "event"), reply}, edge("in", "reply", ""))
}

func TestCheckOfAnswers(t *testing.T) {
	body, bad := static("", "{{Step in::id}}"), from("", "gone", "x")
	timed := answering(nil)
	timed.Steps[0] = step("in", "page")
	barred := answering(nil)
	barred.Steps = append(barred.Steps, tandem.Step{ID: "all", Name: "All", ActionType: tandem.WaitAllStep})
	barred.Edges = []tandem.Edge{edge("in", "all", ""), edge("all", "reply", "")}
	for name, tt := range map[string]struct {
		g    *tandem.Graph
		want []string
	}{
		"nothing but a status": {answering(nil), nil},
		"whole":                {answering(&tandem.Answer{Status: 201, Headers: []tandem.Mapping{static("X-Id", "1")}, Body: &body}), nil},
		"fields":               {answering(nil, from("a.b", "in", "id")), nil},
		"a bad field":          {answering(nil, from("a.b", "gone", "id")), []string{"41 Field a.b"}},
		"a bad header":         {answering(&tandem.Answer{Headers: []tandem.Mapping{from("X-Id", "gone", "x")}}), []string{"41 Field X-Id"}},
		"a bad body":           {answering(&tandem.Answer{Body: &bad}), []string{"41 Field Body"}},
		"no webhook":           {timed, []string{"11 Step reply"}},
		"behind Wait All":      {barred, []string{"11 Step reply"}},
	} {
		if diff := cmp.Diff(tt.want, reasons(tt.g)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReplies(t *testing.T) {
	body := static("", "id {{Step in::id}}")
	for name, tt := range map[string]struct {
		g    *tandem.Graph
		want workflow.Reply
	}{
		"nothing": {answering(nil), workflow.Reply{Status: 200, ContentType: "application/json", Headers: map[string]string{}}},
		"fields": {
			answering(nil, from("order.id", "in", "id"), static("ok", "true")),
			workflow.Reply{Status: 200, ContentType: "application/json", Headers: map[string]string{}, Document: map[string]any{"order": map[string]any{"id": "7"}, "ok": "true"}},
		},
		"a list": {
			answering(nil, from("[].id", "in", "[ids]")),
			workflow.Reply{Status: 200, ContentType: "application/json", Headers: map[string]string{}, Document: []any{map[string]any{"id": "a"}, map[string]any{"id": "b"}}},
		},
		"text": {
			answering(&tandem.Answer{Status: 418, ContentType: "text/plain", Headers: []tandem.Mapping{static("x-id", "{{id}}"), static("X-None", "{{none}}"), {Target: "X-Off"}}, Body: &body}, static("ignored", "x")),
			workflow.Reply{Status: 418, ContentType: "text/plain", Headers: map[string]string{"X-Id": "7"}, Text: "id 7"},
		},
	} {
		p, err := workflow.Compile(tt.g, resolve)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := p.Node("reply").Reply(&workflow.Data{Outputs: []*workflow.Output{workflow.NewOutput("in", []byte(`{"id":"7","ids":["a","b"]}`))}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whose caller a step answers is the nearest webhook's before it.
func TestAnswered(t *testing.T) {
	g := middle(&tandem.Match{Field: "id", Key: from("", "in", "id")})
	g.Steps = append(g.Steps, tandem.Step{ID: "reply", Name: "Reply", ActionType: tandem.SynchronousResponseStep})
	g.Edges = append(g.Edges, edge("out", "reply", ""))
	answered := func() (all []string) {
		t.Helper()
		p, err := workflow.Compile(g, resolve)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range p.Nodes {
			if n.Answered() {
				all = append(all, string(n.ID))
			}
		}
		return all
	}
	if diff := cmp.Diff([]string{"mid"}, answered()); diff != "" {
		t.Error(diff)
	}
	g.Edges = append(g.Edges, edge("in", "reply", ""))
	if diff := cmp.Diff([]string{"in", "mid"}, answered()); diff != "" {
		t.Error(diff)
	}
	g.Edges = g.Edges[:2]
	g.Steps = g.Steps[:3]
	if got := answered(); got != nil {
		t.Errorf("without such a step: %v", got)
	}
}

func TestRenewAnswers(t *testing.T) {
	body := from("", "in", "x")
	g := middle(&tandem.Match{Field: "id", Key: from("", "in", "id")})
	g.Steps = append(g.Steps, tandem.Step{ID: "reply", Answer: &tandem.Answer{Status: 201, Headers: []tandem.Mapping{from("X-A", "mid", "a")}, Body: &body}})
	now := workflow.Renew(*g, map[tandem.StepID]tandem.StepID{"in": "in2", "mid": "mid2"})
	if got := now.Steps[1].Match; got.Key.SourceStepID != "in2" || got.Field != "id" {
		t.Errorf("match %+v", got)
	}
	if got := now.Steps[3].Answer; got.Status != 201 || got.Headers[0].SourceStepID != "mid2" || got.Body.SourceStepID != "in2" {
		t.Errorf("answer %+v", got)
	}
	if g.Steps[1].Match.Key.SourceStepID != "in" || body.SourceStepID != "in" || g.Steps[3].Answer.Headers[0].SourceStepID != "mid" {
		t.Error("the graph that was copied changed")
	}
}
