package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// names lists the cycles of an account that f lets through.
func names(t *testing.T, s *store.Store, a tandem.AccountID, f tandem.CycleFilter) (all []string) {
	t.Helper()
	page, err := s.Cycles(t.Context(), a, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Rows {
		all = append(all, c.Name)
	}
	return all
}

// bin deletes, restores and purges cycles of a; b is another account.
func bin(t *testing.T, s *store.Store, a, b tandem.AccountID) {
	gone := &tandem.Error{Code: tandem.NotFound}
	c := newCycle(t, s, a, nil)
	hooks, err := s.Webhooks(t.Context(), a, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RestoreCycle(t.Context(), a, c.ID); !errors.Is(err, gone) {
		t.Errorf("restore one that is not deleted: %v", err)
	}
	if err := s.DeleteCycle(t.Context(), a, c.ID); err != nil {
		t.Fatal(err)
	}
	_, read := s.Cycle(t.Context(), a, c.ID)
	_, changed := s.ChangeCycle(t.Context(), a, c.ID, func(*tandem.Cycle) error { return nil })
	_, step := s.CycleOfStep(t.Context(), a, c.Graph.Steps[0].ID)
	for what, err := range map[string]error{
		"read": read, "change": changed, "its step": step, "delete again": s.DeleteCycle(t.Context(), a, c.ID),
		"clear its incidents": s.Transactions().ClearIncidents(t.Context(), a, c.ID), "restore by another account": s.RestoreCycle(t.Context(), b, c.ID),
	} {
		if !errors.Is(err, gone) {
			t.Errorf("%s: %v, want NotFound", what, err)
		}
	}
	if of, err := s.WebhookByKey(t.Context(), hooks[0].Key); err != nil || of.Status != tandem.CyclePaused {
		t.Errorf("its webhook's key: %+v, %v, want that of a paused cycle", of, err)
	}
	if all, deleted := names(t, s, a, tandem.CycleFilter{}), names(t, s, a, tandem.CycleFilter{Deleted: true}); all != nil || !slices.Equal(deleted, []string{"Cycle"}) {
		t.Errorf("listed %v, deleted %v", all, deleted)
	}
	if err := s.RestoreCycle(t.Context(), a, c.ID); err != nil {
		t.Fatal(err)
	}
	got, err := s.Cycle(t.Context(), a, c.ID)
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("restored: %v, -want +got\n%s", err, diff)
	}
	purge(t, s, c)
}

func purge(t *testing.T, s *store.Store, c *tandem.Cycle) {
	if err := s.DeleteCycle(t.Context(), c.Account, c.ID); err != nil {
		t.Fatal(err)
	}
	kept := time.Now().AddDate(0, 0, tandem.CycleBinDays)
	for at, want := range map[time.Time]int{kept.Add(-time.Hour): 0} {
		if n, err := s.PurgeCycles(t.Context(), at); n != want || err != nil {
			t.Errorf("%d were purged too early, %v", n, err)
		}
	}
	if n, err := s.PurgeCycles(t.Context(), kept.Add(time.Hour)); n < 1 || err != nil {
		t.Errorf("%d were purged, %v", n, err)
	}
	if err := s.RestoreCycle(t.Context(), c.Account, c.ID); !errors.Is(err, &tandem.Error{Code: tandem.NotFound}) {
		t.Errorf("restore what was purged: %v", err)
	}
	if all, err := s.Webhooks(t.Context(), c.Account, c.ID); len(all) != 0 || err != nil {
		t.Errorf("webhooks that are left: %v, %v", all, err)
	}
	if err := s.InsertCycle(t.Context(), c); err != nil {
		t.Errorf("its ids are still taken: %v", err)
	}
}

// late has transactions come into a cycle that is deleted already, and into others.
func late(t *testing.T, s *store.Store, a tandem.AccountID) {
	deleted, restored, other := newCycle(t, s, a, nil), newCycle(t, s, a, nil), newCycle(t, s, a, nil)
	began := time.Now()
	ids := map[tandem.CycleID]tandem.TransactionID{}
	for i, c := range []*tandem.Cycle{deleted, restored, other} {
		if c != other {
			if err := s.DeleteCycle(t.Context(), a, c.ID); err != nil {
				t.Fatal(err)
			}
		}
		n := journal.NewTxn{ID: tandem.TransactionID(began.UnixMilli()-tandem.EpochMillis)<<22 + tandem.TransactionID(i), Account: a, Cycle: c.ID}
		if _, err := s.Submit(t.Context(), []journal.NewTxn{n}); err != nil {
			t.Fatal(err)
		}
		ids[c.ID] = n.ID
	}
	if err := s.RestoreCycle(t.Context(), a, restored.ID); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Time
		want  tandem.TransactionStatus // of the one whose cycle is deleted
	}{{time.Now().Add(time.Minute), tandem.TransactionQueued}, {began.Add(-time.Minute), tandem.TransactionCancelled}} {
		if _, err := s.CancelDeleted(t.Context(), step.after); err != nil {
			t.Fatal(err)
		}
		for c, want := range map[*tandem.Cycle]tandem.TransactionStatus{deleted: step.want, restored: tandem.TransactionQueued, other: tandem.TransactionQueued} {
			if got, err := s.Load(t.Context(), a, ids[c.ID]); err != nil || got.Status != want {
				t.Errorf("a transaction is %s, %v, want %s", got.Status, err, want)
			}
		}
	}
}

// settings are those of a cycle that are not its graph, and what follows of it.
func settings(t *testing.T, s *store.Store, a tandem.AccountID) {
	c := newCycle(t, s, a, nil)
	hours := 5
	change(t, s, c, func(c *tandem.Cycle) {
		c.Retention.Errored, c.Graph.OmitRequests = &hours, true
	})
	got, err := s.Cycle(t.Context(), a, c.ID)
	if err != nil || got.Retention.Success != nil || got.Retention.Errored == nil || *got.Retention.Errored != hours {
		t.Errorf("retention %+v, %v", got.Retention, err)
	}
	if hooks, err := s.Webhooks(t.Context(), a, c.ID); err != nil || !hooks[0].OmitRequests {
		t.Errorf("webhook %+v, %v, want it without requests", hooks, err)
	}
}

// A design that changes while its cycle runs makes a version of its own, which
// is frozen at once.
func moveWhileRunning(t *testing.T, s *store.Store, a tandem.AccountID) {
	c := newCycle(t, s, a, nil)
	setStatus(t, s, c, tandem.CycleRunning)
	for version := int64(2); version < 4; version++ {
		if got := change(t, s, c, func(c *tandem.Cycle) { c.Graph.Steps[1].Name += "." }); got.Version != version {
			t.Errorf("version %d, want %d", got.Version, version)
		}
	}
	failure := errors.New("no")
	_, err := s.ChangeCycle(t.Context(), a, c.ID, func(c *tandem.Cycle) error { c.Graph.Steps[1].Name = "lost"; return failure })
	if got, _ := s.Cycle(t.Context(), a, c.ID); !errors.Is(err, failure) || got.Version != 3 || got.Graph.Steps[1].Name != ".." {
		t.Errorf("after a change that failed: %v, %+v", err, got)
	}
}

// upgradeable tells cycles of a template's older releases from others.
func upgradeable(t *testing.T, s *store.Store, p tandem.PartnerID, a tandem.AccountID) {
	tm := newTemplate(p, "Template", tandem.ReleaseLive)
	if err := s.InsertTemplate(t.Context(), &tm); err != nil {
		t.Fatal(err)
	}
	c := newCycle(t, s, a, nil)
	c.ID, c.Name, c.TemplateID, c.TemplateReleaseID, c.Graph = tandem.CycleID(tandem.NewGUID()), "Installed", tm.ID, tm.Release.ID, tandem.Graph{}
	if err := s.InsertCycle(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	only := tandem.CycleFilter{Upgradeable: true}
	if found := names(t, s, a, only); found != nil {
		t.Errorf("of the live release: %v", found)
	}
	draft := tandem.Release{Template: tm.ID, ID: tandem.ReleaseID(tandem.NewGUID()), State: tandem.ReleaseDraft, Revision: 1}
	if err := s.InsertDraft(t.Context(), p, &draft); err != nil {
		t.Fatal(err)
	}
	if found := names(t, s, a, only); found != nil {
		t.Errorf("beside a draft: %v", found)
	}
	_, err := s.ChangeRelease(t.Context(), p, tm.ID, draft.ID, func(r *tandem.Release) error { r.State = tandem.ReleaseLive; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if found := names(t, s, a, only); !slices.Equal(found, []string{"Installed"}) {
		t.Errorf("of a deprecated release: %v", found)
	}
	change(t, s, c, func(c *tandem.Cycle) { c.TemplateReleaseID = draft.ID })
	if found := names(t, s, a, only); found != nil {
		t.Errorf("upgraded: %v", found)
	}
}
