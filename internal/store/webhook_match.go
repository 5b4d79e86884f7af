package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

var (
	// adoptChild counts the children that are submitted, not made by a delta. One
	// of a parent that has ended meanwhile goes by itself: what is final stays as
	// it is.
	adoptChildren = bulk.MustParse(`UPDATE txn SET children = children + each.made, open = open + each.made FROM each(account bigint, id bigint, made bigint)
		WHERE txn.account = each.account AND txn.id = each.id AND txn.status < 10`)
	insertMatch = bulk.MustParse(`INSERT INTO webhook_match (account, cycle, step, hash, txn, item, expires_at) SELECT each.*
		FROM each(account bigint, cycle text, step text, hash text, txn bigint, item bigint, expires_at bigint) WHERE true ON CONFLICT DO NOTHING`)
	deleteMatches = bulk.MustParse(`DELETE FROM webhook_match WHERE (account, txn) IN (SELECT each.account, each.txn FROM each(account bigint, txn bigint))`)
)

// adopt counts submitted children with their parents.
func (b *batch) adopt(ctx context.Context) error {
	children := map[key]int64{}
	for _, e := range b.entries {
		if e.delta != nil || e.err != nil {
			continue
		}
		for i := range e.made {
			if m := &e.made[i]; m.Parent != 0 && e.ids[i] == m.ID {
				children[key{m.Account, m.Parent}]++
			}
		}
	}
	var rows [][]any
	for _, k := range slices.SortedFunc(maps.Keys(children), compareKeys) {
		rows = append(rows, []any{int64(k.account), int64(k.txn), children[k]})
	}
	return b.tx.Each(ctx, adoptChildren, rows, nil)
}

// match notes what transactions wait for.
func (b *batch) match(ctx context.Context) error {
	var inserts, deletes [][]any
	for e := range b.deltas {
		d := e.delta
		for _, m := range d.Matches {
			inserts = append(inserts, []any{int64(d.Account), string(d.Cycle), string(m.Step), m.Hash, int64(d.Txn), int64(m.Item), micros(m.Until)})
		}
		if d.Unmatch {
			deletes = append(deletes, []any{int64(d.Account), int64(d.Txn)})
		}
	}
	if err := b.tx.Each(ctx, insertMatch, inserts, nil); err != nil {
		return err
	}
	return b.tx.Each(ctx, deleteMatches, deletes, nil)
}

// Match finds the newest transaction that waits at a step for requests with a
// key. Errors: NotFound.
func (s *Store) Match(ctx context.Context, a tandem.AccountID, c tandem.CycleID, step tandem.StepID, hash string, now time.Time) (journal.Held, error) {
	return row(ctx, s.read(), "Transaction", func(r scanner) (h journal.Held, err error) { return h, r.Scan(&h.ID, &h.Version, &h.Item) },
		`SELECT t.id, t.version, m.item FROM webhook_match m JOIN txn t ON t.account = m.account AND t.id = m.txn
			WHERE m.account = $1 AND m.cycle = $2 AND m.step = $3 AND m.hash = $4 AND m.expires_at > $5 AND t.status < 10 ORDER BY m.txn DESC LIMIT 1`,
		a, c, step, hash, micros(now))
}

// Awaits says whether a transaction waits for requests.
func (s *Store) Awaits(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (awaits bool, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM webhook_match WHERE account = $1 AND txn = $2)`, a, id).Scan(&awaits)
	if err != nil {
		return false, fmt.Errorf("look what transaction %s waits for: %w", id, err)
	}
	return awaits, nil
}

// wakeMargin keeps Unmatch away from what wakes by itself at the moment.
const wakeMargin = time.Second

// Unmatch ends the waiting of a cycle's transactions for requests, and lists those
// that waited for nothing else. They can go on now.
func (s *Store) Unmatch(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (woken []tandem.TransactionID, err error) {
	for more := true; more; {
		err := s.write(ctx, func(tx *sql.Tx) error {
			var last sql.NullInt64
			var n int
			err := tx.QueryRowContext(ctx, `SELECT max(txn), count(*) FROM (SELECT txn FROM webhook_match WHERE account = $1 AND cycle = $2 ORDER BY txn LIMIT $3) AS first`,
				a, c, holdBatch).Scan(&last, &n)
			if err != nil || n == 0 {
				more = false
				return err
			}
			more = n == holdBatch
			now := time.Now()
			// What waits for requests alone wakes when the last of them is given up.
			ids, err := rows(ctx, tx, scanID[tandem.TransactionID], `UPDATE txn SET wake_at = $4 WHERE account = $1 AND status = 1 AND wake_at > $5
				AND id IN (SELECT txn FROM webhook_match WHERE account = $1 AND cycle = $2 AND txn <= $3)
				AND wake_at = (SELECT max(m.expires_at) FROM webhook_match m WHERE m.account = txn.account AND m.txn = txn.id) RETURNING id`,
				a, c, last.Int64, micros(now), micros(now.Add(wakeMargin)))
			if err != nil {
				return err
			}
			woken = append(woken, ids...)
			_, err = tx.ExecContext(ctx, `DELETE FROM webhook_match WHERE account = $1 AND cycle = $2 AND txn <= $3`, a, c, last.Int64)
			return err
		})
		if err != nil {
			return woken, fmt.Errorf("end the waiting of cycle %s for requests: %w", c, err)
		}
	}
	return woken, nil
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
