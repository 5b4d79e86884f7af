package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// newCycle makes a paused cycle of a webhook and one more step.
func newCycle(t *testing.T, s *store.Store, a tandem.AccountID, uses map[string]tandem.AccountConnectorID) *tandem.Cycle {
	t.Helper()
	first, second := tandem.StepID(tandem.NewGUID()), tandem.StepID(tandem.NewGUID())
	c := &tandem.Cycle{
		Account: a, ID: tandem.CycleID(tandem.NewGUID()), Version: 1, Name: "Cycle", Tags: []string{"Sales"}, Status: tandem.CyclePaused,
		Connectors: uses, Created: time.UnixMicro(3).UTC(),
		Graph: tandem.Graph{
			Steps:      []tandem.Step{{ID: first, ActionType: tandem.WebhookStep, Method: "m1"}, {ID: second, ActionType: tandem.ActionStep}},
			Edges:      []tandem.Edge{{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: first, TailStepID: second}},
			Connectors: []tandem.ConnectorRef{{Ref: "used", Name: "Mail Box", Version: "1"}},
		},
	}
	if c.Connectors == nil {
		c.Connectors = map[string]tandem.AccountConnectorID{}
	}
	if err := s.InsertCycle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

func change(t *testing.T, s *store.Store, c *tandem.Cycle, do func(*tandem.Cycle)) *tandem.Cycle {
	t.Helper()
	got, err := s.ChangeCycle(t.Context(), c.Account, c.ID, func(c *tandem.Cycle) error { do(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func setStatus(t *testing.T, s *store.Store, c *tandem.Cycle, to tandem.CycleStatus) {
	t.Helper()
	change(t, s, c, func(c *tandem.Cycle) { c.Status = to })
}

func cycles(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	a, b := newAccount(t, s, p, "a", 0).ID, newAccount(t, s, p, "b", 0).ID
	t.Run("round trip", func(t *testing.T) {
		want := newCycle(t, s, a, map[string]tandem.AccountConnectorID{"used": 7})
		got, err := s.Cycle(t.Context(), a, want.ID)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got\n%s", err, diff)
		}
		if _, err := s.Cycle(t.Context(), b, want.ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("another account's: %v, want NotFound", err)
		}
		if of, err := s.CycleOfStep(t.Context(), a, want.Graph.Steps[1].ID); of != want.ID || err != nil {
			t.Errorf("cycle of a step: %s, %v", of, err)
		}
		if _, err := s.CycleOfStep(t.Context(), b, want.Graph.Steps[1].ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("cycle of another account's step: %v, want NotFound", err)
		}
	})
	t.Run("list", func(t *testing.T) { listCycles(t, s, newAccount(t, s, p, "list", 0).ID) })
	t.Run("versions", func(t *testing.T) { versions(t, s, a) })
	t.Run("versions while it runs", func(t *testing.T) { moveWhileRunning(t, s, a) })
	t.Run("steps belong to one cycle", func(t *testing.T) {
		one, two := newCycle(t, s, a, nil), newCycle(t, s, a, nil)
		_, err := s.ChangeCycle(t.Context(), a, two.ID, func(c *tandem.Cycle) error {
			c.Graph.Steps[0].ID = one.Graph.Steps[0].ID
			return nil
		})
		if !errors.Is(err, &tandem.Error{Code: tandem.Invalid}) {
			t.Errorf("a step id of another cycle: %v, want Invalid", err)
		}
	})
	t.Run("webhooks", func(t *testing.T) { webhooks(t, s, a) })
	t.Run("timers", func(t *testing.T) { timers(t, s, a) })
	t.Run("settle", func(t *testing.T) { settle(t, s, a) })
	t.Run("delete", func(t *testing.T) {
		c := newCycle(t, s, a, nil)
		setStatus(t, s, c, tandem.CycleRunning)
		if err := s.DeleteCycle(t.Context(), a, c.ID); !errors.Is(err, &tandem.Error{Code: tandem.Conflict}) {
			t.Errorf("a running one: %v, want Conflict", err)
		}
		setStatus(t, s, c, tandem.CyclePaused)
		if err := s.DeleteCycle(t.Context(), b, c.ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
			t.Errorf("by another account: %v, want NotFound", err)
		}
		if err := s.DeleteCycle(t.Context(), a, c.ID); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("recycle bin", func(t *testing.T) { bin(t, s, newAccount(t, s, p, "bin", 0).ID, b) })
	t.Run("what comes too late", func(t *testing.T) { late(t, s, newAccount(t, s, p, "late", 0).ID) })
	t.Run("upgradeable", func(t *testing.T) { upgradeable(t, s, p, newAccount(t, s, p, "upgradeable", 0).ID) })
	t.Run("settings", func(t *testing.T) { settings(t, s, a) })
}

func listCycles(t *testing.T, s *store.Store, a tandem.AccountID) {
	one := newCycle(t, s, a, nil)
	change(t, s, one, func(c *tandem.Cycle) { c.Name = "New contact" })
	other := newCycle(t, s, a, nil)
	change(t, s, other, func(c *tandem.Cycle) { c.Name, c.Tags, c.Graph.Connectors = "Changed contacts", nil, nil })
	for name, tt := range map[string]struct {
		filter tandem.CycleFilter
		want   []string
	}{
		"all":       {tandem.CycleFilter{}, []string{"Changed contacts", "New contact"}},
		"name":      {tandem.CycleFilter{Query: "NEW"}, []string{"New contact"}},
		"tag":       {tandem.CycleFilter{Tag: "sales"}, []string{"New contact"}},
		"connector": {tandem.CycleFilter{ConnectorName: "mail box"}, []string{"New contact"}},
		"none":      {tandem.CycleFilter{Query: "_"}, nil},
	} {
		page, err := s.Cycles(t.Context(), a, tt.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range page.Rows {
			got = append(got, c.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || page.Total != len(tt.want) {
			t.Errorf("%s: total %d, -want +got\n%s", name, page.Total, diff)
		}
	}
}

func versions(t *testing.T, s *store.Store, a tandem.AccountID) {
	c := newCycle(t, s, a, nil)
	rename := func(to string) func(*tandem.Cycle) {
		return func(c *tandem.Cycle) { c.Graph.Steps[1].Name = to }
	}
	if got := change(t, s, c, rename("one")); got.Version != 1 {
		t.Errorf("a version that never ran became %d when it was edited", got.Version)
	}
	setStatus(t, s, c, tandem.CycleRunning)
	setStatus(t, s, c, tandem.CyclePaused)
	if got := change(t, s, c, func(c *tandem.Cycle) { c.Name = "other" }); got.Version != 1 {
		t.Errorf("another name made version %d", got.Version)
	}
	if got := change(t, s, c, rename("two")); got.Version != 2 {
		t.Errorf("an edit after running gave version %d, want 2", got.Version)
	}
	if got := change(t, s, c, rename("three")); got.Version != 2 {
		t.Errorf("a second edit gave version %d, want 2 still", got.Version)
	}
	for version, want := range map[int64]string{1: "one", 2: "three"} {
		got, err := s.CycleVersion(t.Context(), a, c.ID, version)
		if err != nil {
			t.Fatal(err)
		}
		if got.Graph.Steps[1].Name != want || got.Version != version {
			t.Errorf("version %d has step %q, want %q", got.Version, got.Graph.Steps[1].Name, want)
		}
	}
}

func webhooks(t *testing.T, s *store.Store, a tandem.AccountID) {
	c := newCycle(t, s, a, nil)
	all, err := s.Webhooks(t.Context(), a, c.ID)
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v, want one webhook", all, err)
	}
	w := all[0]
	if len(w.Key) != 43 || w.Method != "m1" || w.Step != c.Graph.Steps[0].ID {
		t.Errorf("webhook %+v", w)
	}
	change(t, s, c, func(c *tandem.Cycle) { c.Graph.Steps[0].Method = "m2" })
	setStatus(t, s, c, tandem.CycleRunning)
	got, err := s.WebhookByKey(t.Context(), w.Key)
	w.Method, w.Status = "m2", tandem.CycleRunning
	if diff := cmp.Diff(w, got); err != nil || diff != "" {
		t.Errorf("after an edit: %v, -want +got\n%s", err, diff)
	}
	if err := s.SetWebhookRemote(t.Context(), w, "77"); err != nil {
		t.Fatal(err)
	}
	if got, err = s.WebhookByKey(t.Context(), w.Key); got.Remote != "77" || err != nil {
		t.Errorf("remote %q, %v", got.Remote, err)
	}
	setStatus(t, s, c, tandem.CyclePaused)
	change(t, s, c, func(c *tandem.Cycle) { c.Graph.Steps[0].ID = tandem.StepID(tandem.NewGUID()); c.Graph.Edges = nil })
	if _, err = s.WebhookByKey(t.Context(), w.Key); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
		t.Errorf("the key of a step that is gone: %v, want NotFound", err)
	}
}

func timers(t *testing.T, s *store.Store, a tandem.AccountID) {
	start := time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC)
	c := newCycle(t, s, a, nil)
	change(t, s, c, func(c *tandem.Cycle) { c.Status, c.Interval, c.StartTime = tandem.CycleRunning, 5, start })
	want := tandem.Timer{Account: a, Cycle: c.ID, Due: start, Version: 1, Schedule: tandem.Schedule{Interval: 5 * time.Minute, Clock: start, Zone: time.UTC}}
	due := func(now time.Time) []tandem.Timer {
		t.Helper()
		all, err := s.DueTimers(t.Context(), now, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	sameZone := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
	if diff := cmp.Diff([]tandem.Timer{want}, due(start), sameZone); diff != "" {
		t.Errorf("due: -want +got\n%s", diff)
	}
	if all := due(start.Add(-time.Microsecond)); len(all) != 0 {
		t.Errorf("due too early: %v", all)
	}
	if next, err := s.NextTimer(t.Context()); !next.Equal(start) || err != nil {
		t.Errorf("next is %s, %v, want %s", next, err, start)
	}

	at := journal.Cursor{Account: a, Cycle: c.ID, Was: start, Next: start.Add(5 * time.Minute)}
	for range 2 { // the second time it has moved
		if err := s.SkipTimer(t.Context(), at, tandem.Incident{ShortMessage: "skipped", IncidentLevel: tandem.OutcomeWarning}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Cycle(t.Context(), a, c.ID); err != nil || got.Counts.Warnings != 1 {
		t.Errorf("counts %+v, %v, want one warning", got.Counts, err)
	}
	if all := due(start); len(all) != 0 {
		t.Errorf("due after it moved: %v", all)
	}
	setStatus(t, s, c, tandem.CyclePaused)
	if next, err := s.NextTimer(t.Context()); !next.IsZero() || err != nil {
		t.Errorf("next of a paused cycle is %s, %v", next, err)
	}
}

func settle(t *testing.T, s *store.Store, a tandem.AccountID) {
	j := &journalTest{s: s}
	c := newCycle(t, s, a, nil)
	once := newCycle(t, s, a, nil)
	setStatus(t, s, c, tandem.CycleRunning)
	change(t, s, once, func(c *tandem.Cycle) {
		c.Status, c.RunOnce, c.StartTime = tandem.CycleRunning, true, time.Now().Add(time.Hour).Truncate(time.Microsecond)
	})
	timer := once.ID
	due, err := s.NextTimer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	settled := func(left int, want map[tandem.CycleID]tandem.CycleStatus) {
		t.Helper()
		if n, err := s.SettleCycles(t.Context()); n != left || err != nil {
			t.Errorf("%d are ending, %v, want %d", n, err, left)
		}
		for id, status := range want {
			if got, err := s.Cycle(t.Context(), a, id); err != nil || got.Status != status {
				t.Errorf("cycle is %s, %v, want %s", got.Status, err, status)
			}
		}
	}
	running, finishing, paused := tandem.CycleRunning, tandem.CycleFinishing, tandem.CyclePaused
	settled(0, map[tandem.CycleID]tandem.CycleStatus{c.ID: running, once.ID: running})

	ids := j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID, Version: 1},
		journal.NewTxn{Account: a, Cycle: timer, Version: 1, Trigger: "timer", Key: "1", Cursor: &journal.Cursor{Account: a, Cycle: timer, Was: due}})
	setStatus(t, s, c, finishing)
	settled(2, map[tandem.CycleID]tandem.CycleStatus{c.ID: finishing, once.ID: running})
	if busy, err := s.Busy(t.Context(), a, "timer"); !busy || err != nil {
		t.Errorf("busy: %v, %v, want true", busy, err)
	}

	j.commit(t, journal.Delta{Account: a, Txn: ids[0], Cycle: c.ID, Status: tandem.TransactionCompleted})
	settled(1, map[tandem.CycleID]tandem.CycleStatus{c.ID: paused, once.ID: running})
	if held, err := s.Held(t.Context(), a, c.ID); !held || err != nil {
		t.Errorf("a cycle that ended is held: %v, %v", held, err)
	}
	j.commit(t, journal.Delta{Account: a, Txn: ids[1], Cycle: timer, Status: tandem.TransactionFailed})
	settled(0, map[tandem.CycleID]tandem.CycleStatus{once.ID: paused})
	if busy, err := s.Busy(t.Context(), a, "timer"); busy || err != nil {
		t.Errorf("busy: %v, %v, want false", busy, err)
	}

	setStatus(t, s, c, running)
	setStatus(t, s, c, paused)
	if held, err := s.Held(t.Context(), a, c.ID); !held || err != nil {
		t.Errorf("a cycle that was stopped is held: %v, %v", held, err)
	}
	setStatus(t, s, c, running)
	if all, err := s.StartedCycles(t.Context()); err != nil || len(all) != 1 || all[0] != (journal.Cycle{Account: a, ID: c.ID}) {
		t.Errorf("started but held: %v, %v", all, err)
	}
}
