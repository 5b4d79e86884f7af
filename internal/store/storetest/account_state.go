package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// enable suspends an account, or ends that.
func enable(t *testing.T, s *store.Store, a *tandem.Account, on bool) {
	t.Helper()
	if _, err := s.UpdateAccount(t.Context(), a.Partner, a.APIID, func(a *tandem.Account) error { a.Enabled = on; return nil }); err != nil {
		t.Fatal(err)
	}
}

// suspension looks at what of a suspended account could run, and at what is
// there when it is resumed.
func suspension(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p := newPartner(t, s, "a@acme.test")
	a, below := newAccount(t, s, p, "a", 0), tandem.AccountID(0)
	below = newAccount(t, s, p, "below", a.ID).ID
	due := time.Now().Add(-time.Hour).Truncate(time.Microsecond).UTC()
	timed := func(of tandem.AccountID) *tandem.Cycle {
		c := newCycle(t, s, of, nil)
		return change(t, s, c, func(c *tandem.Cycle) { c.Status, c.Interval, c.StartTime = tandem.CycleRunning, 5, due })
	}
	running, free, paused := timed(a.ID), timed(below), newCycle(t, s, a.ID, nil)
	for _, c := range []*tandem.Cycle{running, free} { // as they are once started
		if err := s.Resume(t.Context(), c.Account, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	pending := j.submit(t, journal.NewTxn{Account: a.ID, Cycle: running.ID, Version: 1, Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, nil)}})[0]
	key := func(c *tandem.Cycle) string {
		hooks, err := s.Webhooks(t.Context(), c.Account, c.ID)
		if err != nil || len(hooks) != 1 {
			t.Fatalf("webhooks: %+v, %v", hooks, err)
		}
		return hooks[0].Key
	}
	check := func(on bool) {
		t.Helper()
		hook, err := s.WebhookByKey(t.Context(), key(running))
		if err != nil || (hook.Status == tandem.CycleRunning) != on {
			t.Errorf("webhook: %s, %v; want running: %v", hook.Status, err, on)
		}
		timers, err := s.DueTimers(t.Context(), time.Now(), 10)
		got := map[tandem.CycleID]time.Time{}
		for _, timer := range timers {
			got[timer.Cycle] = timer.Due
		}
		want := map[tandem.CycleID]time.Time{free.ID: due}
		if on {
			want[running.ID] = due // once, however many it missed
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("due timers: %v, -want +got\n%s", err, diff)
		}
		if c, err := s.Cycle(t.Context(), a.ID, running.ID); err != nil || c.Status != tandem.CycleRunning {
			t.Errorf("the cycle's own status: %v, %v", c, err)
		}
		if held, err := s.Held(t.Context(), below, free.ID); held || err != nil {
			t.Errorf("the sub-account's cycle is held: %v, %v", held, err)
		}
	}
	check(true)
	for range 2 {
		enable(t, s, a, false)
		check(false)
	}
	if held, err := s.Held(t.Context(), a.ID, running.ID); !held || err != nil {
		t.Errorf("it is held in the same commit: %v, %v", held, err)
	}
	left := func(want ...journal.Cycle) {
		t.Helper()
		got, err := s.SuspendedCycles(t.Context())
		if diff := cmp.Diff(append([]journal.Cycle{}, want...), got); diff != "" || err != nil {
			t.Errorf("left to hold: %v, -want +got\n%s", err, diff)
		}
	}
	left(journal.Cycle{Account: a.ID, ID: running.ID})
	if err := s.Hold(t.Context(), a.ID, running.ID); err != nil {
		t.Fatal(err)
	}
	left()
	if started, err := s.StartedCycles(t.Context()); len(started) != 0 || err != nil {
		t.Errorf("to be started while suspended: %v, %v", started, err)
	}
	_, err := s.ChangeCycle(t.Context(), a.ID, paused.ID, func(c *tandem.Cycle) error { c.Status = tandem.CycleRunning; return nil })
	if tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("started while suspended: %v", err)
	}
	if expired, err := s.ExpiredHolds(t.Context(), time.Now().Add(1000*time.Hour)); len(expired) != 0 || err != nil {
		t.Errorf("expired while suspended: %v, %v", expired, err)
	}

	enable(t, s, a, true)
	check(true)
	started, err := s.StartedCycles(t.Context())
	if diff := cmp.Diff([]journal.Cycle{{Account: a.ID, ID: running.ID}}, started); diff != "" || err != nil {
		t.Errorf("to be resumed: %v, -want +got\n%s", err, diff)
	}
	if err := s.Resume(t.Context(), a.ID, running.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load(t.Context(), a.ID, pending); err != nil || got.Status != tandem.TransactionQueued {
		t.Errorf("what was held: %v, %v", got.Status, err)
	}
}

// stepLimit starts cycles of two steps until there are enough.
func stepLimit(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	a := newAccount(t, s, p, "a", 0)
	console := func(n *int) {
		t.Helper()
		if _, err := s.ChangePartnerSettings(t.Context(), p, func(set *tandem.PartnerSettings) error { set.Account.StepLimit = n; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	own := func(n *int) {
		t.Helper()
		if _, err := s.UpdateAccount(t.Context(), p, "a", func(a *tandem.Account) error { a.StepLimit = n; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	all := []*tandem.Cycle{newCycle(t, s, a.ID, nil), newCycle(t, s, a.ID, nil), newCycle(t, s, a.ID, nil)}
	start := func(i int, ok bool) {
		t.Helper()
		_, err := s.ChangeCycle(t.Context(), a.ID, all[i].ID, func(c *tandem.Cycle) error { c.Status = tandem.CycleRunning; return nil })
		switch {
		case ok && err != nil:
			t.Errorf("cycle %d: %v", i, err)
		case !ok && (tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), "its step limit is")):
			t.Errorf("cycle %d over the limit: %v", i, err)
		}
	}
	console(new(3))
	start(0, true)
	start(1, false)
	own(new(4))
	start(1, true)
	start(2, false)
	setStatus(t, s, all[0], tandem.CyclePaused)
	start(2, true)
	start(0, false)
	own(new(0)) // no limit, whatever the console says
	start(0, true)

	// A release that a running cycle moves to counts, too.
	upgrade := func(i int, more bool, want tandem.Code) {
		t.Helper()
		_, err := s.ChangeCycle(t.Context(), a.ID, all[i].ID, func(c *tandem.Cycle) error {
			if more {
				c.Graph.Steps = append(c.Graph.Steps, tandem.Step{ID: tandem.StepID(tandem.NewGUID()), ActionType: tandem.ActionStep})
			} else {
				c.Graph.Steps, c.Graph.Edges = c.Graph.Steps[:1], nil
			}
			return nil
		})
		if tandem.ErrorCode(err) != want {
			t.Errorf("upgrade: %v, want %v", err, want)
		}
	}
	own(new(7))
	upgrade(0, true, "")
	upgrade(0, true, tandem.Invalid)
	if c, err := s.Cycle(t.Context(), a.ID, all[0].ID); err != nil || len(c.Graph.Steps) != 3 {
		t.Errorf("%d steps, %v, want those before the upgrade that was refused", len(c.Graph.Steps), err)
	}
	own(new(2)) // what runs goes on, and may shrink
	upgrade(0, false, "")
	setStatus(t, s, all[1], tandem.CyclePaused)
	upgrade(1, true, "")
}

// moves are about the place of accounts in the tree.
func moves(t *testing.T, s *store.Store) {
	p, other := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	foreign := newAccount(t, s, other, "foreign", 0).ID
	id := map[string]tandem.AccountID{"": 0, "foreign": foreign, "absent": 999}
	for _, at := range []string{"a", "a.b", "a.b.c", "a.b.c.d", "x", "x.y"} {
		above := ""
		if i := strings.LastIndex(at, "."); i > 0 {
			above = at[:i]
		}
		id[at] = newAccount(t, s, p, at, id[above]).ID
	}
	ids := number(t, s, newConnector("Mail Box", "1"))
	move := func(account, to string, want tandem.Code, text string) {
		t.Helper()
		_, err := s.UpdateAccount(t.Context(), p, account, func(a *tandem.Account) error { a.ParentID = id[to]; return nil })
		if tandem.ErrorCode(err) != want || !strings.Contains(fmt.Sprint(err), text) {
			t.Errorf("%s below %q: %v, want %q %q", account, to, err, want, text)
		}
	}
	move("a", "a", tandem.Invalid, "below itself")
	move("a", "a.b.c.d", tandem.Invalid, "below itself")
	move("a", "foreign", tandem.NotFound, "")
	move("a", "absent", tandem.NotFound, "")
	move("a", "x.y", tandem.Invalid, "5 levels")
	move("a", "x", "", "")
	move("x", "a.b", tandem.Invalid, "below itself")
	move("a", "", "", "")

	mail := install(t, s, id["a"], ids[0], "mail")
	own := install(t, s, id["a.b"], ids[0], "own")
	user := newCycle(t, s, id["a.b.c"], map[string]tandem.AccountConnectorID{"used": mail.ID})
	newCycle(t, s, id["a.b.c"], map[string]tandem.AccountConnectorID{"used": own.ID}) // moves with it
	move("a.b", "x", tandem.Conflict, `"Cycle" of account "a.b.c"`)
	move("a.b.c", "a", tandem.Conflict, `"Cycle"`) // which loses the other
	move("a", "x", "", "")                         // nobody loses a
	change(t, s, user, func(c *tandem.Cycle) { c.Connectors = map[string]tandem.AccountConnectorID{} })
	move("a.b", "", "", "")
	if got, err := s.Account(t.Context(), p, "a.b"); err != nil || got.ParentID != 0 || got.ParentAccountID != nil {
		t.Errorf("after the move: %+v, %v", got, err)
	}
	if got, err := s.Subtree(t.Context(), id["a.b"]); err != nil || cmp.Diff([]tandem.AccountID{id["a.b.c.d"], id["a.b.c"], id["a.b"]}, got) != "" {
		t.Errorf("below a.b: %v, %v", got, err)
	}
}

// restores are about the way back from the bin.
func restores(t *testing.T, s *store.Store) {
	p, other := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	parent := newAccount(t, s, p, "parent", 0)
	sub := newAccount(t, s, p, "sub", parent.ID)
	remove := func(a *tandem.Account, ago time.Duration) {
		t.Helper()
		if err := s.DeleteAccount(t.Context(), p, a.ID, time.Now().Add(-ago)); err != nil {
			t.Fatal(err)
		}
	}
	restore := func(of tandem.PartnerID, apiID string, want tandem.Code, text string) {
		t.Helper()
		_, err := s.RestoreAccount(t.Context(), of, apiID)
		if tandem.ErrorCode(err) != want || !strings.Contains(fmt.Sprint(err), text) {
			t.Errorf("restore %s: %v, want %q %q", apiID, err, want, text)
		}
	}
	restore(p, "sub", tandem.NotFound, "")
	running := newCycle(t, s, sub.ID, nil)
	setStatus(t, s, running, tandem.CycleRunning)
	if err := s.DeleteAccount(t.Context(), p, sub.ID, time.Now()); tandem.ErrorCode(err) != tandem.Unavailable {
		t.Errorf("deleted while a cycle runs: %v", err)
	}
	setStatus(t, s, running, tandem.CyclePaused)
	remove(sub, time.Hour)
	_, err := s.ChangeCycle(t.Context(), sub.ID, running.ID, func(c *tandem.Cycle) error { c.Status = tandem.CycleRunning; return nil })
	if tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("started in the bin: %v", err)
	}
	remove(parent, 0)
	restore(other, "sub", tandem.NotFound, "")
	restore(p, "sub", tandem.Conflict, "Restore that first")
	restore(p, "parent", "", "")
	taken := newAccount(t, s, p, "sub", 0)
	restore(p, "sub", tandem.Invalid, `ID already in use: "sub"`)
	remove(taken, 31*24*time.Hour)
	restore(p, "sub", "", "")
	if got, err := s.Account(t.Context(), p, "sub"); err != nil || got.ID != sub.ID || got.DeletedDate != nil {
		t.Errorf("restored: %+v, %v", got, err)
	}
	remove(sub, 30*24*time.Hour+time.Minute)
	restore(p, "sub", tandem.NotFound, "")
}
