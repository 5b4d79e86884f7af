package run_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/run"
)

func TestStopRecordsNoHalfStep(t *testing.T) {
	w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send2", "1")), methods...)
	w.serve()
	ctx, cancel := context.WithCancel(t.Context())
	w.answer = func(path, _ string) reply {
		if path == "/send2" && ctx.Err() == nil {
			cancel()
			return reply{never: true}
		}
		return reply{}
	}
	txn := w.webhook(`{}`)
	y, err := w.slice(ctx, txn)
	if err != nil || y.Kind != engine.Ready || len(txn.items) != 2 || txn.Status != tandem.TransactionQueued || len(w.incidents) != 0 {
		t.Fatalf("%v %v, %d items, %s, %v", y, err, len(txn.items), txn.Status, w.incidents)
	}
	w.run(t.Context())
	if txn.Status != tandem.TransactionCompleted || len(w.effects) != 3 || w.effects[1] != w.effects[2] {
		t.Errorf("%s %v", txn.Status, w.effects)
	}
}

// What was done when the stop came is recorded.
func TestStopAfterTheAnswerRecordsIt(t *testing.T) {
	w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b")), methods...)
	ctx, cancel := context.WithCancel(t.Context())
	w.answer = func(string, string) reply {
		cancel()
		return reply{}
	}
	txn := w.webhook(`{}`)
	if y, err := w.slice(ctx, txn); err != nil || y.Kind != engine.Ready || len(txn.items) != 2 || len(w.effects) != 1 {
		t.Errorf("%v %v, %d items, %s", y, err, len(txn.items), w.bodies())
	}
}

func TestSlicesAreBounded(t *testing.T) {
	w := newWorld(t, graph("in>a a>b b>c", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b"), step("c", "send", "c")), methods...)
	w.options.Steps = 2
	txn := w.webhook(`{}`)
	if y, err := w.slice(t.Context(), txn); err != nil || y.Kind != engine.Ready || len(w.effects) != 1 {
		t.Fatal(y, err, w.bodies())
	}
	w.run(t.Context())
	if want := `send {"v":"a"}; send {"v":"b"}; send {"v":"c"}`; w.bodies() != want {
		t.Error(w.bodies())
	}
	if y, err := w.slice(t.Context(), txn); err != nil || y.Kind != engine.Done {
		t.Error("a finished transaction runs again", y, err)
	}
}

// Cut after every commit in turn, a transaction comes to the same end as one
// that is not, and what it repeats has the key that it had.
func TestCrashAfterEveryCommit(t *testing.T) {
	flows := map[string]func(w *world){
		"webhook": func(w *world) { w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}],"x":1}`) },
		"split":   func(w *world) { w.webhook(`{"records":[{"n":1},{"n":2},{"n":3}]}`) },
		"timer":   func(w *world) { w.submit(run.TimerStart(w.firing())) },
	}
	for name, start := range flows {
		t.Run(name, func(t *testing.T) {
			tell := func(crashAt int) (map[string]any, int) {
				trigger := map[string]string{"webhook": "event", "split": "event", "timer": "list"}[name]
				g := graph("in>d d?T>get d?T>b d?F>b get>bad bad>out", step("in", trigger, ""), decision("d", "{{[rows].n}}{{records.n}}{{x}}", "1"),
					step("get", "get", ""), step("b", "send", "b"), step("bad", "send2", "{{none}}"), step("out", "send", "{{[found].n}}"))
				g.StepErrorAction, g.CollectionSplitType = tandem.IgnoreError, tandem.SplitAll
				w := newWorld(t, g, methods...)
				w.options.Children, w.crashAt = 1, crashAt
				w.answer = func(path, body string) reply {
					if path == "/get" {
						return reply{body: `{"found":[{"n":8},{"n":9}]}`}
					}
					return pages(2)(path, body)
				}
				start(w)
				w.run(t.Context())
				return w.story(), w.commits
			}
			want, commits := tell(0)
			if commits < 5 {
				t.Fatalf("only %d commits: %v", commits, want)
			}
			for at := 1; at <= commits; at++ {
				if got, _ := tell(at); !cmp.Equal(want, got) {
					t.Fatalf("cut after commit %d:\n%s", at, cmp.Diff(want, got))
				}
			}
		})
	}
}

// Cut before every commit in turn (the call was made, its record lost).
func TestCrashBeforeCommitRepeatsWithTheSameKey(t *testing.T) {
	w := newWorld(t, graph("in>d d?T>a a>b", step("in", "plain", ""), decision("d", "1", "1"), step("a", "send", "a"), step("b", "send2", "2")), methods...)
	txn := w.webhook(`{}`)
	for len(w.effects) < 2 {
		if _, err := w.runner().Slice(t.Context(), lost{}, txn.Txn); err == nil {
			t.Fatal("the commit was not lost")
		}
	}
	w.run(t.Context())
	keys := map[string]int{}
	for _, e := range w.effects {
		keys[e.Key]++
	}
	if len(keys) != 2 || txn.Status != tandem.TransactionCompleted || keys[w.effects[0].Key] != 3 {
		t.Errorf("%v, %s", w.effects, txn.Status)
	}
}
