package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// NoticeSecret gives what notices are signed with, sealed: the secret, and the one
// before it, for as long as that signs too. Of an account that is its own; of
// account 0, the partner's. nil: there is none.
func (s *Store) NoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, now time.Time) (sealed, former []byte, err error) {
	type pair struct{ sealed, former []byte }
	found, err := row(ctx, s.read(), "Secret", func(r scanner) (x pair, err error) { return x, r.Scan(&x.sealed, &x.former) },
		`SELECT sealed, CASE WHEN former_until > $3 THEN former END FROM notice_secret WHERE partner = $1 AND account = $2`, p, a, micros(now))
	if tandem.ErrorCode(err) == tandem.NotFound {
		err = nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the secret of account %d of partner %d: %w", a, p, err)
	}
	return found.sealed, found.former, nil
}

// SetNoticeSecret puts a secret in the place of the one that there is, which signs
// too until a time. With first, one that is there stays.
func (s *Store) SetNoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, sealed []byte, until time.Time, first bool) error {
	conflict := `DO UPDATE SET former = notice_secret.sealed, former_until = excluded.former_until, sealed = excluded.sealed`
	if first {
		conflict = `DO NOTHING`
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO notice_secret (partner, account, sealed, former, former_until) VALUES ($1, $2, $3, NULL, $4)
			ON CONFLICT (partner, account) `+conflict, p, a, sealed, micros(until))
		return err
	})
	if err != nil {
		return fmt.Errorf("set the secret of account %d of partner %d: %w", a, p, err)
	}
	return nil
}

// DeleteNoticeSecret takes an account's own away, if it has one.
func (s *Store) DeleteNoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM notice_secret WHERE partner = $1 AND account = $2`, p, a)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete the secret of account %d of partner %d: %w", a, p, err)
	}
	return nil
}
