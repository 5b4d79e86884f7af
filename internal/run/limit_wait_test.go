package run_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func TestLimitWaitsAndIsNeverLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>out", step("in", "plain", ""), step("out", "send", "x")), methods...)
		var at []time.Duration
		began := time.Now()
		w.answer = func(string, string) reply {
			at = append(at, time.Since(began).Round(time.Second))
			if len(at) < 4 {
				return reply{status: 429, retryAfter: time.Duration(len(at)) * time.Minute}
			}
			return reply{}
		}
		txn := w.webhook(`{}`)
		w.run(t.Context())
		m := time.Minute
		if diff := cmp.Diff([]time.Duration{0, m, 3 * m, 6 * m}, at); diff != "" {
			t.Error(diff)
		}
		if txn.Status != tandem.TransactionCompleted || len(w.incidents) != 3 || w.incidents[0].IncidentLevel != tandem.OutcomeWarning || w.meter["send"].Succeeded != 1 || txn.items[1].Attempt != 4 {
			t.Errorf("%s %+v %v", txn.Status, w.incidents, w.meter)
		}
		if want := "429 Too Many Requests; calls go on at 2000-01-01T00:01:00Z"; w.incidents[0].FullMessage != want {
			t.Errorf("the incident says %q, want %q", w.incidents[0].FullMessage, want)
		}
		for _, e := range w.effects {
			if e.Key != w.effects[0].Key {
				t.Error("the key changed between attempts")
			}
		}
	})
}

// Who has to wait for his turn is no error, no attempt and no task, and has his
// place again when he comes back.
func TestPlaceIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, graph("in>a a>b", step("in", "plain", ""), step("a", "send", "a"), step("b", "send", "b")), methods...)
		var places []int64
		w.limit = func(place int64) time.Duration {
			if places = append(places, place); len(places)%3 != 0 {
				return time.Minute
			}
			return 0
		}
		began := time.Now()
		txn := w.webhook(`{}`)
		w.run(t.Context())
		if diff := cmp.Diff([]int64{0, 7, 7, 0, 7, 7}, places); diff != "" || time.Since(began) != 4*time.Minute {
			t.Error(diff, time.Since(began))
		}
		if txn.Status != tandem.TransactionCompleted || len(w.incidents) != 0 || w.meter["send"].Succeeded != 2 || txn.items[1].Attempt != 1 || len(w.effects) != 2 {
			t.Errorf("%s %+v %v", txn.Status, w.incidents, w.meter)
		}
	})
}
