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

var (
	// One that waits at a step for the same key again goes on from where it came to
	// it last, and waits until the later of the two times.
	upsertMatch = bulk.MustParse(`INSERT INTO webhook_match (account, cycle, step, hash, txn, item, expires_at) SELECT each.*
		FROM each(account bigint, cycle text, step text, hash text, txn bigint, item bigint, expires_at bigint) WHERE true
		ON CONFLICT (account, cycle, step, hash, txn) DO UPDATE SET item = excluded.item,
			expires_at = CASE WHEN webhook_match.expires_at > excluded.expires_at THEN webhook_match.expires_at ELSE excluded.expires_at END`)
	deleteMatches = bulk.MustParse(`DELETE FROM webhook_match WHERE (account, txn) IN (SELECT each.account, each.txn FROM each(account bigint, txn bigint))
		RETURNING txn, expires_at`)
	// wakeUnmatched has those go on that were to rest for nothing.
	wakeUnmatched = bulk.MustParse(`UPDATE txn SET wake_at = each.now FROM each(own_account bigint, own_id bigint, now bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id
			AND NOT EXISTS (SELECT 1 FROM webhook_match m WHERE m.account = txn.account AND m.txn = txn.id)
		RETURNING each.ordinal`)
)

// match notes what transactions wait for. Their rows are written before, so that
// Unmatch, which takes these first, comes before it or after it.
func (b *batch) match(ctx context.Context) error {
	var inserts, deletes, rests [][]any
	var resting []*entry
	for e := range b.deltas {
		d := e.delta
		inserts = append(inserts, matchRows(d)...)
		if d.Unmatch {
			deletes = append(deletes, []any{int64(d.Account), int64(d.Txn)})
		}
		if d.Resting && len(d.Matches) == 0 {
			resting, rests = append(resting, e), append(rests, []any{int64(d.Account), int64(d.Txn), micros(b.now)})
		}
	}
	if err := b.tx.Each(ctx, upsertMatch, inserts, nil); err != nil {
		return err
	}
	if err := b.tx.Each(ctx, deleteMatches, deletes, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, wakeUnmatched, rests, func(r []int64) { resting[r[0]-1].outcome.Wake = b.now })
}

// matchRows are the rows of upsertMatch for a delta, one for each step and key.
func matchRows(d *journal.Delta) [][]any {
	type place struct {
		step tandem.StepID
		hash string
	}
	last := make(map[place]journal.Match, len(d.Matches))
	for _, m := range d.Matches {
		p := place{m.Step, m.Hash}
		if was := last[p].Until; was.After(m.Until) {
			m.Until = was
		}
		last[p] = m
	}
	rows := make([][]any, 0, len(last))
	for _, p := range slices.SortedFunc(maps.Keys(last), func(x, y place) int { return cmp.Or(cmp.Compare(x.step, y.step), cmp.Compare(x.hash, y.hash)) }) {
		m := last[p]
		rows = append(rows, []any{int64(d.Account), string(d.Cycle), string(m.Step), m.Hash, int64(d.Txn), int64(m.Item), micros(m.Until)})
	}
	return rows
}

// Match finds the newest transaction that waits at a step for requests with a
// key. Errors: NotFound.
func (s *Store) Match(ctx context.Context, a tandem.AccountID, c tandem.CycleID, step tandem.StepID, hash string, now time.Time) (journal.Held, error) {
	return row(ctx, s.read(), "Transaction", func(r scanner) (h journal.Held, err error) { return h, r.Scan(&h.ID, &h.Version, &h.Item) },
		`SELECT t.id, t.version, m.item FROM webhook_match m JOIN txn t ON t.account = m.account AND t.id = m.txn
			WHERE m.account = $1 AND m.cycle = $2 AND m.step = $3 AND m.hash = $4 AND m.expires_at > $5 AND t.status < 10 ORDER BY m.txn DESC LIMIT 1`,
		a, c, step, hash, micros(now))
}

// Awaits says until when a transaction waits for requests; zero: for none.
func (s *Store) Awaits(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (until time.Time, err error) {
	var last int64
	err = s.read().QueryRowContext(ctx, `SELECT COALESCE(MAX(expires_at), 0) FROM webhook_match WHERE account = $1 AND txn = $2`, a, id).Scan(&last)
	if err != nil {
		return until, fmt.Errorf("look what transaction %s waits for: %w", id, err)
	}
	return instant(last), nil
}

// wakeMargin keeps Unmatch away from what wakes by itself at the moment.
const wakeMargin = time.Second

var (
	// touchTxns changes nothing, but keeps others from changing the transactions
	// before the commit, and what they wait for with them.
	touchTxns = bulk.MustParse(`UPDATE txn SET wake_at = txn.wake_at FROM each(account bigint, id bigint)
		WHERE txn.account = each.account AND txn.id = each.id`)
	// wakeResting wakes what waits for requests alone: until the last of them would
	// be given up. What is held has its time to wake as well.
	wakeResting = bulk.MustParse(`UPDATE txn SET wake_at = each.now FROM each(own_account bigint, own_id bigint, until bigint, soon bigint, now bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status IN (1, 3) AND txn.wake_at = each.until AND txn.wake_at > each.soon
		RETURNING id, status`)
)

// Unmatch ends the waiting of a cycle's transactions for requests, and lists those
// that waited for nothing else. They can go on now.
func (s *Store) Unmatch(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (woken []tandem.TransactionID, err error) {
	for {
		ids, err := rows(ctx, s.read(), scanID[tandem.TransactionID], `SELECT DISTINCT txn FROM webhook_match WHERE account = $1 AND cycle = $2 ORDER BY txn LIMIT $3`, a, c, holdBatch)
		if err == nil && len(ids) > 0 {
			var some []tandem.TransactionID
			err = s.patiently(ctx, func() error {
				return s.dialect.Batch(ctx, func(tx bulk.Tx) error {
					some, err = unmatch(ctx, tx, a, ids)
					return err
				})
			})
			woken = append(woken, some...)
		}
		if err != nil {
			return woken, fmt.Errorf("end the waiting of cycle %s for requests: %w", c, err)
		}
		if len(ids) < holdBatch {
			return woken, nil
		}
	}
}

func unmatch(ctx context.Context, tx bulk.Tx, a tandem.AccountID, ids []tandem.TransactionID) (woken []tandem.TransactionID, err error) {
	keys := make([][]any, len(ids))
	for i, id := range ids {
		keys[i] = []any{int64(a), int64(id)}
	}
	if err := tx.Each(ctx, touchTxns, keys, nil); err != nil {
		return nil, err
	}
	until := map[int64]int64{}
	if err := tx.Each(ctx, deleteMatches, keys, func(r []int64) { until[r[0]] = max(until[r[0]], r[1]) }); err != nil {
		return nil, err
	}
	now := time.Now()
	resting := make([][]any, 0, len(until))
	for _, id := range slices.Sorted(maps.Keys(until)) {
		resting = append(resting, []any{int64(a), id, until[id], micros(now.Add(wakeMargin)), micros(now)})
	}
	err = tx.Each(ctx, wakeResting, resting, func(r []int64) {
		if tandem.TransactionStatus(r[1]) == tandem.TransactionWaiting {
			woken = append(woken, tandem.TransactionID(r[0]))
		}
	})
	return woken, err
}

// AwaitingCycles lists the cycles, of all accounts that are not suspended, that are
// finishing, and so get no requests any more, with transactions that wait for some.
func (s *Store) AwaitingCycles(ctx context.Context) ([]journal.Cycle, error) {
	return rows(ctx, s.read(), scanCycleKey, `SELECT c.account, c.id FROM cycle c JOIN account a ON a.id = c.account
		WHERE c.status = 'Finishing' AND a.enabled AND EXISTS (SELECT 1 FROM webhook_match m WHERE m.account = c.account AND m.cycle = c.id)`)
}

// expireWebhooks deletes what nobody waits for any more: matches that are over,
// and answers that have been there for as long as keys of requests are known.
func (s *Store) expireWebhooks(ctx context.Context, now time.Time) error {
	err := s.repeat(ctx, `DELETE FROM webhook_match WHERE (account, cycle, step, hash, txn) IN
		(SELECT account, cycle, step, hash, txn FROM webhook_match WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`, micros(now), expireBatch)
	if err != nil {
		return err
	}
	return s.repeat(ctx, `DELETE FROM webhook_answer WHERE (account, txn) IN
		(SELECT account, txn FROM webhook_answer WHERE created_at < $1 ORDER BY created_at LIMIT $2)`, micros(now.Add(-dedupeHours*time.Hour)), expireBatch)
}
