package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// PutMail queues m for as soon after m.Created as its paces let it go, one after
// the other; nothing is done if there is one with its ID.
//
// Errors: RateLimited (a pace would put it off for too long).
func (s *Store) PutMail(ctx context.Context, m tandem.Mailing, paces []tandem.Pace) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM mail WHERE id = $1)`, m.ID).Scan(&there); there || err != nil {
			return err
		}
		due := m.Created
		for _, p := range paces {
			at, err := keepPace(ctx, tx, p, m.Created)
			if err != nil {
				return err
			}
			if at.After(due) {
				due = at
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO mail (id, partner, recipient, subject, sealed, state, attempts, reason, created_at, due_at, next_at, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, 0, '', $7, $8, $8, 0) ON CONFLICT (id) DO NOTHING`,
			m.ID, m.Partner, m.To, m.Subject, m.Sealed, tandem.MailQueued, micros(m.Created), micros(due))
		return err
	})
	if err != nil {
		return fmt.Errorf("queue mail %s: %w", m.ID, err)
	}
	return nil
}

// pacesSwept is how many paces that are not in use go with each that is.
const pacesSwept = 5

// keepPace takes the next place of a pace, and gives its time. It is the generic
// cell rate algorithm: used_until runs ahead of the clock by what was taken, and
// what runs ahead by more than the burst has to wait.
//
// Errors: RateLimited.
func keepPace(ctx context.Context, tx *sql.Tx, p tandem.Pace, now time.Time) (time.Time, error) {
	_, err := tx.ExecContext(ctx, `DELETE FROM mail_pace WHERE name IN (SELECT name FROM mail_pace WHERE used_until < $1 ORDER BY used_until LIMIT $2)`,
		micros(now), pacesSwept)
	if err != nil {
		return now, err
	}
	var used int64
	err = tx.QueryRowContext(ctx, `INSERT INTO mail_pace (name, used_until) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET used_until = CASE WHEN mail_pace.used_until > $3 THEN mail_pace.used_until ELSE $3 END + $4
		RETURNING used_until`, p.Name, micros(now.Add(p.Every)), micros(now), p.Every.Microseconds()).Scan(&used)
	at := instant(used).Add(-time.Duration(p.Burst) * p.Every)
	if wait := at.Sub(now); err == nil && p.Longest > 0 && wait > p.Longest {
		return at, &tandem.Error{Code: tandem.RateLimited, Message: p.Refusal, RetryAfter: wait - p.Longest}
	}
	return at, err
}

// ClaimMail takes up to n mails that are due at now, those first that have waited
// longest, and puts off their next attempt until lease: then another may take
// what has not come to an end.
func (s *Store) ClaimMail(ctx context.Context, now, lease time.Time, n int) ([]tandem.Mailing, error) {
	var all []tandem.Mailing
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		// The condition is there twice: of two nodes that have found the same
		// row, the second looks again when the first has changed it.
		all, err = rows(ctx, tx, scanMailing, `UPDATE mail SET next_at = $2, attempts = attempts + 1
			WHERE id IN (SELECT id FROM mail WHERE ended_at = 0 AND next_at <= $1 ORDER BY next_at LIMIT $3) AND ended_at = 0 AND next_at <= $1
			RETURNING id, partner, recipient, subject, sealed, state, attempts, reason, created_at, due_at,
				(SELECT name FROM partner WHERE partner.id = mail.partner)`, micros(now), micros(lease), n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim mails: %w", err)
	}
	return all, nil
}

func scanMailing(r scanner) (m tandem.Mailing, err error) {
	var created, due int64
	err = r.Scan(&m.ID, &m.Partner, &m.To, &m.Subject, &m.Sealed, &m.State, &m.Attempts, &m.Reason, &created, &due, &m.PartnerName)
	m.Created, m.Due = instant(created), instant(due)
	return m, err
}

// DeferMail puts the next attempt at a mail off, and says why.
func (s *Store) DeferMail(ctx context.Context, id, reason string, until time.Time) error {
	return s.setMail(ctx, id, `UPDATE mail SET reason = $2, next_at = $3 WHERE id = $1 AND ended_at = 0`, id, reason, micros(until))
}

// EndMail brings a mail to an end, and forgets what it says.
func (s *Store) EndMail(ctx context.Context, id string, end tandem.MailState, reason string, at time.Time) error {
	return s.setMail(ctx, id, `UPDATE mail SET state = $2, reason = $3, ended_at = $4, sealed = NULL WHERE id = $1 AND ended_at = 0`, id, end, reason, micros(at))
}

func (s *Store) setMail(ctx context.Context, id, statement string, args ...any) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note what became of mail %s: %w", id, err)
	}
	return nil
}

// ForgetMail deletes the notes of mails that ended before a time.
func (s *Store) ForgetMail(ctx context.Context, before time.Time) error {
	return s.repeat(ctx, `DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE ended_at > 0 AND ended_at < $1 ORDER BY ended_at LIMIT $2)`,
		micros(before), expireBatch)
}

// Mailing reads a mail. Errors: NotFound.
func (s *Store) Mailing(ctx context.Context, p tandem.PartnerID, id string) (tandem.Mailing, error) {
	return row(ctx, s.read(), "Mail", scanMailing, `SELECT m.id, m.partner, m.recipient, m.subject, m.sealed, m.state, m.attempts, m.reason, m.created_at, m.due_at, p.name
		FROM mail m JOIN partner p ON p.id = m.partner WHERE m.partner = $1 AND m.id = $2`, p, id)
}
