package storetest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func journalOf(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	t.Run("keeps what it is given", j.keeps)
	t.Run("knows a key", j.dedupes)
	t.Run("fences", j.fences)
	t.Run("joins children", j.joins)
	t.Run("joins when the last child ends first", j.joinsLate)
	t.Run("joins under contention", j.joinsAtOnce)
	t.Run("counts tasks", j.meters)
	t.Run("moves a timer once", j.timers)
	t.Run("numbers incidents", j.incidents)
	t.Run("keeps long bodies", j.longBodies)
	t.Run("one bad delta fails alone", j.badDelta)
	t.Run("holds and resumes", j.holds)
	t.Run("cancels", j.cancels)
	t.Run("lists open transactions", j.open)
	t.Run("suspects", j.suspects)
	t.Run("notes when steps ran", j.lastRuns)
}

type journalTest struct {
	s    *store.Store
	last tandem.TransactionID
}

const cycle = tandem.CycleID("5f0d7c9e-0000-4000-8000-000000000001")

// id gives ids in order.
func (j *journalTest) id() tandem.TransactionID {
	j.last = max(j.last+1, tandem.TransactionID(time.Now().UnixMilli()-tandem.EpochMillis)<<22)
	return j.last
}

func (j *journalTest) submit(t *testing.T, n ...journal.NewTxn) []tandem.TransactionID {
	t.Helper()
	for i := range n {
		n[i].ID = j.id()
		if n[i].Account == 0 {
			n[i].Account, n[i].Cycle = 1, cycle
		}
	}
	ids, err := j.s.Submit(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (j *journalTest) commit(t *testing.T, d journal.Delta) journal.Outcome {
	t.Helper()
	if d.Account == 0 {
		d.Account, d.Cycle = 1, cycle
	}
	o, err := j.s.Commit(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (j *journalTest) get(t *testing.T, id tandem.TransactionID) *tandem.Transaction {
	t.Helper()
	txn, err := j.s.Transactions().Get(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	return txn
}

func item(seq int32, outcome tandem.Outcome, body []byte) tandem.StepItem {
	at := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	return tandem.StepItem{
		Seq: seq, Prev: seq - 1, StepID: "a-step", Attempt: 2, Outcome: outcome, Exit: "true", Message: "a message", Tasks: 1,
		Started: at, Finished: at.Add(time.Second),
		Request:  &tandem.Exchange{Method: "POST", URL: "https://example.com/x", Headers: map[string]string{"B": "2", "A": "1"}, Body: body},
		Response: &tandem.Exchange{Status: 201, Body: bytes.Repeat([]byte("répond "), 100)},
	}
}

func (j *journalTest) keeps(t *testing.T) {
	frontier := bytes.Repeat([]byte("frontier "), 100)
	id := j.submit(t, journal.NewTxn{Version: 3, Frontier: frontier, Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, []byte("{}"))}})[0]
	txn, err := j.s.Load(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	want := journal.Txn{ID: id, Account: 1, Cycle: cycle, Version: 3, Frontier: frontier, NextSeq: 2}
	if diff := cmp.Diff(want, txn, cmpopts.IgnoreFields(journal.Txn{}, "Created")); diff != "" {
		t.Errorf("after Submit (-want +got):\n%s", diff)
	}
	second := item(2, tandem.OutcomeError, nil)
	second.Response = nil
	wake := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	j.commit(t, journal.Delta{Txn: id, Items: []tandem.StepItem{second}, Frontier: []byte("x"), Status: tandem.TransactionWaiting, Wake: wake})
	got := j.get(t, id)
	if got.Status != tandem.TransactionWaiting || !got.Wake.Equal(wake) || got.Tasks != 2 || got.ErrorCount != 1 || !got.Finished.IsZero() {
		t.Errorf("after a delta: %+v", got)
	}
	items, err := j.s.Transactions().Items(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]tandem.StepItem{item(1, tandem.OutcomeSuccess, []byte("{}")), second}, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	j.commit(t, journal.Delta{Txn: id, Status: tandem.TransactionCompleted})
	if got := j.get(t, id); !got.Status.Final() || got.Finished.IsZero() || !got.Wake.IsZero() {
		t.Errorf("at the end: %+v", got)
	}
	if _, err := j.s.Transactions().Items(t.Context(), 2, id); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("items for another account: %v, want NotFound", err)
	}
}

func (j *journalTest) dedupes(t *testing.T) {
	first := j.submit(t, journal.NewTxn{Trigger: "hook", Key: "k1"}, journal.NewTxn{Trigger: "hook", Key: "k1"}, journal.NewTxn{Trigger: "hook"})
	if first[0] != first[1] || first[0] == first[2] {
		t.Errorf("within a submission: %v", first)
	}
	again := j.submit(t, journal.NewTxn{Trigger: "hook", Key: "k1"}, journal.NewTxn{Trigger: "other", Key: "k1"},
		journal.NewTxn{Trigger: "hook", Key: "k1", Account: 2, Cycle: cycle})
	if again[0] != first[0] || again[1] == first[0] || again[2] == first[0] {
		t.Errorf("the same key: %v, first %v", again, first)
	}
	var wg sync.WaitGroup
	ids := make([]tandem.TransactionID, 20)
	for i := range ids {
		n := []journal.NewTxn{{ID: j.id(), Account: 1, Cycle: cycle, Trigger: "hook", Key: "k2"}}
		wg.Go(func() {
			got, err := j.s.Submit(t.Context(), n)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = got[0]
		})
	}
	wg.Wait()
	if slices.Min(ids) != slices.Max(ids) {
		t.Errorf("at once: %v", ids)
	}
	j.get(t, ids[0])
}

func (j *journalTest) fences(t *testing.T) {
	id := j.submit(t, journal.NewTxn{})[0]
	fenced := func(what string, d journal.Delta) {
		d.Account, d.Cycle, d.Txn = 1, cycle, id
		d.Items = []tandem.StepItem{item(9, tandem.OutcomeSuccess, nil)}
		d.Children = []journal.NewTxn{{ID: j.id(), Account: 1, Cycle: cycle}}
		d.Meter = []journal.Count{{Cycle: "fenced", Slot: 1, Succeeded: 1}}
		d.Incidents = []tandem.Incident{{ShortMessage: "fenced"}}
		if _, err := j.s.Commit(t.Context(), d); !errors.Is(err, journal.ErrFenced) {
			t.Errorf("%s: %v, want ErrFenced", what, err)
		}
		if _, err := j.s.Load(t.Context(), 1, d.Children[0].ID); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("%s: its child: %v, want NotFound", what, err)
		}
	}
	fenced("another epoch", journal.Delta{Epoch: 7})
	j.commit(t, journal.Delta{Txn: id, Status: tandem.TransactionCompleted})
	fenced("after the end", journal.Delta{})
	if items, _ := j.s.Transactions().Items(t.Context(), 1, id); len(items) > 0 {
		t.Errorf("a fenced delta left %d items", len(items))
	}
	if n := j.tasks(t, 1); n != 0 {
		t.Errorf("a fenced delta counted %d tasks", n)
	}
}

func (j *journalTest) joins(t *testing.T) {
	top := j.submit(t, journal.NewTxn{Frontier: []byte("rest")})[0]
	mid := j.id()
	o := j.commit(t, journal.Delta{
		Txn: top, Frontier: []byte("rest"), Status: tandem.TransactionSplit,
		Children: []journal.NewTxn{{ID: mid, Account: 1, Cycle: cycle}},
	})
	if o.Status != tandem.TransactionSplit {
		t.Errorf("with an open child the status is %s", o.Status)
	}
	leaves := []journal.NewTxn{{ID: j.id(), Account: 1, Cycle: cycle}, {ID: j.id(), Account: 1, Cycle: cycle}}
	j.commit(t, journal.Delta{Txn: mid, Parent: top, Status: tandem.TransactionSplit, Children: leaves})
	o = j.commit(t, journal.Delta{Txn: leaves[0].ID, Parent: mid, Status: tandem.TransactionFailed})
	if len(o.Woken) > 0 || j.get(t, mid).Status != tandem.TransactionSplit {
		t.Error("the first of two children ended the parent")
	}
	o = j.commit(t, journal.Delta{Txn: leaves[1].ID, Parent: mid, Status: tandem.TransactionCompleted})
	if diff := cmp.Diff([]tandem.TransactionID{top}, o.Woken); diff != "" {
		t.Errorf("woken (-want +got):\n%s", diff)
	}
	if got := j.get(t, mid); got.Status != tandem.TransactionCompleted || got.Children != 2 || got.Finished.IsZero() {
		t.Errorf("a parent with nothing pending: %+v", got)
	}
	if got := j.get(t, top); got.Status != tandem.TransactionQueued {
		t.Errorf("a parent with something pending: %+v", got)
	}
}

func (j *journalTest) joinsLate(t *testing.T) {
	for _, rest := range []struct {
		frontier []byte
		want     tandem.TransactionStatus
	}{{nil, tandem.TransactionCompleted}, {[]byte("rest"), tandem.TransactionQueued}} {
		parent, child := j.submit(t, journal.NewTxn{})[0], j.id()
		j.commit(t, journal.Delta{Txn: parent, Frontier: []byte("more pages"), Children: []journal.NewTxn{{ID: child, Account: 1, Cycle: cycle}}})
		j.commit(t, journal.Delta{Txn: child, Parent: parent, Status: tandem.TransactionCompleted})
		if got := j.get(t, parent).Status; got != tandem.TransactionQueued {
			t.Errorf("while it is splitting the status is %s", got)
		}
		o := j.commit(t, journal.Delta{Txn: parent, Frontier: rest.frontier, Status: tandem.TransactionSplit})
		if got := j.get(t, parent).Status; o.Status != rest.want || got != rest.want || len(o.Woken) > 0 {
			t.Errorf("told %s, woken %v, and is %s; want %s", o.Status, o.Woken, got, rest.want)
		}
	}
}

func (j *journalTest) joinsAtOnce(t *testing.T) {
	const children = 300
	parent := j.submit(t, journal.NewTxn{})[0]
	d := journal.Delta{Txn: parent, Status: tandem.TransactionSplit}
	for range children {
		d.Children = append(d.Children, journal.NewTxn{ID: j.id(), Account: 1, Cycle: cycle})
	}
	j.commit(t, d)
	var wg sync.WaitGroup
	for _, c := range d.Children {
		wg.Go(func() {
			j.commit(t, journal.Delta{Txn: c.ID, Parent: parent, Status: tandem.TransactionCompleted})
		})
	}
	wg.Wait()
	if got := j.get(t, parent); got.Status != tandem.TransactionCompleted || got.Children != children {
		t.Errorf("after all children: %+v", got)
	}
}

// tasks counts what is in a slot.
func (j *journalTest) tasks(t *testing.T, slot tandem.Slot) (n int) {
	t.Helper()
	err := j.s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT COALESCE(SUM(succeeded + failed), 0) FROM meter WHERE account = 1 AND slot = $1`, slot).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (j *journalTest) meters(t *testing.T) {
	var wg sync.WaitGroup
	for range 50 {
		n := journal.NewTxn{Meter: []journal.Count{{Cycle: cycle, Method: "m", Slot: 20000, Succeeded: 1}}}
		id := j.submit(t, n)[0]
		wg.Go(func() {
			j.commit(t, journal.Delta{
				Txn: id, Status: tandem.TransactionCompleted,
				Meter: []journal.Count{{Cycle: cycle, Method: "m", Slot: 20000, Failed: 2}, {Cycle: cycle, Method: "n", Slot: 20001, Succeeded: 1}},
			})
		})
	}
	wg.Wait()
	if a, b := j.tasks(t, 20000), j.tasks(t, 20001); a != 150 || b != 50 {
		t.Errorf("counted %d and %d tasks, want 150 and 50", a, b)
	}
}

func (j *journalTest) timers(t *testing.T) {
	was, next := time.UnixMicro(1_000_000), time.UnixMicro(2_000_000)
	_, err := j.s.Dialect().Writer().ExecContext(t.Context(), `INSERT INTO timer (account, cycle, next_at) VALUES (1, $1, $2)`, cycle, was.UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	c := &journal.Cursor{Account: 1, Cycle: cycle, Was: was, Next: next}
	if ids := j.submit(t, journal.NewTxn{Cursor: c}, journal.NewTxn{}); ids[0] == 0 || ids[1] == 0 {
		t.Errorf("the first firing made %v", ids)
	}
	ids := j.submit(t, journal.NewTxn{Cursor: c}, journal.NewTxn{})
	if ids[0] != 0 || ids[1] != 0 {
		t.Errorf("the second firing made %v", ids)
	}
	if _, err := j.s.Load(t.Context(), 1, j.last); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("a firing that came late made a transaction: %v", err)
	}
}

func (j *journalTest) incidents(t *testing.T) {
	const other = tandem.CycleID("with incidents")
	for i := range 3 {
		id := j.submit(t, journal.NewTxn{Account: 1, Cycle: other, Version: 7})[0]
		j.commit(t, journal.Delta{Account: 1, Cycle: other, Txn: id, Status: tandem.TransactionFailed, Incidents: []tandem.Incident{
			{IncidentLevel: tandem.OutcomeWarning, ShortMessage: "first"},
			{IncidentLevel: tandem.OutcomeError, ShortMessage: "second", FullMessage: "full", StepID: "a-step"},
		}})
		level := tandem.OutcomeError
		f := tandem.TransactionFilter{Cycle: other, Level: &level}
		p, err := j.s.Transactions().Incidents(t.Context(), 1, f)
		if err != nil || p.Total != i+1 {
			t.Fatalf("%d incidents, want %d; %v", p.Total, i+1, err)
		}
		want := tandem.Incident{CycleID: other, IncidentLevel: level, ShortMessage: "second", FullMessage: "full", StepID: "a-step", TransactionID: id, Version: 7}
		if diff := cmp.Diff(want, p.Rows[0], cmpopts.IgnoreFields(tandem.Incident{}, "ID", "Created")); diff != "" || p.Rows[0].ID == 0 {
			t.Errorf("newest (-want +got):\n%s", diff)
		}
	}
	if err := j.s.Transactions().ClearIncidents(t.Context(), 1, other); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("clear incidents of no cycle: %v, want NotFound", err)
	}
}

func (j *journalTest) longBodies(t *testing.T) {
	long := make([]byte, 600<<10)
	if _, err := rand.Read(long); err != nil {
		t.Fatal(err)
	}
	want := item(1, tandem.OutcomeSuccess, long)
	id := j.submit(t, journal.NewTxn{Items: []tandem.StepItem{want}})[0]
	items, err := j.s.Transactions().Items(t.Context(), 1, id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]tandem.StepItem{want}, items); diff != "" {
		t.Errorf("items differ: %d bytes of difference", len(diff))
	}
}

func (j *journalTest) badDelta(t *testing.T) {
	ids := j.submit(t, make([]journal.NewTxn, 20)...)
	taken := ids[0]
	var wg sync.WaitGroup
	for i, id := range ids {
		d := journal.Delta{Account: 1, Cycle: cycle, Txn: id, Status: tandem.TransactionCompleted}
		if i == 10 {
			d.Children = []journal.NewTxn{{ID: taken, Account: 1, Cycle: cycle}}
		}
		wg.Go(func() {
			_, err := j.s.Commit(t.Context(), d)
			if (err != nil) != (i == 10) {
				t.Errorf("delta %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func (j *journalTest) holds(t *testing.T) {
	const held = tandem.CycleID("held")
	ids := j.submit(t, slices.Repeat([]journal.NewTxn{{Account: 1, Cycle: held}}, 3)...)
	wake := time.Now().Add(time.Hour)
	j.commit(t, journal.Delta{Account: 1, Cycle: held, Txn: ids[1], Status: tandem.TransactionWaiting, Wake: wake})
	j.commit(t, journal.Delta{Account: 1, Cycle: held, Txn: ids[2], Status: tandem.TransactionCompleted})
	statuses := func() (all []tandem.TransactionStatus) {
		for _, id := range ids {
			all = append(all, j.get(t, id).Status)
		}
		return all
	}
	if err := j.s.Hold(t.Context(), 1, held); err != nil {
		t.Fatal(err)
	}
	want := []tandem.TransactionStatus{tandem.TransactionHeld, tandem.TransactionHeld, tandem.TransactionCompleted}
	if diff := cmp.Diff(want, statuses()); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if h, err := j.s.Holds(t.Context()); err != nil || !slices.Contains(h, journal.Cycle{Account: 1, ID: held}) {
		t.Errorf("holds: %v, %v", h, err)
	}
	if _, err := j.s.Commit(t.Context(), journal.Delta{Account: 1, Cycle: held, Txn: ids[0]}); !errors.Is(err, journal.ErrFenced) {
		t.Errorf("a commit from before the hold: %v, want ErrFenced", err)
	}
	if err := j.s.Resume(t.Context(), 1, held); err != nil {
		t.Fatal(err)
	}
	want = []tandem.TransactionStatus{tandem.TransactionQueued, tandem.TransactionWaiting, tandem.TransactionCompleted}
	if diff := cmp.Diff(want, statuses()); diff != "" {
		t.Errorf("resumed (-want +got):\n%s", diff)
	}
	if is, err := j.s.Held(t.Context(), 1, held); err != nil || is {
		t.Errorf("held after Resume: %v, %v", is, err)
	}
}

func (j *journalTest) cancels(t *testing.T) {
	const cancelled = tandem.CycleID("cancelled")
	parent := j.submit(t, journal.NewTxn{Frontier: []byte("rest")})[0]
	d := journal.Delta{Txn: parent, Frontier: []byte("rest"), Status: tandem.TransactionSplit}
	for range 3 {
		d.Children = append(d.Children, journal.NewTxn{ID: j.id(), Account: 1, Cycle: cancelled})
	}
	j.commit(t, d)
	woken, err := j.s.Cancel(t.Context(), 1, cancelled)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]tandem.TransactionID{parent}, woken); diff != "" {
		t.Errorf("woken (-want +got):\n%s", diff)
	}
	for _, c := range d.Children {
		if got := j.get(t, c.ID); got.Status != tandem.TransactionCancelled || got.Finished.IsZero() {
			t.Errorf("a child: %+v", got)
		}
	}
	if got := j.get(t, parent).Status; got != tandem.TransactionQueued {
		t.Errorf("the parent, of another cycle, is %s", got)
	}
}

func (j *journalTest) open(t *testing.T) {
	const open = tandem.CycleID("open")
	ids := j.submit(t, slices.Repeat([]journal.NewTxn{{Account: 1, Cycle: open}}, 5)...)
	j.commit(t, journal.Delta{Account: 1, Cycle: open, Txn: ids[1], Status: tandem.TransactionCompleted})
	var got []tandem.TransactionID
	for after := tandem.TransactionID(0); ; {
		page, err := j.s.Open(t.Context(), journal.Cycle{Account: 1, ID: open}, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, txn := range page {
			got, after = append(got, txn.ID), txn.ID
		}
	}
	if diff := cmp.Diff([]tandem.TransactionID{ids[0], ids[2], ids[3], ids[4]}, got); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	pending, err := j.s.Pending(t.Context())
	if err != nil || !slices.Contains(pending, journal.Cycle{Account: 1, ID: open}) {
		t.Errorf("cycles with something pending: %v, %v", pending, err)
	}
	if last, err := j.s.LastTransaction(t.Context()); err != nil || last < ids[4] {
		t.Errorf("last transaction %d, %v; want at least %d", last, err, ids[4])
	}
	a, err1 := j.s.NewNode(t.Context())
	b, err2 := j.s.NewNode(t.Context())
	if errors.Join(err1, err2) != nil || a == b {
		t.Errorf("nodes %d and %d; %v, %v", a, b, err1, err2)
	}
}

func (j *journalTest) suspects(t *testing.T) {
	id := j.submit(t, journal.NewTxn{})[0]
	for _, want := range []int{3, 6} {
		if n, err := j.s.Suspect(t.Context(), 1, id, 3); n != want || err != nil {
			t.Errorf("suspicion %d, %v; want %d", n, err, want)
		}
	}
	j.commit(t, journal.Delta{Txn: id, Frontier: []byte("x")})
	if txn, err := j.s.Load(t.Context(), 1, id); txn.Suspicion != 0 || err != nil {
		t.Errorf("suspicion %d after a commit; %v", txn.Suspicion, err)
	}
}
