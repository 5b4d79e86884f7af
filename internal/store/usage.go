package store

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// Tasks counts an account's tasks, successful or not, from the day first to the
// day last, both included (days since 1970-01-01, UTC).
func (s *Store) Tasks(ctx context.Context, a tandem.AccountID, first, last int64) (n int, err error) {
	return n, s.read().QueryRowContext(ctx, `SELECT COALESCE(SUM(succeeded + failed), 0) FROM meter
		WHERE account = $1 AND day >= $2 AND day <= $3`, a, first, last).Scan(&n)
}
