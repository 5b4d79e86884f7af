package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// kept checks that something cannot be deleted, for a reason.
func kept(t *testing.T, when string, err error, why string) {
	t.Helper()
	if tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), why) {
		t.Errorf("%s: %v, want a conflict: %s", when, err, why)
	}
}

func customConnectorInTemplates(t *testing.T, s *store.Store) {
	ctx := t.Context()
	p, other := newPartner(t, s, "ada@acme.test"), newPartner(t, s, "bob@bolt.test")
	c, err := putCustom(t, s, p, 0, "Own", "1", newConnector("Own", "1", "a"))
	check(t, err)
	foreign, err := putCustom(t, s, other, 0, "Own", "1", newConnector("Own", "1", "a"))
	check(t, err)
	folder := tandem.Folder{Partner: p, ID: tandem.FolderID(tandem.NewGUID()), Name: "Deep", Created: time.UnixMicro(3).UTC()}
	check(t, s.InsertFolder(ctx, folder))
	using := func(name string, state tandem.ReleaseState, ref tandem.ConnectorRef) tandem.Template {
		t.Helper()
		tm := newTemplate(p, name, state)
		tm.Folder = folder.ID
		tm.Release.Graph.Connectors = []tandem.ConnectorRef{ref}
		check(t, s.InsertTemplate(ctx, &tm))
		return tm
	}
	for name, ref := range map[string]tandem.ConnectorRef{
		"another version": {Ref: "r", Name: "Own", Version: "2", UniqueIdentifier: customGUID},
		"the library's":   {Ref: "r", Name: "Own", Version: "1", UniqueIdentifier: tandem.NewGUID()},
	} {
		using(name, tandem.ReleaseLive, ref)
	}
	for _, state := range []tandem.ReleaseState{tandem.ReleaseDraft, tandem.ReleaseLive} {
		for name, ref := range map[string]tandem.ConnectorRef{
			"by id":   {Ref: "r", Name: "Called so before", Version: "1", UniqueIdentifier: strings.ToUpper(customGUID)},
			"by name": {Ref: "r", Name: "OWN", Version: "1"},
		} {
			tm := using(name, state, ref)
			kept(t, name, s.DeleteCustomConnector(ctx, p, c.ID), `used by the template "`+name+`", in its `+strings.ToLower(string(state))+" release")
			check(t, s.DeleteTemplate(ctx, p, tm.ID, time.Now()))
		}
	}
	old := using("old", tandem.ReleaseLive, tandem.ConnectorRef{Ref: "r", Name: "Own", Version: "1", UniqueIdentifier: customGUID})
	next := newTemplate(p, "", tandem.ReleaseDraft).Release
	next.Template = old.ID
	check(t, s.InsertDraft(ctx, p, &next))
	kept(t, "beside a draft without it", s.DeleteCustomConnector(ctx, p, c.ID), "in its live release")
	_, err = s.ChangeRelease(ctx, p, old.ID, next.ID, func(r *tandem.Release) error { r.State = tandem.ReleaseLive; return nil })
	check(t, err)
	check(t, s.DeleteCustomConnector(ctx, p, c.ID))
	check(t, s.DeleteCustomConnector(ctx, other, foreign.ID))
}

// connectorInFlight: what a cycle used before it was upgraded is kept until what
// began then has ended.
func connectorInFlight(t *testing.T, s *store.Store) {
	ctx := t.Context()
	p := newPartner(t, s, "ada@acme.test")
	c, err := putCustom(t, s, p, 0, "Own", "1", newConnector("Own", "1", "a"))
	check(t, err)
	above := newAccount(t, s, p, "above", 0)
	a := newAccount(t, s, p, "below", above.ID)
	was, is := install(t, s, above.ID, c.ID, "was"), install(t, s, a.ID, c.ID, "is")
	runs := newCycle(t, s, a.ID, map[string]tandem.AccountConnectorID{"used": was.ID})
	change(t, s, runs, func(c *tandem.Cycle) { c.Status = tandem.CycleRunning })
	j := &journalTest{s: s}
	open := j.submit(t, journal.NewTxn{Account: a.ID, Cycle: runs.ID, Version: 1, Frontier: []byte("pending")})[0]
	kept(t, "before", s.DeleteAccountConnector(ctx, above.ID, was.ID), "in use by an active cycle")
	upgraded := change(t, s, runs, func(c *tandem.Cycle) { c.Connectors = map[string]tandem.AccountConnectorID{"used": is.ID} })
	if upgraded.Version != 2 {
		t.Fatalf("version %d", upgraded.Version)
	}
	kept(t, "in flight", s.DeleteAccountConnector(ctx, above.ID, was.ID), "began before their cycle was upgraded")
	kept(t, "the partner's own", s.DeleteCustomConnector(ctx, p, c.ID), "installed")
	_, err = s.Commit(ctx, journal.Delta{Account: a.ID, Txn: open, Cycle: runs.ID, Status: tandem.TransactionCompleted})
	check(t, err)
	check(t, s.DeleteAccountConnector(ctx, above.ID, was.ID))
	kept(t, "what it uses now", s.DeleteAccountConnector(ctx, a.ID, is.ID), "in use by an active cycle")
}
