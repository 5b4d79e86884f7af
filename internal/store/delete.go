package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// deleteBatch is how many step items one commit deletes.
const deleteBatch = 1000

// record is a transaction that is to be deleted, and how many step items it has.
type record struct {
	id    tandem.TransactionID
	items int64
}

func scanRecord(r scanner) (d record, err error) { return d, r.Scan(&d.id, &d.items) }

var (
	endsOf = bulk.MustParse(`SELECT txn.finished_at FROM txn, each(account bigint, id bigint) WHERE txn.account = each.account AND txn.id = each.id`)
	// noteGone says up to when records may be gone, with which counts of tasks
	// could be checked.
	noteGone = bulk.MustParse(`INSERT INTO ledger (account, folded, gone) SELECT each.account, 0, each.gone FROM each(account bigint, gone bigint) WHERE true
		ON CONFLICT (account) DO UPDATE SET gone = CASE WHEN ledger.gone > excluded.gone THEN ledger.gone ELSE excluded.gone END`)
	// noteSuccess keeps when a cycle last ran without an error.
	noteSuccess = bulk.MustParse(`UPDATE cycle SET last_success = coalesce((SELECT finished_at FROM txn
			WHERE txn.account = cycle.account AND txn.cycle = cycle.id AND txn.status = 10 AND txn.errors = 0 ORDER BY txn.id DESC LIMIT 1), last_success)
		WHERE (account, id) IN (SELECT txn.account, txn.cycle FROM txn, each(account bigint, id bigint) WHERE txn.account = each.account AND txn.id = each.id)`)
	// deleteLast deletes the step items behind one.
	deleteLast = bulk.MustParse(`DELETE FROM step_item WHERE (account, txn, seq) IN (SELECT i.account, i.txn, i.seq
		FROM step_item i, each(account bigint, id bigint, seq bigint) WHERE i.account = each.account AND i.txn = each.id AND i.seq > each.seq)`)
	deleteItems = bulk.MustParse(`DELETE FROM step_item WHERE (account, txn) IN (SELECT each.account, each.id FROM each(account bigint, id bigint))`)
	deleteTxns  = bulk.MustParse(`DELETE FROM txn WHERE (account, id) IN (SELECT each.account, each.id FROM each(account bigint, id bigint))`)
)

// deleteTransactions deletes transactions with their items, and the blobs of these,
// in commits that are small enough that nobody who waits for the writer notices. One
// with more items than that loses them from its end: nothing resumes it meanwhile.
func (s *Store) deleteTransactions(ctx context.Context, a tandem.AccountID, all []record) error {
	for len(all) > 0 {
		n, items := 1, all[0].items
		for n < len(all) && items+all[n].items <= deleteBatch {
			items += all[n].items
			n++
		}
		if items > deleteBatch {
			if err := s.cutRecord(ctx, a, all[:n]); err != nil {
				return err
			}
		}
		if err := s.deleteRecords(ctx, a, all[:n], 0); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// cutRecord deletes the step items of a long transaction, but for those that one commit
// deletes.
func (s *Store) cutRecord(ctx context.Context, a tandem.AccountID, long []record) error {
	for {
		var last int64
		err := s.read().QueryRowContext(ctx, `SELECT seq FROM step_item WHERE account = $1 AND txn = $2 ORDER BY seq DESC LIMIT 1 OFFSET $3`, a, long[0].id, deleteBatch).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = s.deleteRecords(ctx, a, long, last)
		}
		if err != nil {
			return err
		}
	}
}

// deleteRecords deletes, in one commit, the step items behind the one numbered last;
// with all of them their transactions, too.
func (s *Store) deleteRecords(ctx context.Context, a tandem.AccountID, all []record, last int64) error {
	lost, err := s.blobsOf(ctx, a, all, last)
	if err != nil {
		return err
	}
	var keys, lasts [][]any
	for _, r := range all {
		keys, lasts = append(keys, []any{int64(a), int64(r.id)}), append(lasts, []any{int64(a), int64(r.id), last})
	}
	err = s.dialect.Batch(ctx, func(tx bulk.Tx) error {
		gone := int64(0)
		if err := tx.Each(ctx, endsOf, keys, func(r []int64) { gone = max(gone, r[0]) }); err != nil {
			return err
		}
		if err := tx.Each(ctx, noteGone, [][]any{{int64(a), gone}}, nil); err != nil {
			return err
		}
		if last > 0 {
			return tx.Each(ctx, deleteLast, lasts, nil)
		}
		if err := tx.Each(ctx, noteSuccess, keys, nil); err != nil {
			return err
		}
		for _, st := range []*bulk.Statement{deleteItems, deleteAnswers, deleteMatches, deleteTxns} {
			if err := tx.Each(ctx, st, keys, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = s.deleteBlobs(ctx, lost)
	}
	return err
}

// blobsOf lists the blobs of step items behind the one numbered last.
func (s *Store) blobsOf(ctx context.Context, a tandem.AccountID, all []record, last int64) ([]blob, error) {
	args, places := []any{a, last}, make([]string, len(all))
	for i, r := range all {
		args = append(args, r.id)
		places[i] = fmt.Sprintf("$%d", len(args))
	}
	return rows(ctx, s.read(), scanBlob, `SELECT `+blobColumns+` FROM step_item
		WHERE account = $1 AND txn IN (`+strings.Join(places, ", ")+`) AND seq > $2 AND blob NOT IN (0, 2)`, args...)
}
