package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

func scanReplay(r scanner) (c tandem.Claimed, err error) {
	var at, expires int64
	err = r.Scan(&c.Call, &at, &expires, &c.Begun, &c.Answered, &c.Sealed)
	c.At, c.Expires = instant(at), instant(expires)
	return c, err
}

// overReplay is the condition that the time of a claim or answer is over at $1. A
// claim whose call has changed something stays for as long as its answer would have:
// until it is from before $2.
const overReplay = `(replay.expires_at <= $1 AND (replay.answered OR NOT replay.begun OR replay.claimed_at <= $2))`

// ClaimReplay claims a name from at until end for a call, and says true; or gives
// who has it. Of many at once, one gets it.
func (s *Store) ClaimReplay(ctx context.Context, p tandem.PartnerID, name, call []byte, at, end time.Time) (has tandem.Claimed, claimed bool, err error) {
	// Not by write: it is not yet what the audit log is to tell of.
	err = s.transact(ctx, nil, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO replay (partner, name, call, claimed_at, expires_at, answered) VALUES ($3, $4, $5, $1, $6, false)
			ON CONFLICT (partner, name) DO UPDATE SET call = $5, claimed_at = $1, expires_at = $6, begun = false, answered = false, sealed = NULL
			WHERE `+overReplay, micros(at), micros(at.Add(-tandem.ReplayLife)), p, name, call, micros(end))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if claimed = n > 0; claimed || err != nil {
			return err
		}
		has, err = scanReplay(tx.QueryRowContext(ctx, `SELECT call, claimed_at, expires_at, begun, answered, sealed FROM replay WHERE partner = $1 AND name = $2`, p, name))
		return err
	})
	if err != nil {
		return has, false, fmt.Errorf("claim a call: %w", err)
	}
	return has, claimed, nil
}

// beginReplay marks what is done under a claim as begun. Errors: Conflict (somebody
// else has the claim by now).
func beginReplay(ctx context.Context, tx *sql.Tx, c *tandem.Claim) error {
	r, err := tx.ExecContext(ctx, `UPDATE replay SET begun = true WHERE partner = $1 AND name = $2 AND claimed_at = $3 AND NOT answered`,
		c.Partner, c.Key(), micros(c.At))
	if err = changed(r, err, "Claim"); tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.Conflictf("The call took too long, and was made again meanwhile.")
	}
	return err
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

// FreeReplay forgets the call that was claimed at a time; or, if it has begun, ends
// the claim, as nobody is at work on it any more.
func (s *Store) FreeReplay(ctx context.Context, p tandem.PartnerID, name []byte, at time.Time) error {
	const of = ` WHERE partner = $1 AND name = $2 AND claimed_at = $3 AND NOT answered`
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM replay`+of+` AND NOT begun`, p, name, micros(at))
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE replay SET expires_at = claimed_at`+of, p, name, micros(at))
		}
		return err
	})
}

// endReplays ends all claims, when nobody can be at work on them.
func (s *Store) endReplays(ctx context.Context) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE replay SET expires_at = claimed_at WHERE NOT answered`)
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
				(SELECT partner, name FROM replay WHERE `+overReplay+` ORDER BY expires_at LIMIT $3)`, micros(now), micros(now.Add(-tandem.ReplayLife)), replaysSwept)
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
