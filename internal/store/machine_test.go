package store_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// machine holds the journal to a model of it, which is what docs/states.md says of
// transactions and barriers.
type machine struct {
	*disk
	t        *testing.T
	account  tandem.AccountID
	last     tandem.TransactionID
	txns     map[tandem.TransactionID]*model
	keys     map[string]tandem.TransactionID
	held     map[tandem.CycleID]bool
	barriers map[tandem.CycleID]*barrier
	tasks    int
}

// disk is what all machines of a test share; each has an account of its own.
type disk struct {
	dir string
	s   *store.Store
}

// cycles are the machine's; their transactions split into each other's.
var cycles = []tandem.CycleID{"c", "d"}

// model is what is known of a transaction.
type model struct {
	Cycle           tandem.CycleID
	Status          tandem.TransactionStatus
	Parent          tandem.TransactionID
	Children, Tasks int
	Items           int

	epoch   int64
	open    int
	pending bool // there is a frontier
	wakes   bool // it has a wake time
	awaits  bool // it waits for requests
}

// TestJournalMachine does random things to the journal, restarts included, and
// compares every transaction with the model after each.
func TestJournalMachine(t *testing.T) {
	d := &disk{dir: t.TempDir()}
	d.s = open(t, "", d.dir)
	defer func() { d.s.Close() }()
	var account tandem.AccountID
	rapid.Check(t, func(r *rapid.T) {
		account++
		m := &machine{
			disk: d, t: t, account: account, txns: map[tandem.TransactionID]*model{}, keys: map[string]tandem.TransactionID{},
			held: map[tandem.CycleID]bool{}, barriers: map[tandem.CycleID]*barrier{},
		}
		defer m.end()
		r.Repeat(map[string]func(*rapid.T){
			"submit":  m.submit,
			"adopt":   m.adopt,
			"advance": m.advance,
			"split":   m.split,
			"fence":   m.fence,
			"claim":   m.claim,
			"restart": m.restart,
			"hold":    m.hold,
			"resume":  m.resume,
			"cancel":  m.cancel,
			"drop":    m.drop,
			"arrive":  m.arrive,
			"pass":    m.pass,
			"await":   m.await,
			"unmatch": m.unmatch,
			"":        m.check,
		})
	})
}

// end leaves nothing to the next machine.
func (m *machine) end() {
	for _, c := range cycles {
		if _, err := m.s.Cancel(m.t.Context(), m.account, c); err != nil {
			m.t.Error(err)
		}
	}
}

func (m *machine) id() tandem.TransactionID {
	m.last++
	return m.last
}

// choose picks a transaction, at its end or not; there may be none.
func (m *machine) choose(r *rapid.T, final bool) (tandem.TransactionID, *model) {
	var ids []tandem.TransactionID
	for _, id := range slices.Sorted(maps.Keys(m.txns)) {
		if m.txns[id].Status.Final() == final {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		r.Skip("no such transaction")
	}
	id := rapid.SampledFrom(ids).Draw(r, "transaction")
	return id, m.txns[id]
}

func (m *machine) submit(r *rapid.T) {
	key := rapid.SampledFrom([]string{"", "", "a", "b", "c"}).Draw(r, "key")
	n := journal.NewTxn{ID: m.id(), Account: m.account, Cycle: cycle(r), Trigger: "t", Key: key, Frontier: []byte("begin")}
	ids, err := m.s.Submit(m.t.Context(), []journal.NewTxn{n})
	if err != nil {
		r.Fatal(err)
	}
	if first, known := m.keys[key]; known {
		if ids[0] != first {
			r.Fatalf("key %q gave %d, want %d", key, ids[0], first)
		}
		return
	}
	m.txns[n.ID] = &model{Cycle: n.Cycle, pending: true}
	if key != "" {
		m.keys[key] = n.ID
	}
}

func cycle(r *rapid.T) tandem.CycleID { return rapid.SampledFrom(cycles).Draw(r, "cycle") }

// adopt submits a child. Of a transaction that is at its end none is made.
func (m *machine) adopt(r *rapid.T) {
	id, x := m.choose(r, rapid.Bool().Draw(r, "final"))
	n := journal.NewTxn{ID: m.id(), Account: m.account, Cycle: x.Cycle, Parent: id, Frontier: []byte("begin")}
	ids, err := m.s.Submit(m.t.Context(), []journal.NewTxn{n})
	if err != nil || (ids[0] != 0) == x.Status.Final() {
		r.Fatalf("a child of one that is %s: %v, %v", x.Status, ids, err)
	}
	if !x.Status.Final() {
		m.txns[n.ID] = &model{Cycle: n.Cycle, Parent: id, pending: true}
		x.Children, x.open = x.Children+1, x.open+1
	}
}

// advance commits a step item and a status.
func (m *machine) advance(r *rapid.T) {
	id, x := m.choose(r, false)
	d := m.delta(id, x)
	d.Status = rapid.SampledFrom([]tandem.TransactionStatus{
		tandem.TransactionQueued, tandem.TransactionWaiting, tandem.TransactionSplit,
		tandem.TransactionCompleted, tandem.TransactionFailed,
	}).Draw(r, "status")
	if !d.Status.Final() && rapid.Bool().Draw(r, "pending") {
		d.Frontier = []byte("rest")
	}
	m.commit(r, x, d)
}

// split makes children.
func (m *machine) split(r *rapid.T) {
	id, x := m.choose(r, false)
	d := m.delta(id, x)
	d.Status = rapid.SampledFrom([]tandem.TransactionStatus{tandem.TransactionQueued, tandem.TransactionSplit}).Draw(r, "status")
	if rapid.Bool().Draw(r, "pending") {
		d.Frontier = []byte("rest")
	}
	for range rapid.IntRange(1, 3).Draw(r, "children") {
		n := journal.NewTxn{ID: m.id(), Account: m.account, Cycle: cycle(r), Frontier: []byte("begin")}
		d.Children = append(d.Children, n)
		m.txns[n.ID] = &model{Cycle: n.Cycle, Parent: id, pending: true}
	}
	x.Children += len(d.Children)
	x.open += len(d.Children)
	m.commit(r, x, d)
}

func (m *machine) delta(id tandem.TransactionID, x *model) journal.Delta {
	return journal.Delta{
		Account: m.account, Txn: id, Cycle: x.Cycle, Parent: x.Parent, Epoch: x.epoch, Wake: farAway,
		Items: []tandem.StepItem{{Seq: int32(x.Items + 1), Tasks: 1}},
		Meter: []journal.Count{{Cycle: x.Cycle, Method: "m", Slot: 1, Succeeded: 1}},
	}
}

// farAway is when transactions wake, and give up waiting for requests.
var farAway = time.UnixMicro(time.Now().AddDate(1, 0, 0).UnixMicro())

func (m *machine) commit(r *rapid.T, x *model, d journal.Delta) {
	d.Unmatch = d.Status.Final()
	o, err := m.s.Commit(m.t.Context(), d)
	if err != nil {
		r.Fatal(err)
	}
	x.Status, x.pending, x.wakes = d.Status, d.Frontier != nil, d.Status == tandem.TransactionWaiting
	x.awaits = !d.Status.Final() && (x.awaits || len(d.Matches) > 0)
	x.Items, x.Tasks, m.tasks = x.Items+1, x.Tasks+1, m.tasks+1
	woken := m.settle(d.Txn, x)
	if o.Status != x.Status {
		r.Fatalf("told %s, want %s", o.Status, x.Status)
	}
	m.wakes(r, woken, o.Woken)
}

// wakes compares who goes on because others have ended.
func (m *machine) wakes(r *rapid.T, want, got []tandem.TransactionID) {
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		r.Fatalf("woken %v, want %v", got, want)
	}
}

// settle does what the end of a transaction does to those above it.
func (m *machine) settle(id tandem.TransactionID, x *model) (woken []tandem.TransactionID) {
	own := id
	for {
		if x.Status == tandem.TransactionSplit && x.open == 0 {
			x.Status = tandem.TransactionCompleted
			if x.pending {
				x.Status = tandem.TransactionQueued
				if id != own {
					woken = append(woken, id)
				}
			}
		} else if id != own {
			return woken
		}
		if !x.Status.Final() || x.Parent == 0 {
			return woken
		}
		id, x = x.Parent, m.txns[x.Parent]
		x.open--
	}
}

// fence commits what must not count: from another owner, or after the end.
func (m *machine) fence(r *rapid.T) {
	final := rapid.Bool().Draw(r, "final")
	id, x := m.choose(r, final)
	d := m.delta(id, x)
	d.Children = []journal.NewTxn{{ID: m.id(), Account: m.account, Cycle: x.Cycle}}
	if !final {
		d.Epoch += rapid.SampledFrom([]int64{-1, 1}).Draw(r, "epoch")
	}
	if _, err := m.s.Commit(m.t.Context(), d); !errors.Is(err, journal.ErrFenced) {
		r.Fatalf("%v, want ErrFenced", err)
	}
}

func (m *machine) restart(r *rapid.T) {
	if err := m.s.Close(); err != nil {
		r.Fatal(err)
	}
	m.s = open(m.t, "", m.dir)
}

func (m *machine) check(r *rapid.T) {
	p, err := m.s.Transactions().List(m.t.Context(), m.account, tandem.TransactionFilter{PageRequest: tandem.PageRequest{PageSize: tandem.MaxPageSize}})
	if err != nil {
		r.Fatal(err)
	}
	got, want := map[tandem.TransactionID]model{}, map[tandem.TransactionID]model{}
	for _, t := range p.Rows {
		items, err := m.s.Transactions().Items(m.t.Context(), m.account, t.ID)
		if err != nil {
			r.Fatal(err)
		}
		got[t.ID] = model{Cycle: t.CycleID, Status: t.Status, Parent: t.ParentID, Children: t.Children, Tasks: t.Tasks, Items: len(items)}
	}
	for id, x := range m.txns {
		want[id] = model{Cycle: x.Cycle, Status: x.Status, Parent: x.Parent, Children: x.Children, Tasks: x.Tasks, Items: x.Items}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(model{})); diff != "" {
		r.Fatalf("transactions (-want +got):\n%s", diff)
	}
	m.checkBarriers(r)
	m.checkRequests(r)
	var n int
	err = m.s.Dialect().Reader().QueryRowContext(m.t.Context(), `SELECT COALESCE(SUM(succeeded + failed), 0) FROM meter WHERE account = $1`, m.account).Scan(&n)
	if err != nil || n != m.tasks {
		r.Fatalf("%d tasks, %v; want %d", n, err, m.tasks)
	}
}
