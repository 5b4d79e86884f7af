package store

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// notRepeated is true of transactions that no other runs again.
const notRepeated = `NOT EXISTS (SELECT 1 FROM txn r WHERE r.account = txn.account AND r.repeats > 0 AND r.repeats = txn.id)`

// Repeatable lists the first n ids of an account's transactions that f finds, whose
// Status is set, the oldest first, without those that another runs again already.
func (s *Store) Repeatable(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error) {
	return s.oldest(ctx, a, f, n, ofStatus(*f.Status), notRepeated)
}

// Droppable lists the first n ids of an account's transactions that f finds and
// that are not at their end, the oldest first.
func (s *Store) Droppable(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter, n int) ([]tandem.TransactionID, error) {
	return s.oldest(ctx, a, f, n, "status < 10")
}

func (s *Store) oldest(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter, n int, and ...string) ([]tandem.TransactionID, error) {
	f.OrderBy = "CreatedOnUtc"
	where := during(a, f)
	if f.Status != nil {
		where.add("status = ", *f.Status)
	}
	where.all, where.args = append(where.all, and...), append(where.args, n)
	ids, err := rows(ctx, s.read(), scanID[tandem.TransactionID], fmt.Sprintf(`SELECT id FROM txn%s ORDER BY id LIMIT $%d`, where.where(), len(where.args)), where.args...)
	if err != nil {
		return nil, fmt.Errorf("find transactions of account %d: %w", a, err)
	}
	return ids, nil
}
