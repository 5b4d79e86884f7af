package run_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

func responding(id string, a *tandem.Answer, fields ...tandem.Mapping) tandem.Step {
	return tandem.Step{ID: tandem.StepID(id), Name: id, ActionType: tandem.SynchronousResponseStep, Answer: a, Fields: fields}
}

func field(target, value string) tandem.Mapping {
	return tandem.Mapping{Target: target, MappingType: tandem.MapStatic, Value: value}
}

func TestAnswers(t *testing.T) {
	text := field("", "id {{id}}")
	for name, tt := range map[string]struct {
		answer *tandem.Answer
		fields []tandem.Mapping
		status int
		kind   string
		body   string
	}{
		"nothing":        {nil, nil, 200, "application/json", ""},
		"JSON":           {nil, []tandem.Mapping{field("order.id", "{{id}}"), field("note", "<b>")}, 200, "application/json", `{"note":"<b>","order":{"id":7}}`},
		"a JSON":         {&tandem.Answer{ContentType: "application/hal+json; charset=utf-8"}, []tandem.Mapping{field("a", "b")}, 200, "application/hal+json; charset=utf-8", `{"a":"b"}`},
		"XML":            {&tandem.Answer{Status: 202, ContentType: "text/xml"}, []tandem.Mapping{field("order.id", "{{id}}")}, 202, "text/xml", `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<order><id>7</id></order>`},
		"form":           {&tandem.Answer{ContentType: "application/x-www-form-urlencoded"}, []tandem.Mapping{field("a.b", "{{id}}"), field("c", "d e")}, 200, "application/x-www-form-urlencoded", "a%5Bb%5D=7&c=d+e"},
		"text":           {&tandem.Answer{Status: 418, ContentType: "text/plain", Body: &text}, nil, 418, "text/plain", "id 7"},
		"text, no field": {&tandem.Answer{ContentType: "text/plain"}, nil, 200, "text/plain", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, graph("in>reply reply>out", step("in", "plain", ""), responding("reply", tt.answer, tt.fields...), step("out", "send", "x")), methods...)
			var told []string
			w.options.Answered = func(c journal.Caller) {
				told = append(told, fmt.Sprint(c.Account, int64(c.ID), len(w.effects), w.txns[0].Status.Final()))
			}
			txn := w.webhook(`{"id":7}`)
			w.run(t.Context())
			if len(w.answers) != 1 || txn.Status != tandem.TransactionCompleted {
				t.Fatalf("%+v, %s, %+v", w.answers, txn.Status, w.incidents)
			}
			a := w.answers[0]
			got := fmt.Sprint(a.To, a.Response.Status, a.Response.Headers["Content-Type"], strings.ReplaceAll(string(a.Response.Body), "\r", ""))
			if want := fmt.Sprint(txn.ID, tt.status, tt.kind, tt.body); got != want {
				t.Errorf("answered %s, want %s", got, want)
			}
			if diff := cmp.Diff([]string{"1 1 0 false", "1 1 1 true"}, told); diff != "" { // before the next step begins, and at the end
				t.Errorf("told: %s", diff)
			}
			if item := txn.items[1]; item.Response == nil || string(item.Response.Body) != string(a.Response.Body) || item.Tasks != 0 {
				t.Errorf("recorded %+v", item)
			}
		})
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	bad := field("", "{{id | date:yyyy}}")
	for name, s := range map[string]tandem.Step{
		"fields as text": responding("reply", &tandem.Answer{ContentType: "text/plain"}, field("a", "b")),
		"no root":        responding("reply", &tandem.Answer{ContentType: "application/xml"}, field("a", "b"), field("c", "d")),
		"a value":        responding("reply", &tandem.Answer{Body: &bad}),
		"a header":       responding("reply", &tandem.Answer{Headers: []tandem.Mapping{field("X-A", "{{id | date:yyyy}}")}}),
		"too long":       responding("reply", nil, field("a", strings.Repeat("a", 1<<20))),
	} {
		w := newWorld(t, graph("in>reply", step("in", "plain", ""), s), methods...)
		txn := w.webhook(`{"id":"x"}`)
		w.run(t.Context())
		if txn.Status != tandem.TransactionFailed || len(w.answers) != 0 || len(w.incidents) != 1 || w.incidents[0].ShortMessage != "Failed to build the webhook response" {
			t.Errorf("%s: %s, %+v, %+v", name, txn.Status, w.answers, w.incidents)
		}
	}
}

// Whose caller is answered: that of the transaction which its request made, by any
// that came of it.
func TestAnswersAreFor(t *testing.T) {
	split := step("in", "event", "")
	split.CollectionSplitType = tandem.SplitAll
	w := newWorld(t, graph("in>reply", split, responding("reply", nil)), methods...)
	w.webhook(`[{"n":1},{"n":2}]`)
	w.run(t.Context())
	var to []tandem.TransactionID
	for _, a := range w.answers {
		to = append(to, a.To)
	}
	if diff := cmp.Diff([]tandem.TransactionID{1, 1}, to); diff != "" {
		t.Errorf("of a list: %s", diff)
	}

	w = newWorld(t, graph("in>mid mid>reply", step("in", "plain", ""), middle("mid", "{{id}}"), responding("reply", nil)), methods...)
	held := w.webhook(`{"id":7}`)
	w.advance(t, held)
	child := w.request(t, held, 0, `{}`)
	w.advance(t, child)
	if len(w.answers) != 1 || w.answers[0].To != child.ID {
		t.Errorf("of a request in the middle: %+v", w.answers)
	}
}
