package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// batch is what one commit writes. It looks first at what may keep an entry
// out (a cursor that moved, another owner), and then writes what is left, each
// kind of row with one statement. Rows that nodes share are written last and
// in the order of their keys, so that two nodes wait for each other rarely,
// briefly and never in a ring.
type batch struct {
	tx      bulk.Tx
	entries []*entry
	now     time.Time

	forgotten [][]any // keys of the transactions that ended whose data is not kept
	joined    []run   // that ended with the last of those that they were split into
}

func (b *batch) apply(ctx context.Context) error {
	b.forgotten, b.joined = nil, nil
	for _, e := range b.entries {
		e.ids, e.outcome, e.err = nil, journal.Outcome{}, nil
	}
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"move timers", b.moveTimers},
		{"find duplicates", b.dedupe},
		{"advance transactions", b.advance},
		{"adopt children", b.adopt},
		{"suspect", b.suspect},
		{"insert transactions", b.create},
		{"join children", b.join},
		{"forget data", b.forget},
		{"arrive at barriers", b.arrive},
		{"pass barriers", b.pass},
		{"hold for requests", b.match},
		{"answer callers", b.answer},
		{"count tasks", b.meter},
		{"count runs", b.runs},
		{"set last runs", b.lastRuns},
		{"insert incidents", b.incidents},
	}
	for _, s := range steps {
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// deltas are those that apply.
func (b *batch) deltas(yield func(*entry) bool) {
	for _, e := range b.entries {
		if e.delta != nil && e.err == nil && !yield(e) {
			return
		}
	}
}

// creations are the new transactions of entries that apply.
func (b *batch) creations(yield func(*made) bool) {
	for _, e := range b.entries {
		for i := range e.made {
			m := &e.made[i]
			dropped := e.err != nil || e.delta == nil && e.ids[i] != m.ID
			if !dropped && !yield(m) {
				return
			}
		}
	}
}

// key names a transaction.
type key struct {
	account tandem.AccountID
	txn     tandem.TransactionID
}

func compareKeys(x, y key) int {
	return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.txn, y.txn))
}

var moveTimer = bulk.MustParse(`UPDATE timer SET next_at = each.next
	FROM each(account bigint, cycle text, was bigint, next bigint)
	WHERE timer.account = each.account AND timer.cycle = each.cycle AND timer.next_at = each.was
	RETURNING each.ordinal`)

// moveTimers moves the cursors; a submission with one that had moved is for
// nothing. It gives the other submissions their ids.
func (b *batch) moveTimers(ctx context.Context) error {
	var rows [][]any
	var owners []*entry
	for _, e := range b.entries {
		if e.delta == nil {
			e.ids = make([]tandem.TransactionID, len(e.made))
		}
		for i := range e.made {
			if c := e.made[i].Cursor; c != nil {
				rows = append(rows, []any{int64(c.Account), string(c.Cycle), micros(c.Was), micros(c.Next)})
				owners = append(owners, e)
			}
		}
	}
	moved := make([]bool, len(rows)+1)
	if err := b.tx.Each(ctx, moveTimer, rows, func(r []int64) { moved[r[0]] = true }); err != nil {
		return err
	}
	late := map[*entry]bool{}
	for i, e := range owners {
		late[e] = late[e] || !moved[i+1]
	}
	for _, e := range b.entries {
		for i := range e.ids {
			if !late[e] {
				e.ids[i] = e.made[i].ID
			}
		}
	}
	return nil
}

var (
	insertKey = bulk.MustParse(`INSERT INTO dedupe (account, source, key, txn, created_at) SELECT each.*
		FROM each(account bigint, source text, key text, txn bigint, created_at bigint) WHERE true ON CONFLICT DO NOTHING`)
	knownKey = bulk.MustParse(`SELECT each.ordinal, dedupe.txn FROM dedupe, each(account bigint, source text, key text)
		WHERE dedupe.account = each.account AND dedupe.source = each.source AND dedupe.key = each.key`)
)

// dedupe gives submissions with a known key the id of the first.
func (b *batch) dedupe(ctx context.Context) error {
	type place struct {
		e *entry
		i int
	}
	var places []place
	for _, e := range b.entries {
		for i := range e.ids {
			if e.made[i].Key != "" && e.ids[i] != 0 {
				places = append(places, place{e, i})
			}
		}
	}
	slices.SortStableFunc(places, func(x, y place) int {
		return cmp.Compare(x.e.made[x.i].Key, y.e.made[y.i].Key)
	})
	var inserts, lookups [][]any
	for _, p := range places {
		m := p.e.made[p.i]
		lookups = append(lookups, []any{int64(m.Account), m.Trigger, m.Key})
		inserts = append(inserts, []any{int64(m.Account), m.Trigger, m.Key, int64(m.ID), micros(b.now)})
	}
	if err := b.tx.Each(ctx, insertKey, inserts, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, knownKey, lookups, func(r []int64) {
		p := places[r[0]-1]
		p.e.ids[p.i] = tandem.TransactionID(r[1])
	})
}

var advance = bulk.MustParse(`UPDATE txn SET status = each.status, suspicion = 0, wake_at = each.wake_at,
		admitted = CASE WHEN each.status = 0 THEN admitted ELSE 0 END, finished_at = each.finished_at,
		next_seq = CASE WHEN each.next_seq > txn.next_seq THEN each.next_seq ELSE txn.next_seq END,
		children = children + each.made, open = open + each.made,
		tasks = txn.tasks + each.tasks, errors = txn.errors + each.errors, unlogged = each.unlogged, frontier = each.frontier
	FROM each(account bigint, id bigint, epoch bigint, status bigint, wake_at bigint, finished_at bigint,
		next_seq bigint, made bigint, tasks bigint, errors bigint, unlogged bigint, frontier bytea)
	WHERE txn.account = each.account AND txn.id = each.id AND txn.epoch = each.epoch AND txn.status + 0 < 10
	RETURNING each.ordinal`)

// advance updates the transactions; a delta whose transaction has another
// owner, or is at its end, is fenced.
func (b *batch) advance(ctx context.Context) error {
	var rows [][]any
	var owners []*entry
	for e := range b.deltas {
		d, wake, finished := e.delta, int64(0), int64(0)
		if d.Status == tandem.TransactionWaiting {
			wake = micros(d.Wake)
		}
		if d.Status.Final() {
			finished = micros(b.now)
		}
		tasks, errors := count(d.Items)
		e.err, e.outcome.Status, e.outcome.Wake = journal.ErrFenced, d.Status, d.Wake
		owners = append(owners, e)
		rows = append(rows, []any{
			int64(d.Account), int64(d.Txn), d.Epoch, int64(d.Status), wake, finished,
			nextSeq(d.Items), int64(len(e.made)), tasks, errors, flag(d.Unlogged), d.Frontier,
		})
	}
	return b.tx.Each(ctx, advance, rows, func(r []int64) {
		e := owners[r[0]-1]
		if e.err = nil; e.delta.Unlogged && e.delta.Status.Final() {
			b.forgotten = append(b.forgotten, []any{int64(e.delta.Account), int64(e.delta.Txn)})
		}
	})
}

var (
	insertTxn = bulk.MustParse(`INSERT INTO txn (account, id, cycle, version, parent, status, epoch, next_seq, children, open,
			tasks, errors, suspicion, created_at, wake_at, finished_at, begun, repeats, unlogged, received, frontier)
		SELECT each.account, each.id, each.cycle, each.version, each.parent, 0, 0, each.next_seq, 0, 0,
			each.tasks, each.errors, 0, each.created_at, 0, 0, each.next_seq - 1, each.repeats, each.unlogged, each.received, each.frontier
		FROM each(account bigint, id bigint, cycle text, version bigint, parent bigint, next_seq bigint,
			tasks bigint, errors bigint, created_at bigint, repeats bigint, unlogged bigint, received bigint, frontier bytea)`)
	insertItem = bulk.MustParse(`INSERT INTO step_item (account, txn, seq, prev, step, attempt, outcome, exit, message, tasks,
			started_at, finished_at, blob, data) SELECT each.*
		FROM each(account bigint, txn bigint, seq bigint, prev bigint, step text, attempt bigint, outcome bigint, exit text,
			message text, tasks bigint, started_at bigint, finished_at bigint, blob bigint, data bytea)`)
)

// create inserts the new transactions and all step items.
func (b *batch) create(ctx context.Context) error {
	var txns, items [][]any
	for m := range b.creations {
		txns, items = append(txns, m.txn), append(items, m.items...)
	}
	for e := range b.deltas {
		items = append(items, e.items...)
	}
	if err := b.tx.Each(ctx, insertTxn, txns, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, insertItem, items, nil)
}

var upsertMeter = bulk.MustParse(`INSERT INTO meter (account, slot, cycle, method, connector, version, succeeded, failed, took) SELECT each.*
	FROM each(account bigint, slot bigint, cycle text, method text, connector text, version text, succeeded bigint, failed bigint, took bigint) WHERE true
	ON CONFLICT (account, slot, cycle, method, connector, version) DO UPDATE
	SET succeeded = meter.succeeded + excluded.succeeded, failed = meter.failed + excluded.failed, took = meter.took + excluded.took`)

// meter adds up the tasks, one row for each key.
func (b *batch) meter(ctx context.Context) error {
	sums := tally{}
	for m := range b.creations {
		sums.add(m.Account, m.Meter...)
	}
	for e := range b.deltas {
		sums.add(e.delta.Account, e.delta.Meter...)
	}
	if err := b.sumLate(ctx, sums); err != nil { // before the rows that others may wait for
		return err
	}
	return b.tx.Each(ctx, upsertMeter, sums.rows(), nil)
}

// tally is counts of tasks, one for each row of the meter.
type tally map[meterKey]counts

type meterKey struct {
	account       tandem.AccountID
	journal.Count // without its numbers
}

type counts struct {
	succeeded, failed int64
	took              time.Duration
}

func (t tally) add(a tandem.AccountID, all ...journal.Count) {
	for _, c := range all {
		k := meterKey{a, c}
		k.Succeeded, k.Failed, k.Took = 0, 0, 0
		n := t[k]
		t[k] = counts{n.succeeded + int64(c.Succeeded), n.failed + int64(c.Failed), n.took + c.Took}
	}
}

// rows are the rows of upsertMeter, in the order of their keys.
func (t tally) rows() [][]any {
	keys := slices.SortedFunc(maps.Keys(t), func(x, y meterKey) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.Slot, y.Slot), cmp.Compare(x.Cycle, y.Cycle),
			cmp.Compare(x.Method, y.Method), cmp.Compare(x.Connector, y.Connector), cmp.Compare(x.Version, y.Version))
	})
	all := make([][]any, len(keys))
	for i, k := range keys {
		all[i] = []any{int64(k.account), int64(k.Slot), string(k.Cycle), k.Method, k.Connector, k.Version, t[k].succeeded, t[k].failed, t[k].took.Microseconds()}
	}
	return all
}

var setLastRun = bulk.MustParse(`UPDATE step SET last_successful_run = each.ran_at
	FROM each(account bigint, step text, ran_at bigint, chosen bigint)
	WHERE step.account = each.account AND step.id = each.step AND (step.last_successful_run < each.ran_at OR each.chosen = 1)`)

// lastRuns sets when steps last ran well, one row for each: the last that a script
// chose, or else the latest.
func (b *batch) lastRuns(ctx context.Context) error {
	type stepKey struct {
		account tandem.AccountID
		step    tandem.StepID
	}
	type run struct{ at, chosen int64 }
	at := map[stepKey]run{}
	for e := range b.deltas {
		for _, r := range e.delta.LastRuns {
			k := stepKey{e.delta.Account, r.Step}
			switch was := at[k]; {
			case r.Chosen:
				at[k] = run{micros(r.At), 1}
			case was.chosen == 0:
				at[k] = run{at: max(was.at, micros(r.At))}
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(at), func(x, y stepKey) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.step, y.step))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{int64(k.account), string(k.step), at[k].at, at[k].chosen}
	}
	return b.tx.Each(ctx, setLastRun, rows, nil)
}

var (
	takeNumbers = bulk.MustParse(`INSERT INTO sequence (name, value) SELECT each.* FROM each(name text, value bigint) WHERE true
		ON CONFLICT (name) DO UPDATE SET value = sequence.value + excluded.value RETURNING value`)
	insertIncident = bulk.MustParse(`INSERT INTO incident (account, id, cycle, txn, step, level, short, full_text, created_at, item) SELECT each.*
		FROM each(account bigint, id bigint, cycle text, txn bigint, step text, level bigint, short text, full_text text, created_at bigint, item bigint)`)
)

func (b *batch) incidents(ctx context.Context) error {
	var rows [][]any
	for e := range b.deltas {
		for _, i := range e.delta.Incidents {
			created := cmp.Or(micros(i.Created), micros(b.now))
			rows = append(rows, []any{
				int64(e.delta.Account), int64(0), string(cmp.Or(i.CycleID, e.delta.Cycle)), int64(e.delta.Txn),
				string(i.StepID), int64(i.IncidentLevel), i.ShortMessage, i.FullMessage, created, int64(i.Item),
			})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	number := [][]any{{"incident", int64(len(rows))}}
	err := b.tx.Each(ctx, takeNumbers, number, func(last []int64) {
		for i := range rows {
			rows[i][1] = last[0] - int64(len(rows)-1-i)
		}
	})
	if err != nil {
		return err
	}
	return b.tx.Each(ctx, insertIncident, rows, nil)
}
