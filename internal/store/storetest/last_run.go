package storetest

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// lastRuns moves when a step last ran forward only, unless a script chose it.
func (j *journalTest) lastRuns(t *testing.T) {
	const step = tandem.StepID("5f0d7c9e-0000-4000-8000-00000000000a")
	if _, err := j.s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO step (account, id, cycle, last_successful_run) VALUES (1, $1, $2, 0)`, step, cycle); err != nil {
		t.Fatal(err)
	}
	at := func(second int) time.Time { return time.Date(2026, 3, 4, 5, 6, second, 0, time.UTC) }
	ran := func(want time.Time, runs ...journal.LastRun) {
		t.Helper()
		id := j.submit(t, journal.NewTxn{})[0]
		for i := range runs {
			runs[i].Cycle, runs[i].Step = cycle, step
		}
		j.commit(t, journal.Delta{Txn: id, Status: tandem.TransactionCompleted, LastRuns: runs})
		if got, err := j.s.LastRun(t.Context(), 1, cycle, step); err != nil || !got.Equal(want) {
			t.Errorf("%v: %v, %v, want %v", runs, got, err, want)
		}
	}
	if got, err := j.s.LastRun(t.Context(), 1, cycle, step); err != nil || !got.IsZero() {
		t.Errorf("never: %v, %v", got, err)
	}
	ran(at(20), journal.LastRun{At: at(20)})
	ran(at(20), journal.LastRun{At: at(10)})
	ran(at(5), journal.LastRun{At: at(5), Chosen: true})
	ran(at(7), journal.LastRun{At: at(30)}, journal.LastRun{At: at(7), Chosen: true}, journal.LastRun{At: at(40)})
}
