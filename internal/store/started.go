package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// startedPrefix begins the source of transactions that other cycles started; how
// deep they are ends it. The index dedupe_started is for it.
const startedPrefix = "started "

// StartedAt is the source under which the transactions at a depth are made once.
func StartedAt(depth int) string { return startedPrefix + strconv.Itoa(depth) }

// startedSource finds the source of a transaction, or of the one that it was split
// from.
const startedSource = `WITH RECURSIVE up (id, parent) AS (
		SELECT id, parent FROM txn WHERE account = $1 AND id = $2
		UNION ALL SELECT t.id, t.parent FROM up JOIN txn t ON t.account = $1 AND t.id = up.parent)
	SELECT d.source FROM up CROSS JOIN dedupe d WHERE d.account = $1 AND d.txn = up.id AND d.source LIKE 'started %'`

// StartDepth is how many cycles have started each other up to a transaction; 0: it
// was started from outside, or more than a day ago.
func (s *Store) StartDepth(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (int, error) {
	var source string
	err := s.read().QueryRowContext(ctx, startedSource, a, id).Scan(&source)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find who started transaction %s: %w", id, err)
	}
	return strconv.Atoi(strings.TrimPrefix(source, startedPrefix))
}
