package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// retention ends transactions of accounts that keep them for different times,
// and looks at what is left as time passes.
func retention(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	never, day := 0, 24
	p := newPartner(t, s, "retention@acme.test")
	short := tandem.Account{Partner: p, APIID: "short", Timezone: "UTC", StepDataSuccessRetentionHours: &never, StepDataErroredRetentionHours: &day}
	if err := s.CreateAccount(t.Context(), &short, dataKey); err != nil {
		t.Fatal(err)
	}
	inherits := newAccount(t, s, p, "default", 0)
	end := func(a tandem.AccountID, status tandem.TransactionStatus) tandem.TransactionID {
		n := journal.NewTxn{
			Account: a, Cycle: cycle, Trigger: "hook", Key: status.String(), Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, []byte("x"))},
			Meter: []journal.Count{{Cycle: cycle, Method: "m", Slot: 1, Succeeded: 1}},
		}
		id := j.submit(t, n)[0]
		if status.Final() {
			j.commit(t, journal.Delta{Account: a, Cycle: cycle, Txn: id, Status: status, Incidents: []tandem.Incident{{ShortMessage: "x"}}})
		}
		return id
	}
	type txn struct {
		account tandem.AccountID
		id      tandem.TransactionID
	}
	open, success, failed := txn{short.ID, end(short.ID, tandem.TransactionQueued)}, txn{short.ID, end(short.ID, tandem.TransactionCompleted)}, txn{short.ID, end(short.ID, tandem.TransactionFailed)}
	inherited := txn{inherits.ID, end(inherits.ID, tandem.TransactionCompleted)}
	now := time.Now().Add(time.Second)
	for _, c := range []struct {
		after   time.Duration
		deleted int
		left    []txn
		keys    bool // still known
	}{
		{0, 1, []txn{open, failed, inherited}, true},
		{23 * time.Hour, 0, []txn{open, failed, inherited}, true},
		{24*time.Hour + time.Minute, 1, []txn{open, inherited}, true},
		{743 * time.Hour, 0, []txn{open, inherited}, false},
		{745 * time.Hour, 1, []txn{open}, false},
	} {
		n, err := s.Expire(t.Context(), now.Add(c.after))
		if err != nil || n != c.deleted {
			t.Errorf("after %v: deleted %d, %v; want %d", c.after, n, err, c.deleted)
		}
		left := []txn{}
		for _, x := range []txn{open, success, failed, inherited} {
			items, err := s.Transactions().Items(t.Context(), x.account, x.id)
			if err == nil && len(items) == 1 {
				left = append(left, x)
			} else if tandem.ErrorCode(err) != tandem.NotFound {
				t.Errorf("transaction %d: %d items, %v", x.id, len(items), err)
			}
		}
		if diff := cmp.Diff(c.left, left, cmp.AllowUnexported(txn{})); diff != "" {
			t.Errorf("left after %v (-want +got):\n%s", c.after, diff)
		}
		again := j.submit(t, journal.NewTxn{Account: short.ID, Cycle: cycle, Trigger: "hook", Key: tandem.TransactionCompleted.String()})[0]
		if known := again == success.id; known != c.keys {
			t.Errorf("after %v the key is known: %v, want %v", c.after, known, c.keys)
		}
	}
	if n, _, err := s.Tasks(t.Context(), short.ID, 1, 2); n != 3 || err != nil {
		t.Errorf("%d tasks after all that, %v; want 3", n, err)
	}
	if left, err := s.Transactions().Incidents(t.Context(), inherits.ID, tandem.TransactionFilter{}); left.Total != 0 || err != nil {
		t.Errorf("%d incidents left, %v", left.Total, err)
	}
}

// lastSuccess looks at when a cycle last ran without an error, also when the
// records of that are gone.
func lastSuccess(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	a := newAccount(t, s, newPartner(t, s, "success@acme.test"), "a", 0).ID
	c, other := newCycle(t, s, a, nil), newCycle(t, s, a, nil)
	last := func(c *tandem.Cycle) time.Time {
		t.Helper()
		return change(t, s, c, func(*tandem.Cycle) {}).Counts.LastSuccessfulRun
	}
	run := func(status tandem.TransactionStatus) {
		t.Helper()
		id := j.submit(t, journal.NewTxn{Account: a, Cycle: c.ID, Trigger: "hook", Key: tandem.NewGUID()})[0]
		j.commit(t, journal.Delta{Account: a, Cycle: c.ID, Txn: id, Status: status})
	}
	if at := last(c); !at.IsZero() {
		t.Errorf("before any run: %v", at)
	}
	run(tandem.TransactionCompleted)
	succeeded := last(c)
	run(tandem.TransactionFailed)
	if n, err := s.Expire(t.Context(), time.Now().AddDate(0, 2, 0)); n != 2 || err != nil {
		t.Errorf("%d transactions deleted, %v", n, err)
	}
	if at := last(c); succeeded.IsZero() || !at.Equal(succeeded) {
		t.Errorf("last success %v, then %v", succeeded, at)
	}
	if at := last(other); !at.IsZero() {
		t.Errorf("of another cycle: %v", at)
	}
}
