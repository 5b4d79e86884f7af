package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

const txnColumns = `account, id, cycle, version, parent, status, created_at, wake_at, next_seq, epoch, suspicion, unlogged = 1`

func txnFields(t *journal.Txn, created, wake *int64) []any {
	return []any{&t.Account, &t.ID, &t.Cycle, &t.Version, &t.Parent, &t.Status, created, wake, &t.NextSeq, &t.Epoch, &t.Suspicion, &t.Unlogged}
}

// Load reads a transaction as an engine runs it, without its items.
// Errors: NotFound.
func (s *Store) Load(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (journal.Txn, error) {
	return row(ctx, s.read(), "Transaction "+id.String(), s.scanTxn,
		`SELECT `+txnColumns+`, frontier FROM txn WHERE account = $1 AND id = $2`, a, id)
}

func (s *Store) scanTxn(r scanner) (t journal.Txn, err error) {
	var created, wake int64
	if err = r.Scan(append(txnFields(&t, &created, &wake), &t.Frontier)...); err != nil {
		return t, err
	}
	t.Created, t.Wake = instant(created), instant(wake)
	t.Frontier, err = s.packer.unpack(t.Frontier)
	return t, err
}

// nextPending has the id, too, since SQLite begins at the first that is not less.
const nextPending = `SELECT account, cycle FROM txn WHERE status < 10 AND (account, cycle, id) > ($1, $2, $3) ORDER BY account, cycle, id LIMIT 1`

// Pending lists the cycles with transactions that are not at their end. It goes
// from one to the next, and not through what may be very many of each.
func (s *Store) Pending(ctx context.Context) (all []journal.Cycle, err error) {
	for of := (journal.Cycle{}); ; all = append(all, of) {
		of, err = scanHold(s.read().QueryRowContext(ctx, nextPending, of.Account, of.ID, everything))
		if errors.Is(err, sql.ErrNoRows) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("find what is pending: %w", err)
		}
	}
}

// Open lists at most limit transactions of a cycle that are not at their end, in
// order, from the one behind after; without frontiers.
func (s *Store) Open(ctx context.Context, of journal.Cycle, after tandem.TransactionID, limit int) ([]journal.Txn, error) {
	return rows(ctx, s.read(), scanBrief, `SELECT `+txnColumns+` FROM txn
		WHERE status < 10 AND account = $1 AND cycle = $2 AND id > $3 ORDER BY id LIMIT $4`, of.Account, of.ID, after, limit)
}

func scanBrief(r scanner) (t journal.Txn, err error) {
	var created, wake int64
	err = r.Scan(txnFields(&t, &created, &wake)...)
	t.Created, t.Wake = instant(created), instant(wake)
	return t, err
}

// NewNode gives this process a node number, for transaction ids: one of 1024,
// each in turn.
func (s *Store) NewNode(ctx context.Context) (n int64, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		n, err = next(ctx, tx, "node")
		return err
	})
	return n % 1024, err
}

// LastTransaction is the highest id of a transaction, 0 if there are none; ids
// go on from it even if the clock was set back.
func (s *Store) LastTransaction(ctx context.Context) (id tandem.TransactionID, err error) {
	err = s.read().QueryRowContext(ctx, lastTransaction).Scan(&id)
	return id, err
}

const lastTransaction = `WITH RECURSIVE each (account) AS (SELECT MIN(account) FROM txn
		UNION ALL SELECT (SELECT MIN(account) FROM txn WHERE account > each.account) FROM each WHERE each.account IS NOT NULL)
	SELECT COALESCE(MAX((SELECT MAX(id) FROM txn WHERE txn.account = each.account)), 0) FROM each`
