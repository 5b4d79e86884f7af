package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

var _ tandem.Changes = (*Store)(nil)

const changesAfter = `SELECT seq, at, account_id, action, outcome FROM audit WHERE partner = $1 AND seq > $2 ORDER BY seq DESC LIMIT $3`

// ChangesAfter implements tandem.Changes. The row of the chain's end is locked while an
// entry is appended, so that none comes to be seen after one that follows it.
func (s *Store) ChangesAfter(ctx context.Context, p tandem.PartnerID, after int64, limit int) ([]tandem.Change, error) {
	found, err := rows(ctx, s.read(), func(r scanner) (c tandem.Change, err error) {
		var at int64
		var outcome string
		err = r.Scan(&c.ID, &at, &c.AccountID, &c.Action, &outcome)
		c.Created, c.Refused = instant(at), outcome == tandem.ActRefused
		return c, err
	}, changesAfter, p, after, limit)
	if err != nil {
		return nil, fmt.Errorf("changes of partner %d: %w", p, err)
	}
	return found, nil
}

// movementOf reads what the engine writes anyway, each from the end of an index led by
// the account.
const movementOf = above + `SELECT
	coalesce((SELECT max(id) FROM txn WHERE account = $1), 0),
	coalesce((SELECT max(id) FROM incident WHERE account = $1), 0),
	coalesce((SELECT sum(runs) FROM run_count WHERE account = $1 AND day >= $2), 0),
	coalesce((SELECT sum(succeeded + failed) FROM meter WHERE account = $1 AND slot >= $3), 0),
	n.cycles, n.revisions, n.states, ac.installed, ac.authenticated, ac.waits
	FROM (SELECT count(*) AS cycles, coalesce(sum(revision), 0) AS revisions,
			coalesce(sum(CASE status WHEN 'Running' THEN 1 WHEN 'Finishing' THEN 1000000 ELSE 0 END + length(stop_reason)), 0) AS states
			FROM cycle WHERE account = $1 AND deleted_at = 0) n,
		(SELECT count(*) AS installed, coalesce(sum(CASE WHEN c.authenticated THEN 1 ELSE 0 END), 0) AS authenticated, coalesce(sum(w.until % 1000000007), 0) AS waits
			FROM account_connector c LEFT JOIN connector_wait w ON w.account = c.account AND w.account_connector = c.id
			WHERE c.account IN (SELECT id FROM above)) ac`

// MovementOf implements tandem.Changes. Runs are counted from today on and tasks from
// this quarter of an hour and the one before.
func (s *Store) MovementOf(ctx context.Context, a tandem.AccountID) (m tandem.Movement, err error) {
	now := time.Now()
	err = s.read().QueryRowContext(ctx, movementOf, a, journal.DayOf(now), tandem.SlotOf(now)-1).Scan(
		&m.Runs[0], &m.Runs[1], &m.Runs[2], &m.Runs[3], &m.Cycles[0], &m.Cycles[1], &m.Cycles[2], &m.Connectors[0], &m.Connectors[1], &m.Connectors[2])
	if err != nil {
		return m, fmt.Errorf("movement of account %d: %w", a, err)
	}
	return m, nil
}
