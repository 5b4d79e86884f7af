package storetest

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// repeating is an account with jobs.
type repeating struct {
	*testing.T
	*store.Store
	now            time.Time
	account, other *tandem.Account
}

func newRepeating(t *testing.T, s *store.Store) *repeating {
	t.Helper()
	p := newPartner(t, s, "a@acme.test")
	return &repeating{t, s, time.UnixMicro(1_000_000_000_000_000).UTC(), newAccount(t, s, p, "a", 0), newAccount(t, s, p, "b", 0)}
}

// begin begins a job. Errors: Conflict.
func (w *repeating) begin() (tandem.RepeatJob, error) {
	j := tandem.RepeatJob{
		Account: w.account.ID, ID: tandem.RepeatJobID(tandem.NewGUID()), Action: tandem.RetryTransaction, State: tandem.RepeatJobRunning, Created: w.now,
		Filter: tandem.TransactionFilter{Cycle: "c", Status: new(tandem.TransactionFailed), After: w.now.Add(-time.Hour), Before: w.now},
	}
	return j, w.InsertRepeatJob(w.Context(), &j)
}

func (w *repeating) claim(at time.Time) (tandem.RepeatJob, error) {
	return w.ClaimRepeatJob(w.Context(), at, at.Add(time.Minute))
}

func (w *repeating) read(id tandem.RepeatJobID) tandem.RepeatJob {
	w.Helper()
	j, err := w.RepeatJob(w.Context(), w.account.ID, id)
	w.is(err, "")
	return j
}

// is looks at an error by its code; "": there is to be none.
func (w *repeating) is(err error, want tandem.Code) {
	w.Helper()
	if err != nil && want == "" {
		w.Fatal(err)
	}
	if want != "" && tandem.ErrorCode(err) != want {
		w.Errorf("%v, want %v", err, want)
	}
}

// repeatJobClaims are of one node at a time, which notes how far its job is.
func repeatJobClaims(t *testing.T, s *store.Store) {
	w := newRepeating(t, s)
	ctx := t.Context()
	j, err := w.begin()
	w.is(err, "")
	var claimed atomic.Int32
	var nodes sync.WaitGroup
	for range 8 {
		nodes.Go(func() {
			if _, err := w.claim(w.now); err == nil {
				claimed.Add(1)
			} else if tandem.ErrorCode(err) != tandem.NotFound {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
	if claimed.Load() != 1 {
		t.Errorf("%d nodes have it", claimed.Load())
	}
	late := w.read(j.ID) // whoever had it died
	later := w.now.Add(time.Minute)
	has, err := w.claim(later)
	w.is(err, "")
	w.is(s.SaveRepeatJob(ctx, &late), tandem.NotFound)
	has.Filter.Past, has.Done, has.Skipped, has.Doing, has.Starts = 7, 5, 2, []tandem.TransactionID{8, 9}, 2
	w.is(s.SaveRepeatJob(ctx, &has), "")
	if j = w.read(j.ID); j.Starts != 2 || !slices.Equal(j.Doing, []tandem.TransactionID{8, 9}) {
		t.Errorf("begun: %+v", j)
	}
	has.Starts--
	w.is(s.ReleaseRepeatJob(ctx, &has, later.Add(time.Hour)), "")
	_, err = w.claim(later) // it is put off
	w.is(err, tandem.NotFound)
	if j = w.read(j.ID); j.Filter.Past != 7 || j.Done != 5 || j.Skipped != 2 || j.Starts != 1 || len(j.Doing) != 2 || j.State != tandem.RepeatJobRunning {
		t.Errorf("saved: %+v", j)
	}

	// Who is suspended waits, and what is cancelled while it is at work stays so.
	later = later.Add(time.Hour)
	suspend := func(enabled bool) {
		t.Helper()
		_, err := s.Dialect().Writer().ExecContext(ctx, `UPDATE account SET enabled = $2 WHERE id = $1`, w.account.ID, enabled)
		w.is(err, "")
	}
	suspend(false)
	_, err = w.claim(later)
	w.is(err, tandem.NotFound)
	suspend(true)
	has, err = w.claim(later)
	w.is(err, "")
	w.is(s.CancelRepeatJob(ctx, w.account.ID, j.ID, later), "")
	w.is(s.CancelRepeatJob(ctx, w.account.ID, j.ID, later), tandem.Conflict)
	has.Done, has.Doing, has.State, has.Ended = 9, nil, tandem.RepeatJobCompleted, later.Add(time.Second)
	w.is(s.SaveRepeatJob(ctx, &has), "")
	if j = w.read(j.ID); has.State != tandem.RepeatJobCancelled || j.State != tandem.RepeatJobCancelled || j.Done != 9 || j.Doing != nil || !j.Ended.Equal(later) {
		t.Errorf("cancelled: %+v", j)
	}
}

// repeatJobs are an account's, so many at a time, and are forgotten after their end.
func repeatJobs(t *testing.T, s *store.Store) {
	w := newRepeating(t, s)
	ctx := t.Context()
	j, err := w.begin()
	w.is(err, "")
	if diff := cmp.Diff(j, w.read(j.ID)); diff != "" {
		t.Error(diff)
	}
	_, err = s.RepeatJob(ctx, w.other.ID, j.ID)
	w.is(err, tandem.NotFound)
	w.is(s.CancelRepeatJob(ctx, w.other.ID, j.ID, w.now), tandem.NotFound)
	w.is(s.CancelRepeatJob(ctx, w.account.ID, j.ID, w.now), "")
	ended := w.now
	w.now = w.now.Add(-time.Hour)
	for range tandem.MaxRepeatJobs {
		_, err = w.begin()
		w.is(err, "")
	}
	_, err = w.begin()
	w.is(err, tandem.Conflict)
	all, err := s.RepeatJobs(ctx, w.account.ID, tandem.PageRequest{})
	if err != nil || all.Total != tandem.MaxRepeatJobs+1 || all.Rows[0].State != tandem.RepeatJobRunning || all.Rows[tandem.MaxRepeatJobs].ID != j.ID {
		t.Errorf("those that are running first: %+v, %v", all, err)
	}
	w.is(s.ForgetRepeatJobs(ctx, ended), "")
	w.read(j.ID)
	w.is(s.ForgetRepeatJobs(ctx, ended.Add(time.Second)), "")
	_, err = s.RepeatJob(ctx, w.account.ID, j.ID)
	w.is(err, tandem.NotFound)
	if all, err = s.RepeatJobs(ctx, w.account.ID, tandem.PageRequest{}); err != nil || all.Total != tandem.MaxRepeatJobs {
		t.Errorf("those that run are kept: %+v, %v", all, err)
	}
}
