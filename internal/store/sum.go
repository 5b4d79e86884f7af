package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// The spans of cycle_sum.
const (
	spanDay   = 1
	spanMonth = 2
)

// figure is what sums hold.
type figure struct{ succeeded, failed, took, timed int64 }

type (
	taskDay struct {
		partner                    tandem.PartnerID
		day                        int64
		connector, version, method string
	}
	cycleSum struct {
		account   tandem.AccountID
		span, day int64
		cycle     tandem.CycleID
	}
)

// sums are what is to be added to those that are kept.
type sums struct {
	tasks  map[taskDay]figure
	cycles map[cycleSum]figure
}

func newSums() *sums { return &sums{map[taskDay]figure{}, map[cycleSum]figure{}} }

// add adds a count of an account's.
func (s *sums) add(p tandem.PartnerID, a tandem.AccountID, c journal.Count) {
	f := figure{int64(c.Succeeded), int64(c.Failed), c.Took.Microseconds(), 0}
	if c.Took != 0 {
		f.timed = f.succeeded + f.failed
	}
	day := int64(c.Slot) / daySlots
	plus(s.tasks, taskDay{p, day, c.Connector, c.Version, c.Method}, f)
	plus(s.cycles, cycleSum{a, spanDay, day, c.Cycle}, f)
	plus(s.cycles, cycleSum{a, spanMonth, monthOf(day), c.Cycle}, f)
}

func plus[K comparable](all map[K]figure, k K, f figure) {
	n := all[k]
	all[k] = figure{n.succeeded + f.succeeded, n.failed + f.failed, n.took + f.took, n.timed + f.timed}
}

// monthOf is the first day of the month that a day lies in, UTC.
func monthOf(day int64) int64 {
	t := journal.DayStart(day)
	return journal.DayOf(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
}

var (
	addTaskDay = bulk.MustParse(`INSERT INTO task_day (partner, day, connector, version, method, succeeded, failed, took, timed) SELECT each.*
		FROM each(partner bigint, day bigint, connector text, version text, method text, succeeded bigint, failed bigint, took bigint, timed bigint) WHERE true
		ON CONFLICT (partner, day, connector, version, method) DO UPDATE SET succeeded = task_day.succeeded + excluded.succeeded,
		failed = task_day.failed + excluded.failed, took = task_day.took + excluded.took, timed = task_day.timed + excluded.timed`)
	addCycleSum = bulk.MustParse(`INSERT INTO cycle_sum (account, span, day, cycle, succeeded, failed, took, timed) SELECT each.*
		FROM each(account bigint, span bigint, day bigint, cycle text, succeeded bigint, failed bigint, took bigint, timed bigint) WHERE true
		ON CONFLICT (account, span, day, cycle) DO UPDATE SET succeeded = cycle_sum.succeeded + excluded.succeeded,
		failed = cycle_sum.failed + excluded.failed, took = cycle_sum.took + excluded.took, timed = cycle_sum.timed + excluded.timed`)
	setSummed = bulk.MustParse(`INSERT INTO ledger (account, folded, gone, summed) SELECT each.account, 0, 0, each.summed FROM each(account bigint, summed bigint) WHERE true
		ON CONFLICT (account) DO UPDATE SET summed = excluded.summed`)
	raiseVersion = bulk.MustParse(`UPDATE summing SET version = summing.version + 1 FROM each(version bigint) WHERE summing.version = each.version RETURNING each.ordinal`)
	raiseSlot    = bulk.MustParse(`UPDATE summing SET slot = each.slot, version = summing.version + 1 FROM each(version bigint, slot bigint)
		WHERE summing.version = each.version AND summing.slot < each.slot RETURNING each.ordinal`)
)

// write adds them to those that are kept. The row of summing is the writer's.
func (s *sums) write(ctx context.Context, tx bulk.Tx) error {
	tasks := slices.SortedFunc(maps.Keys(s.tasks), func(x, y taskDay) int {
		return cmp.Or(cmp.Compare(x.partner, y.partner), cmp.Compare(x.day, y.day), cmp.Compare(x.connector, y.connector), cmp.Compare(x.version, y.version), cmp.Compare(x.method, y.method))
	})
	cycles := slices.SortedFunc(maps.Keys(s.cycles), func(x, y cycleSum) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.span, y.span), cmp.Compare(x.day, y.day), cmp.Compare(x.cycle, y.cycle))
	})
	var rows [][]any
	for _, k := range tasks {
		f := s.tasks[k]
		rows = append(rows, []any{int64(k.partner), k.day, k.connector, k.version, k.method, f.succeeded, f.failed, f.took, f.timed})
	}
	if err := tx.Each(ctx, addTaskDay, rows, nil); err != nil {
		return err
	}
	rows = nil
	for _, k := range cycles {
		f := s.cycles[k]
		rows = append(rows, []any{int64(k.account), k.span, k.day, string(k.cycle), f.succeeded, f.failed, f.took, f.timed})
	}
	return tx.Each(ctx, addCycleSum, rows, nil)
}

// summing is how far the sums go, and their version.
type summing struct {
	slot    tandem.Slot
	version int64
}

func (s *Store) summing(ctx context.Context) (at summing, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT slot, version FROM summing`).Scan(&at.slot, &at.version)
	return at, err
}

// Summed is the slot before which all counts are in the sums.
func (s *Store) Summed(ctx context.Context) (tandem.Slot, error) {
	at, err := s.summing(ctx)
	if err != nil {
		return 0, fmt.Errorf("how far sums go: %w", err)
	}
	return at.slot, nil
}

// summedAccounts are in one commit.
const summedAccounts = 100

// errOvertaken says that others changed the sums meanwhile.
var errOvertaken = errors.New("the sums were changed meanwhile")

// SumTasks adds to the sums what is counted before a slot and is not in them, some
// accounts in a commit. When somebody else changes sums meanwhile, it leaves the rest for
// the next time. What is counted in a slot before this one after that goes to the sums by
// itself; see lateness.
func (s *Store) SumTasks(ctx context.Context, before tandem.Slot) error {
	at, err := s.summing(ctx)
	for last := tandem.AccountID(0); err == nil && at.slot < before; {
		var some []tandem.AccountID
		if some, err = rows(ctx, s.read(), scanID[tandem.AccountID], unsummedAccounts, last, at.slot, before, summedAccounts); err != nil || len(some) == 0 {
			break
		}
		last = some[len(some)-1]
		err = s.sumAccounts(ctx, some, at, before)
		at.version++
	}
	if err == nil && at.slot < before {
		err = s.commitSums(ctx, raiseSlot, []any{at.version, int64(before)}, func(bulk.Tx) error { return nil })
	}
	if err != nil && !errors.Is(err, errOvertaken) {
		return fmt.Errorf("sum tasks up: %w", err)
	}
	return nil
}

const unsummedAccounts = `SELECT a.id FROM account a WHERE a.id > $1 AND EXISTS (SELECT 1 FROM meter m WHERE m.account = a.id AND m.slot >= $2 AND m.slot < $3
	AND m.slot >= COALESCE((SELECT l.summed FROM ledger l WHERE l.account = a.id), 0)) ORDER BY a.id LIMIT $4`

// sumAccounts reads beside the writer: if anything changed that it should have seen, so
// did the version.
func (s *Store) sumAccounts(ctx context.Context, some []tandem.AccountID, at summing, before tandem.Slot) error {
	all := newSums()
	_, err := rows(ctx, s.read(), func(r scanner) (struct{}, error) {
		p, a, c, err := scanCounted(r)
		all.add(p, a, c)
		return struct{}{}, err
	}, counted+` LEFT JOIN ledger l ON l.account = a.id
		WHERE a.id IN (`+numbers(some)+`) AND m.slot >= $1 AND m.slot < $2 AND m.slot >= COALESCE(l.summed, 0)`, at.slot, before)
	if err != nil {
		return err
	}
	summed := make([][]any, len(some))
	for i, a := range some {
		summed[i] = []any{int64(a), int64(before)}
	}
	return s.commitSums(ctx, raiseVersion, []any{at.version}, func(tx bulk.Tx) error {
		if err := all.write(ctx, tx); err != nil {
			return err
		}
		return tx.Each(ctx, setSummed, summed, nil)
	})
}

// counted is what scanCounted reads.
const counted = `SELECT a.partner, m.account, m.slot, m.cycle, m.method, m.connector, m.version, m.succeeded, m.failed, m.took FROM account a JOIN meter m ON m.account = a.id`

func scanCounted(r scanner) (p tandem.PartnerID, a tandem.AccountID, c journal.Count, err error) {
	var took int64
	err = r.Scan(&p, &a, &c.Slot, &c.Cycle, &c.Method, &c.Connector, &c.Version, &c.Succeeded, &c.Failed, &took)
	c.Took = time.Duration(took) * time.Microsecond
	return p, a, c, err
}

// commitSums runs do in a commit that has the sums for itself, unless the version is
// another: that which guard, given row, looks for.
func (s *Store) commitSums(ctx context.Context, guard *bulk.Statement, row []any, do func(tx bulk.Tx) error) error {
	return s.dialect.Batch(ctx, func(tx bulk.Tx) error {
		mine := false
		if err := tx.Each(ctx, guard, [][]any{row}, func([]int64) { mine = true }); err != nil {
			return err
		}
		if !mine {
			return errOvertaken
		}
		return do(tx)
	})
}
