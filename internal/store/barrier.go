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

// readyBarriers are those whose transactions have all ended, of cycles that are not
// held. What was split is open for as long as its parts are, so only roots are
// looked at; and what ended before its parts, by an error or by a person, for their
// roots.
const readyBarriers = `SELECT account, cycle, version, step, mark, failed, opened_at, frontier FROM barrier
	WHERE NOT EXISTS (SELECT 1 FROM hold h WHERE h.account = barrier.account AND h.cycle = barrier.cycle)
	AND NOT EXISTS (SELECT 1 FROM txn t WHERE t.account = barrier.account AND t.cycle = barrier.cycle AND t.status < 10 AND t.parent = 0 AND t.id <= barrier.mark)
	AND NOT EXISTS (WITH RECURSIVE up (id, parent) AS (
			SELECT t.id, t.parent FROM txn t WHERE t.account = barrier.account AND t.cycle = barrier.cycle AND t.status >= 10 AND t.open > 0
			UNION ALL SELECT t.id, t.parent FROM up JOIN txn t ON t.account = barrier.account AND t.id = up.parent)
		SELECT 1 FROM up WHERE up.parent = 0 AND up.id <= barrier.mark)
	ORDER BY account, cycle, version, step`

// ReadyBarriers lists the barriers that can be passed now, and says whether there
// are any at all.
func (s *Store) ReadyBarriers(ctx context.Context) (ready []journal.Barrier, open bool, err error) {
	if err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM barrier)`).Scan(&open); err != nil || !open {
		return nil, open, err
	}
	ready, err = rows(ctx, s.read(), scanBarrier, readyBarriers)
	return ready, open, err
}

func scanBarrier(r scanner) (b journal.Barrier, err error) {
	var failed, opened int64
	err = r.Scan(&b.Account, &b.Cycle, &b.Version, &b.Step, &b.Mark, &failed, &opened, &b.Frontier)
	b.Failed, b.Opened = failed == 1, instant(opened)
	return b, err
}

// barrierKey names a barrier.
type barrierKey struct {
	account tandem.AccountID
	cycle   tandem.CycleID
	version int64
	step    tandem.StepID
}

func compareBarriers(x, y barrierKey) int {
	return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.cycle, y.cycle), cmp.Compare(x.version, y.version), cmp.Compare(x.step, y.step))
}

// arrivals are those at one barrier: of roots up to last; and those of them whose
// triggers failed, from firstFailed, 0: none did.
type arrivals struct {
	last, firstFailed, lastFailed int64
	frontier                      []byte
}

var (
	rootsOf = bulk.MustParse(`WITH RECURSIVE up (ordinal, account, id, parent) AS (
			SELECT each.ordinal, txn.account, txn.id, txn.parent FROM txn, each(own_account bigint, own_id bigint)
				WHERE txn.account = each.own_account AND txn.id = each.own_id
			UNION ALL SELECT up.ordinal, t.account, t.id, t.parent FROM up JOIN txn t ON t.account = up.account AND t.id = up.parent)
		SELECT ordinal, id FROM up WHERE parent = 0`)
	// openBarrier changes nothing of one that is open, but keeps others from ending
	// it before the commit.
	openBarrier = bulk.MustParse(`INSERT INTO barrier (account, cycle, version, step, mark, failed, next_mark, next_failed, opened_at, frontier)
		SELECT each.account, each.cycle, each.version, each.step, (SELECT max(id) FROM txn WHERE txn.account = each.account AND txn.cycle = each.cycle),
			0, 0, 0, each.opened_at, each.frontier
		FROM each(account bigint, cycle text, version bigint, step text, opened_at bigint, frontier bytea) WHERE true
		ON CONFLICT (account, cycle, version, step) DO UPDATE SET mark = barrier.mark`)
	arriveBarrier = bulk.MustParse(`UPDATE barrier SET
			failed = CASE WHEN each.first_failed > 0 AND each.first_failed <= mark THEN 1 ELSE failed END,
			next_failed = CASE WHEN each.last_failed > mark THEN 1 ELSE next_failed END,
			next_mark = CASE WHEN each.last > mark
				THEN (SELECT max(id) FROM txn WHERE txn.account = barrier.account AND txn.cycle = barrier.cycle) ELSE next_mark END
		FROM each(own_account bigint, own_cycle text, own_version bigint, own_step text, last bigint, first_failed bigint, last_failed bigint)
		WHERE barrier.account = each.own_account AND barrier.cycle = each.own_cycle AND barrier.version = each.own_version AND barrier.step = each.own_step`)
)

// arrive opens the barriers at which transactions arrived, or takes note of it.
func (b *batch) arrive(ctx context.Context) error {
	at, err := b.arrivals(ctx)
	if err != nil || len(at) == 0 {
		return err
	}
	var opens, arrives [][]any
	for _, k := range slices.SortedFunc(maps.Keys(at), compareBarriers) {
		a := at[k]
		key := []any{int64(k.account), string(k.cycle), k.version, string(k.step)}
		opens = append(opens, append(slices.Clip(key), micros(b.now), a.frontier))
		arrives = append(arrives, append(slices.Clip(key), a.last, a.firstFailed, a.lastFailed))
	}
	if err := b.tx.Each(ctx, openBarrier, opens, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, arriveBarrier, arrives, nil)
}

// arrivals puts together those at the same barrier.
func (b *batch) arrivals(ctx context.Context) (map[barrierKey]arrivals, error) {
	var owners []*entry
	var ids [][]any
	for e := range b.deltas {
		if len(e.delta.Arrivals) > 0 {
			owners, ids = append(owners, e), append(ids, []any{int64(e.delta.Account), int64(e.delta.Txn)})
		}
	}
	roots := make([]int64, len(owners))
	for i := range owners {
		roots[i] = int64(owners[i].delta.Txn) // if the record of what it was split from is gone
	}
	if err := b.tx.Each(ctx, rootsOf, ids, func(r []int64) { roots[r[0]-1] = r[1] }); err != nil {
		return nil, err
	}
	at := map[barrierKey]arrivals{}
	for i, e := range owners {
		for _, arrival := range e.delta.Arrivals {
			k := barrierKey{e.delta.Account, e.delta.Cycle, arrival.Version, arrival.Step}
			at[k] = at[k].with(arrival, roots[i])
		}
	}
	return at, nil
}

func (a arrivals) with(arrival journal.Arrival, root int64) arrivals {
	a.last, a.frontier = max(a.last, root), arrival.Frontier
	if arrival.Failed {
		a.lastFailed = max(a.lastFailed, root)
		if a.firstFailed == 0 || root < a.firstFailed {
			a.firstFailed = root
		}
	}
	return a
}

// passBarrier ends a barrier: the next takes its place. Without one its mark is 0,
// and dropPassed drops it.
var (
	passBarrier = bulk.MustParse(`UPDATE barrier SET mark = next_mark, failed = next_failed, next_mark = 0, next_failed = 0, opened_at = each.now
		FROM each(own_account bigint, own_cycle text, own_version bigint, own_step text, own_mark bigint, now bigint)
		WHERE barrier.account = each.own_account AND barrier.cycle = each.own_cycle AND barrier.version = each.own_version
			AND barrier.step = each.own_step AND barrier.mark = each.own_mark
		RETURNING each.ordinal`)
	dropPassed = bulk.MustParse(`DELETE FROM barrier WHERE mark = 0 AND (account, cycle) IN (SELECT each.account, each.cycle FROM each(account bigint, cycle text))`)
)

// pass ends the barriers that new transactions go on from. One whose barrier had
// ended already is taken back.
func (b *batch) pass(ctx context.Context) error {
	var passing []*made
	owners := map[*made]*entry{}
	for _, e := range b.entries {
		for i := range e.ids {
			if m := &e.made[i]; m.Pass != nil && e.err == nil && e.ids[i] == m.ID {
				passing, owners[m] = append(passing, m), e
			}
		}
	}
	slices.SortFunc(passing, func(x, y *made) int { return compareBarriers(x.barrier(), y.barrier()) })
	var passes, cycles [][]any
	for _, m := range passing {
		passes = append(passes, []any{int64(m.Account), string(m.Cycle), m.Version, string(m.Pass.Step), int64(m.Pass.Mark), micros(b.now)})
		cycles = append(cycles, []any{int64(m.Account), string(m.Cycle)})
	}
	passed := make([]bool, len(passing)+1)
	if err := b.tx.Each(ctx, passBarrier, passes, func(r []int64) { passed[r[0]] = true }); err != nil {
		return err
	}
	if err := b.tx.Each(ctx, dropPassed, cycles, nil); err != nil {
		return err
	}
	var late [][]any
	for i, m := range passing {
		if !passed[i+1] {
			late = append(late, []any{int64(m.Account), int64(m.ID)})
			clear(owners[m].ids)
		}
	}
	if err := b.tx.Each(ctx, deleteItems, late, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, deleteTxns, late, nil)
}

func (m *made) barrier() barrierKey { return barrierKey{m.Account, m.Cycle, m.Version, m.Pass.Step} }

// DropBarrier ends a barrier that nothing passes.
func (s *Store) DropBarrier(ctx context.Context, b journal.Barrier) error {
	err := s.dialect.Batch(ctx, func(tx bulk.Tx) error {
		pass := [][]any{{int64(b.Account), string(b.Cycle), b.Version, string(b.Step), int64(b.Mark), micros(time.Now())}}
		if err := tx.Each(ctx, passBarrier, pass, nil); err != nil {
			return err
		}
		return tx.Each(ctx, dropPassed, [][]any{{int64(b.Account), string(b.Cycle)}}, nil)
	})
	if err != nil {
		return fmt.Errorf("end the barrier at step %s: %w", b.Step, err)
	}
	return nil
}

// expireBarriers ends all of a cycle that is held since before a time.
const expireBarriers = `DELETE FROM barrier WHERE account = $1 AND cycle = $2
	AND EXISTS (SELECT 1 FROM hold WHERE hold.account = $1 AND hold.cycle = $2 AND hold.since <= $3)`

// endBarriers ends all of a cycle whose transactions are cancelled.
func (s *Store) endBarriers(ctx context.Context, a tandem.AccountID, c tandem.CycleID) error {
	_, err := s.dialect.Writer().ExecContext(ctx, `DELETE FROM barrier WHERE account = $1 AND cycle = $2`, a, c)
	return err
}
