package store

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// readLedger is one statement, so that what it gives was true at one time. There
// are 96 slots in a day.
const readLedger = `WITH since (slot) AS (
		SELECT (COALESCE(MAX(gone), 0) + 86399999999) / 86400000000 * 96 FROM ledger WHERE account = $1)
	SELECT 0, slot, '', 0, '', '', '', 0, 0 FROM since
	UNION ALL
	SELECT 1, m.slot, m.cycle, 0, m.method, m.connector, m.version, m.succeeded, m.failed
	FROM since JOIN meter m ON m.account = $1 AND m.slot >= since.slot
	UNION ALL
	SELECT 2, i.finished_at / 900000000, t.cycle, t.version, i.step, '', '',
		SUM(CASE WHEN i.outcome = 0 THEN i.tasks ELSE 0 END), SUM(CASE WHEN i.outcome = 0 THEN 0 ELSE i.tasks END)
	FROM since JOIN step_item i ON i.account = $1 AND i.tasks > 0 AND i.finished_at >= since.slot * 900000000
		JOIN txn t ON t.account = i.account AND t.id = i.txn
	GROUP BY i.finished_at / 900000000, t.cycle, t.version, i.step`

// Ledger reads what was counted and recorded of an account's tasks, for as long
// as all records are there.
func (s *Store) Ledger(ctx context.Context, a tandem.AccountID) (l journal.Ledger, err error) {
	_, err = rows(ctx, s.read(), func(r scanner) (kind int, err error) {
		var c journal.Count
		var version int64
		err = r.Scan(&kind, &c.Slot, &c.Cycle, &version, &c.Method, &c.Connector, &c.Version, &c.Succeeded, &c.Failed)
		switch kind {
		case 0:
			l.Since = c.Slot
		case 1:
			l.Counted = append(l.Counted, c)
		case 2:
			l.Recorded = append(l.Recorded, journal.StepCount{
				Slot: c.Slot, Cycle: c.Cycle, Version: version, Step: tandem.StepID(c.Method), Succeeded: c.Succeeded, Failed: c.Failed,
			})
		}
		return kind, err
	}, readLedger, a)
	if err != nil {
		return l, fmt.Errorf("ledger of account %d: %w", a, err)
	}
	return l, nil
}
