package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// rolling is a rollout of a template with cycles in an account.
type rolling struct {
	*testing.T
	*store.Store
	now      time.Time
	account  *tandem.Account
	template tandem.Template
	cycles   []*tandem.Cycle
	of       tandem.Rollout
}

func newRolling(t *testing.T, s *store.Store, cycles int, plan tandem.RolloutPlan) *rolling {
	t.Helper()
	p := newPartner(t, s, "a@acme.test")
	w := &rolling{T: t, Store: s, now: time.UnixMicro(1_000_000_000_000_000).UTC(), account: newAccount(t, s, p, "a", 0), template: newTemplate(p, "T", tandem.ReleaseLive)}
	if err := s.InsertTemplate(t.Context(), &w.template); err != nil {
		t.Fatal(err)
	}
	for i := range cycles {
		c := &tandem.Cycle{
			Account: w.account.ID, ID: tandem.CycleID(tandem.NewGUID()), Version: 1, Name: string(rune('a' + i)), Status: tandem.CyclePaused, Created: w.now,
			Connectors: map[string]tandem.AccountConnectorID{}, TemplateID: w.template.ID, TemplateReleaseID: "old",
		}
		if err := s.InsertCycle(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		w.cycles = append(w.cycles, c)
	}
	w.insert(plan, nil)
	return w
}

// insert begins another rollout.
func (w *rolling) insert(plan tandem.RolloutPlan, want error) {
	w.Helper()
	r := tandem.Rollout{
		Partner: w.template.Partner, Template: w.template.ID, ID: tandem.RolloutID(tandem.NewGUID()), Release: w.template.Release.ID, Version: 1,
		State: tandem.RolloutRunning, First: plan.First, MaxFailures: plan.MaxFailures, Created: w.now,
	}
	err := w.InsertRollout(w.Context(), &r, plan)
	if !errors.Is(err, want) {
		w.Fatalf("insert: %v, want %v", err, want)
	}
	if err == nil {
		w.of = r
	}
}

func (w *rolling) read() tandem.Rollout {
	w.Helper()
	r, err := w.Rollout(w.Context(), w.of.Partner, w.template.ID, w.of.ID)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// next is the place of the cycle whose turn it is; 0: none's.
func (w *rolling) next() int {
	w.Helper()
	c, err := w.NextRolloutCycle(w.Context(), w.of.Partner, w.of.ID)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		w.Fatal(err)
	}
	return c.Place
}

func (w *rolling) end(place int, outcome tandem.RolloutOutcome) tandem.RolloutEnd {
	return tandem.RolloutEnd{Partner: w.of.Partner, Rollout: w.of.ID, Place: place, Outcome: outcome, Ended: w.now}
}

// upgrade upgrades the cycle at a place, as a rollout does.
func (w *rolling) upgrade(place int) error {
	end := w.end(place, tandem.RolloutUpgraded)
	end.Lost = []tandem.Lost{{Name: "x", Reason: "why"}}
	_, err := w.ChangeCycle(w.Context(), w.account.ID, w.cycles[place-1].ID, func(c *tandem.Cycle) error {
		c.TemplateReleaseID, c.Settles = w.template.Release.ID, &end
		return nil
	})
	return err
}

func (w *rolling) settle(place int, outcome tandem.RolloutOutcome, want error) {
	w.Helper()
	if err := w.SettleRollout(w.Context(), w.end(place, outcome)); !errors.Is(err, want) {
		w.Errorf("settle %d: %v, want %v", place, err, want)
	}
}

func (w *rolling) state(want tandem.RolloutState, reason string) {
	w.Helper()
	if r := w.read(); r.State != want || r.Reason != reason || r.Ended.IsZero() == (want == tandem.RolloutCompleted || want == tandem.RolloutCancelled) {
		w.Errorf("%s %q, ended %v; want %s %q", r.State, r.Reason, r.Ended, want, reason)
	}
}

func (w *rolling) must(err error) {
	w.Helper()
	if err != nil {
		w.Error(err)
	}
}

// rollouts upgrade each cycle once, in one commit with its outcome.
func rollouts(t *testing.T, s *store.Store) {
	w := newRolling(t, s, 3, tandem.RolloutPlan{})
	ctx, p, conflict, gone := t.Context(), w.of.Partner, &tandem.Error{Code: tandem.Conflict}, &tandem.Error{Code: tandem.NotFound}
	w.insert(tandem.RolloutPlan{}, conflict)
	if err := w.upgrade(1); err != nil {
		t.Fatal(err)
	}
	if err := w.upgrade(1); !errors.Is(err, tandem.ErrSettled) {
		t.Errorf("upgraded twice: %v", err)
	}
	w.settle(2, tandem.RolloutGone, nil)
	w.settle(2, tandem.RolloutFailed, tandem.ErrSettled)
	if n := w.next(); n != 3 {
		t.Errorf("next is %d", n)
	}
	page, err := s.RolloutCycles(ctx, p, w.template.ID, w.of.ID, tandem.RolloutFilter{Outcome: tandem.RolloutUpgraded})
	want := tandem.RolloutCycle{
		Place: 1, Account: w.account.ID, AccountID: "a", AccountName: "a", Cycle: w.cycles[0].ID, CycleName: "a",
		Outcome: tandem.RolloutUpgraded, Lost: []tandem.Lost{{Name: "x", Reason: "why"}}, Ended: w.now,
	}
	if diff := cmp.Diff([]tandem.RolloutCycle{want}, page.Rows); err != nil || page.Total != 1 || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
	w.must(s.CancelRollout(ctx, p, w.template.ID, w.of.ID, "why", w.now))
	w.state(tandem.RolloutCancelled, "why")
	if err := w.upgrade(3); !errors.Is(err, tandem.ErrSettled) || w.next() != 0 {
		t.Errorf("upgraded after it was cancelled: %v", err)
	}
	if c, err := s.Cycle(ctx, w.account.ID, w.cycles[2].ID); err != nil || c.TemplateReleaseID != "old" {
		t.Errorf("a cycle of a cancelled rollout: %+v, %v", c, err)
	}
	counts := map[tandem.RolloutOutcome]int{tandem.RolloutUpgraded: 1, tandem.RolloutGone: 1, tandem.RolloutDropped: 1}
	if diff := cmp.Diff(counts, w.read().Counts); diff != "" {
		t.Error(diff)
	}
	bolt := newPartner(t, s, "b@bolt.test")
	_, read := s.Rollout(ctx, bolt, w.template.ID, w.of.ID)
	_, list := s.Rollouts(ctx, bolt, w.template.ID, tandem.PageRequest{})
	_, cycles := s.RolloutCycles(ctx, bolt, w.template.ID, w.of.ID, tandem.RolloutFilter{})
	for what, err := range map[string]error{
		"read": read, "list": list, "cycles": cycles, "continue": s.ContinueRollout(ctx, bolt, w.template.ID, w.of.ID),
		"cancel": s.CancelRollout(ctx, bolt, w.template.ID, w.of.ID, "", w.now), "retry": s.RetryRollout(ctx, bolt, w.template.ID, w.of.ID),
	} {
		if !errors.Is(err, gone) {
			t.Errorf("%s another partner's: %v", what, err)
		}
	}
	w.insert(tandem.RolloutPlan{Cycles: []tandem.CycleID{w.cycles[2].ID, w.cycles[0].ID}}, nil)
	if all, err := s.Rollouts(ctx, p, w.template.ID, tandem.PageRequest{}); err != nil || all.Total != 2 || w.read().Counts[tandem.RolloutPending] != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	if c, err := s.NextRolloutCycle(ctx, p, w.of.ID); err != nil || c.Cycle != w.cycles[2].ID {
		t.Errorf("the first that was named: %+v, %v", c, err)
	}
	w.must(s.CancelRollout(ctx, p, w.template.ID, w.of.ID, "", w.now))
	for _, plan := range []tandem.RolloutPlan{{Cycles: []tandem.CycleID{"none"}}, {From: "none"}} {
		w.insert(plan, &tandem.Error{Code: tandem.Invalid})
	}
	w.must(s.ForgetRollouts(ctx, w.now.Add(time.Second)))
	if all, err := s.Rollouts(ctx, p, w.template.ID, tandem.PageRequest{}); err != nil || all.Total != 0 {
		t.Errorf("remembered: %+v, %v", all, err)
	}
}

// rolloutsWait for people: after the first few, and after failures.
func rolloutsWait(t *testing.T, s *store.Store) {
	w := newRolling(t, s, 6, tandem.RolloutPlan{First: 1, MaxFailures: 2})
	ctx, p, conflict := t.Context(), w.of.Partner, &tandem.Error{Code: tandem.Conflict}
	w.settle(1, tandem.RolloutGone, nil) // which tells nothing of the release
	w.state(tandem.RolloutRunning, "")
	w.must(w.upgrade(2))
	w.state(tandem.RolloutWaiting, "The first cycle was tried.")
	if _, err := s.ClaimRollout(ctx, w.now, w.now.Add(time.Minute)); tandem.ErrorCode(err) != tandem.NotFound || w.next() != 0 {
		t.Errorf("one that waits is worked at: %v", err)
	}
	w.settle(3, tandem.RolloutFailed, tandem.ErrSettled)
	w.must(s.ContinueRollout(ctx, p, w.template.ID, w.of.ID))
	if err := s.ContinueRollout(ctx, p, w.template.ID, w.of.ID); !errors.Is(err, conflict) {
		t.Errorf("continued twice: %v", err)
	}
	w.settle(3, tandem.RolloutFailed, nil)
	w.state(tandem.RolloutRunning, "")
	w.settle(4, tandem.RolloutFailed, nil)
	w.state(tandem.RolloutWaiting, "2 cycles could not be upgraded.")
	w.must(s.ContinueRollout(ctx, p, w.template.ID, w.of.ID))
	w.settle(5, tandem.RolloutFailed, nil)
	if err := s.RetryRollout(ctx, p, w.template.ID, w.of.ID); !errors.Is(err, conflict) {
		t.Errorf("retried while it runs: %v", err)
	}
	w.must(w.upgrade(6))
	w.state(tandem.RolloutCompleted, "")
	if err := s.CancelRollout(ctx, p, w.template.ID, w.of.ID, "", w.now); !errors.Is(err, conflict) {
		t.Errorf("cancelled at its end: %v", err)
	}
	w.must(s.RetryRollout(ctx, p, w.template.ID, w.of.ID))
	w.state(tandem.RolloutRunning, "")
	for _, place := range []int{3, 4, 5} {
		if n := w.next(); n != place {
			t.Errorf("retried %d, want %d", n, place)
		}
		w.must(w.upgrade(place))
	}
	w.state(tandem.RolloutCompleted, "")
	if err := s.RetryRollout(ctx, p, w.template.ID, w.of.ID); !errors.Is(err, conflict) {
		t.Errorf("retried though none failed: %v", err)
	}
}

// rolloutClaims are of one node at a time, until it gives up or dies.
func rolloutClaims(t *testing.T, s *store.Store) {
	w := newRolling(t, s, 2, tandem.RolloutPlan{})
	ctx, p := t.Context(), w.of.Partner
	var claimed atomic.Int32
	var nodes sync.WaitGroup
	for range 8 {
		nodes.Go(func() {
			if _, err := s.ClaimRollout(ctx, w.now, w.now.Add(time.Minute)); err == nil {
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
	later := w.now.Add(time.Minute)
	if r, err := s.ClaimRollout(ctx, later, later.Add(time.Minute)); err != nil || r.ID != w.of.ID || r.By.Partner != p {
		t.Errorf("after its owner died: %+v, %v", r, err)
	}
	w.must(s.ReleaseRollout(ctx, p, w.of.ID, later, later.Add(time.Hour)))
	if _, err := s.ClaimRollout(ctx, later, later); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("one that is put off: %v", err)
	}
	// An account is purged, and with it what is pending.
	w.must(s.DeleteAccount(ctx, p, w.account.ID, w.now))
	if c, err := s.NextRolloutCycle(ctx, p, w.of.ID); err != nil || !c.Deleted {
		t.Errorf("of a deleted account: %+v, %v", c, err)
	}
	if n, err := s.PurgeAccounts(ctx, later); n != 1 || err != nil {
		t.Errorf("%d purged, %v", n, err)
	}
	w.must(s.ReleaseRollout(ctx, p, w.of.ID, later, later))
	w.state(tandem.RolloutCompleted, "")
}
