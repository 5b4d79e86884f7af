package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// changes are read from the audit log, the newest first, and of one partner.
func changes(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	keepAudit(t, s)
	newAccount(t, s, acme, "books", 0)
	for _, name := range []string{"first", "second", "third"} {
		ctx, act := acting(t, acme, "a@acme.test", name)
		act.AccountAPIID = "books"
		if err := rename(ctx, s, acme, "books", name); err != nil {
			t.Fatal(err)
		}
	}
	refused := tandem.AuditEntry{Action: "fourth", Outcome: tandem.ActRefused, Count: 1}
	if err := s.AppendAudit(t.Context(), refused, tandem.Principal{Partner: acme, Client: "client of a@acme.test"}); err != nil {
		t.Fatal(err)
	}
	third := tandem.Change{ID: 3, AccountID: "books", Action: "third"}
	fourth := tandem.Change{ID: 4, Action: "fourth", Refused: true}
	for _, c := range []struct {
		of    tandem.PartnerID
		after int64
		limit int
		want  []tandem.Change
	}{
		{acme, 0, 2, []tandem.Change{fourth, third}},
		{acme, 2, 10, []tandem.Change{fourth, third}},
		{acme, 4, 10, []tandem.Change{}},
		{bolt, 0, 10, []tandem.Change{}},
	} {
		got, err := s.ChangesAfter(t.Context(), c.of, c.after, c.limit)
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(tandem.Change{}, "Created")); err != nil || diff != "" {
			t.Errorf("after %d, %d of partner %d: %v, -want +got\n%s", c.after, c.limit, c.of, err, diff)
		}
		for _, change := range got {
			if change.Created.IsZero() {
				t.Errorf("%+v has no time", change)
			}
		}
	}
}

// movement tells of what an account does by itself, and of nothing else.
func movement(t *testing.T, s *store.Store) {
	p := newPartner(t, s, "a@acme.test")
	above := newAccount(t, s, p, "above", 0).ID
	a, b := newAccount(t, s, p, "a", above).ID, newAccount(t, s, p, "b", 0).ID
	c := newCycle(t, s, a, nil)
	numbers, err := s.NumberConnectors(t.Context(), []*connector.Connector{newConnector("Shop", "1")})
	if err != nil {
		t.Fatal(err)
	}
	own := tandem.AccountConnectorID(7)
	err = s.InsertAccountConnector(t.Context(), tandem.AccountConnector{Account: above, ID: own, Connector: numbers[0], Name: "x", Sealed: []byte{1}, State: tandem.Authenticated})
	if err != nil {
		t.Fatal(err)
	}
	read := func(a tandem.AccountID) tandem.Movement {
		t.Helper()
		m, err := s.MovementOf(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	other := read(b)
	j := &journalTest{s: s}
	var id tandem.TransactionID
	for _, does := range []struct {
		name                    string
		do                      func()
		runs, cycles, connector bool
	}{
		{"nothing", func() {}, false, false, false},
		{"a transaction", func() { id = j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID})[0] }, true, false, false},
		{"an incident", func() {
			if err := s.NoteIncident(t.Context(), a, tandem.Incident{CycleID: c.ID, IncidentLevel: tandem.OutcomeError}); err != nil {
				t.Fatal(err)
			}
		}, true, false, false},
		{"its end", func() {
			j.commit(t, journal.Delta{Account: a, Cycle: c.ID, Txn: id, Status: tandem.TransactionCompleted})
		}, true, false, false},
		{"a cycle starts", func() { setStatus(t, s, c, tandem.CycleRunning) }, false, true, false},
		{"a cycle ends what it has", func() { setStatus(t, s, c, tandem.CycleFinishing) }, false, true, false},
		{"a cycle is paused by its policy", func() {
			change(t, s, c, func(c *tandem.Cycle) { c.Status, c.StopReason = tandem.CyclePaused, "It failed." })
		}, false, true, false},
		{"credentials from above expire", func() {
			err := s.ChangeAccountConnector(t.Context(), above, own, func(c *tandem.AccountConnector) error { c.State = tandem.NotAuthenticated; return nil })
			if err != nil {
				t.Fatal(err)
			}
		}, false, false, true},
		{"a third party wants it to wait", func() {
			if _, err := s.ChangeConnectorWait(t.Context(), above, own, func(w *tandem.ConnectorWait) { w.Until = time.Now().Add(time.Hour) }); err != nil {
				t.Fatal(err)
			}
		}, false, false, true},
	} {
		was := read(a)
		does.do()
		now := read(a)
		if now.Runs != was.Runs != does.runs || now.Cycles != was.Cycles != does.cycles || now.Connectors != was.Connectors != does.connector {
			t.Errorf("%s: %+v becomes %+v", does.name, was, now)
		}
	}
	if now := read(b); now != other {
		t.Errorf("another account: %+v becomes %+v", other, now)
	}
}
