package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func scanReplay(r scanner) (c tandem.Claimed, err error) {
	var at int64
	err = r.Scan(&c.Call, &at, &c.Answered, &c.Sealed)
	c.At = instant(at)
	return c, err
}

// ClaimReplay claims a name from at until end for a call, and says true; or gives
// who has it. Of many at once, one gets it.
func (s *Store) ClaimReplay(ctx context.Context, p tandem.PartnerID, name, call []byte, at, end time.Time) (has tandem.Claimed, claimed bool, err error) {
	// Not by write: it is not yet what the audit log is to tell of.
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO replay (partner, name, call, claimed_at, expires_at, answered) VALUES ($1, $2, $3, $4, $5, false)
			ON CONFLICT (partner, name) DO UPDATE SET call = $3, claimed_at = $4, expires_at = $5, answered = false, sealed = NULL
			WHERE replay.expires_at <= $4`, p, name, call, micros(at), micros(end))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if claimed = n > 0; claimed || err != nil {
			return err
		}
		has, err = scanReplay(tx.QueryRowContext(ctx, `SELECT call, claimed_at, answered, sealed FROM replay WHERE partner = $1 AND name = $2`, p, name))
		return err
	})
	if err != nil {
		return has, false, fmt.Errorf("claim a call: %w", err)
	}
	return has, claimed, nil
}

// AnswerReplay keeps the answer of the call that was claimed at a time until end.
// Errors: NotFound (somebody else has the name by now).
func (s *Store) AnswerReplay(ctx context.Context, p tandem.PartnerID, name []byte, at time.Time, sealed []byte, end time.Time) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE replay SET answered = true, sealed = $4, expires_at = $5 WHERE partner = $1 AND name = $2 AND claimed_at = $3 AND NOT answered`,
			p, name, micros(at), sealed, micros(end))
		return changed(r, err, "Claim")
	})
}

// FreeReplay forgets the call that was claimed at a time.
func (s *Store) FreeReplay(ctx context.Context, p tandem.PartnerID, name []byte, at time.Time) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM replay WHERE partner = $1 AND name = $2 AND claimed_at = $3 AND NOT answered`, p, name, micros(at))
		return err
	})
}

// replaysSwept is how many go in one transaction.
const replaysSwept = 1000

// PurgeReplays forgets the calls whose time is over.
func (s *Store) PurgeReplays(ctx context.Context, now time.Time) error {
	for {
		n := int64(0)
		err := s.transact(ctx, nil, func(tx *sql.Tx) error {
			r, err := tx.ExecContext(ctx, `DELETE FROM replay WHERE (partner, name) IN
				(SELECT partner, name FROM replay WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`, micros(now), replaysSwept)
			if err == nil {
				n, err = r.RowsAffected()
			}
			return err
		})
		if err != nil || n < replaysSwept {
			return err
		}
	}
}
