package run_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
)

// What happens to a call of a step: it has to wait for a limit, or fails, or works.
const (
	limited = "limited"
	fails   = "fails"
	works   = "works"
)

// course is what docs/states.md says of a step to which things happen: how its
// attempts are recorded, how long all takes, and how much of it happens.
func course(policy tandem.StepErrorAction, retries int, happens []string) (attempts []tandem.Outcome, took time.Duration, n int) {
	for i, what := range happens {
		switch {
		case what == limited:
			took += time.Minute
		case what == works:
			return append(attempts, tandem.OutcomeSuccess), took, i + 1
		case policy == tandem.IgnoreError:
			return append(attempts, tandem.OutcomeWarning), took, i + 1
		case policy == tandem.RetryStep && len(attempts) < retries:
			took += []time.Duration{5, 30, 60, 180, 360}[len(attempts)] * time.Minute
			attempts = append(attempts, tandem.OutcomeWarning)
		default:
			return append(attempts, tandem.OutcomeError), took, i + 1
		}
	}
	panic("nothing works in the end")
}

// TestStepStates holds steps to docs/states.md, over crashes after any commit.
func TestStepStates(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		policy := rapid.SampledFrom([]tandem.StepErrorAction{tandem.StopTransaction, tandem.IgnoreError, tandem.RetryStep, tandem.StopIntegration}).Draw(r, "policy")
		retries := rapid.IntRange(1, tandem.MaxRetries).Draw(r, "retries")
		happens := append(rapid.SliceOfN(rapid.SampledFrom([]string{limited, fails}), 0, 8).Draw(r, "happens"), works)
		crash := rapid.IntRange(0, 12).Draw(r, "crash")
		want, took, n := course(policy, retries, happens)
		var got []tandem.StepItem
		var passed time.Duration
		var w *world
		var txn *txn
		synctest.Test(t, func(t *testing.T) {
			w = happening(t, policy, retries, happens[:n])
			w.crashAt = crash
			began := time.Now()
			txn = w.webhook(`{}`)
			w.run(t.Context())
			passed = time.Since(began)
		})
		for _, item := range txn.items {
			if item.StepID == "out" {
				got = append(got, item)
			}
		}
		if !slices.EqualFunc(want, got, func(o tandem.Outcome, item tandem.StepItem) bool { return item.Outcome == o }) || passed != took {
			r.Fatalf("%v in %v, want %v in %v", got, passed, want, took)
		}
		goesOn := want[len(want)-1] != tandem.OutcomeError
		after := slices.ContainsFunc(txn.items, func(item tandem.StepItem) bool { return item.StepID == "after" })
		stops := len(w.stopped) > 0
		if after != goesOn || (txn.Status == tandem.TransactionCompleted) != goesOn || !txn.Status.Final() || stops != (!goesOn && policy == tandem.StopIntegration) {
			r.Fatalf("%s, goes on %v, stops its cycle %v", txn.Status, after, stops)
		}
		for i, item := range got {
			if last := i == len(got)-1; item.Attempt != i+1 || (item.Tasks == 1) != last {
				r.Fatalf("attempt %d: %+v", i+1, item)
			}
		}
	})
}

// happening has in>out>after, to whose step out things happen.
func happening(t *testing.T, policy tandem.StepErrorAction, retries int, happens []string) *world {
	w := flaky(t, retries)
	w.in.Plan.Node("out").OnError = policy
	next := func() string {
		if len(happens) == 0 {
			return works
		}
		return happens[0]
	}
	w.limit = func(int64) time.Duration {
		if next() != limited {
			return 0
		}
		happens = happens[1:]
		return time.Minute
	}
	w.answer = func(path, _ string) reply {
		if path != "/send" {
			return reply{}
		}
		what := next()
		happens = happens[min(1, len(happens)):]
		if what == fails {
			return reply{status: 500}
		}
		return reply{}
	}
	return w
}
