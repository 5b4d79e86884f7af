package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const ticketColumns = `id, purpose, partner, account, app_user, console_user, email, detail, created_at, expires_at, passwords`

func scanTicket(s scanner) (t tandem.Ticket, err error) {
	var created, expires int64
	err = s.Scan(&t.ID, &t.Purpose, &t.Partner, &t.Account, &t.User, &t.ConsoleUser, &t.Email, &t.Detail, &created, &expires, &t.Passwords)
	t.Created, t.Expires = instant(created), instant(expires)
	return t, err
}

// usableTicket is the condition that a ticket's account, if it has one, is there
// and in use.
const usableTicket = `(account = 0 OR EXISTS (SELECT 1 FROM account a
	WHERE a.id = ticket.account AND a.partner = ticket.partner AND a.deleted_at = 0 AND a.enabled))`

// ticketsSwept is how many expired tickets go with each new one.
const ticketsSwept = 10

// AddTicket gives t its ID and keeps it under the hash of its token. Some that
// are past their time are forgotten.
//
// Errors: Unauthenticated (the password has been changed since).
func (s *Store) AddTicket(ctx context.Context, hash []byte, t *tandem.Ticket) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := samePassword(ctx, tx, t.ConsoleUser, t.User, t.Passwords); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM ticket WHERE hash IN
			(SELECT hash FROM ticket WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`, micros(t.Created), ticketsSwept)
		if err != nil {
			return fmt.Errorf("sweep tickets: %w", err)
		}
		n, err := next(ctx, tx, "ticket")
		if err != nil {
			return err
		}
		t.ID = tandem.TicketID(n)
		_, err = tx.ExecContext(ctx, `INSERT INTO ticket (hash, `+ticketColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			hash, t.ID, t.Purpose, t.Partner, t.Account, t.User, t.ConsoleUser, t.Email, t.Detail, micros(t.Created), micros(t.Expires), t.Passwords)
		return err
	})
}

// Ticket errors: NotFound, also when it is past its time, or its account is
// disabled or deleted.
func (s *Store) Ticket(ctx context.Context, hash []byte, p tandem.Purpose, now time.Time) (tandem.Ticket, error) {
	return row(ctx, s.read(), "Ticket", scanTicket, `SELECT `+ticketColumns+` FROM ticket
		WHERE hash = $1 AND purpose = $2 AND expires_at > $3 AND `+usableTicket, hash, p, micros(now))
}

// TakeTicket is Ticket, and deletes it: of many at once, one gets it.
func (s *Store) TakeTicket(ctx context.Context, hash []byte, p tandem.Purpose, now time.Time) (t tandem.Ticket, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		t, err = row(ctx, tx, "Ticket", scanTicket, `DELETE FROM ticket
			WHERE hash = $1 AND purpose = $2 AND expires_at > $3 AND `+usableTicket+` RETURNING `+ticketColumns, hash, p, micros(now))
		return err
	})
	return t, err
}

// Tickets lists what can still be used, newest first: a partner's, or, unless a
// is 0, those for one account.
func (s *Store) Tickets(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, purpose tandem.Purpose, now time.Time) ([]tandem.Ticket, error) {
	return rows(ctx, s.read(), scanTicket, `SELECT `+ticketColumns+` FROM ticket
		WHERE partner = $1 AND purpose = $2 AND (account = $3 OR $3 = 0) AND expires_at > $4 ORDER BY id DESC`, p, purpose, a, micros(now))
}

// DeleteTickets deletes those of a partner and purpose that have all that t has
// of ID, Account, User, ConsoleUser and Email. Errors: NotFound.
func (s *Store) DeleteTickets(ctx context.Context, t tandem.Ticket) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM ticket WHERE partner = $1 AND purpose = $2 AND (id = $3 OR $3 = 0) AND (account = $4 OR $4 = 0)
			AND (app_user = $5 OR $5 = 0) AND (console_user = $6 OR $6 = 0) AND (email = $7 OR $7 = '')`,
			t.Partner, t.Purpose, t.ID, t.Account, t.User, t.ConsoleUser, t.Email)
		return changed(r, err, "Ticket")
	})
}
