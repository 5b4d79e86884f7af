package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Tickets = (*Tickets)(nil)

// TicketStore keeps tickets by the SHA-256 of their tokens.
type TicketStore interface {
	// AddTicket gives t its ID. Errors: Unauthenticated (the password is another
	// by now).
	AddTicket(ctx context.Context, hash []byte, t *tandem.Ticket) error
	// Ticket errors: NotFound, also when it can no longer be used.
	Ticket(ctx context.Context, hash []byte, p tandem.Purpose, now time.Time) (tandem.Ticket, error)
	// TakeTicket is Ticket, and deletes it. Of many at once, one gets it.
	TakeTicket(ctx context.Context, hash []byte, p tandem.Purpose, now time.Time) (tandem.Ticket, error)
	// Tickets are newest first; a 0: all of the partner's.
	Tickets(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, purpose tandem.Purpose, now time.Time) ([]tandem.Ticket, error)
	// DeleteTickets deletes what is like t. Errors: NotFound.
	DeleteTickets(ctx context.Context, t tandem.Ticket) error
}

// Tickets implements tandem.Tickets.
type Tickets struct{ store TicketStore }

// NewTickets makes the service.
func NewTickets(store TicketStore) *Tickets { return &Tickets{store: store} }

// Issue implements tandem.Tickets. A ticket without Expires lives for
// tandem.TicketLifetime.
func (s *Tickets) Issue(ctx context.Context, t tandem.Ticket) (tandem.Secret, tandem.Ticket, error) {
	t.Created = time.Now().UTC().Truncate(time.Microsecond)
	if t.Expires.IsZero() {
		t.Expires = t.Created.Add(tandem.TicketLifetime)
	}
	t.Email = strings.ToLower(strings.TrimSpace(t.Email))
	token := random()
	if err := s.store.AddTicket(ctx, hash(token), &t); err != nil {
		return "", tandem.Ticket{}, fmt.Errorf("issue %s ticket: %w", t.Purpose, err)
	}
	return tandem.Secret(token), t, nil
}

// Look implements tandem.Tickets.
func (s *Tickets) Look(ctx context.Context, p tandem.Purpose, token tandem.Secret) (tandem.Ticket, error) {
	t, err := s.store.Ticket(ctx, hash(string(token)), p, time.Now())
	identify(ctx, t)
	return t, gone("look at", p, err)
}

// Use implements tandem.Tickets.
func (s *Tickets) Use(ctx context.Context, p tandem.Purpose, token tandem.Secret) (tandem.Ticket, error) {
	t, err := s.store.TakeTicket(ctx, hash(string(token)), p, time.Now())
	identify(ctx, t)
	return t, gone("use", p, err)
}

// identify tells the audit log whose ticket it is.
func identify(ctx context.Context, t tandem.Ticket) {
	tandem.Identify(ctx, tandem.Principal{Partner: t.Partner, Account: t.Account, User: t.User, ConsoleUser: t.ConsoleUser})
}

// gone says the same of a token that was used, has expired or never was.
func gone(what string, p tandem.Purpose, err error) error {
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return &tandem.Error{Code: tandem.Gone, Message: "This link has been used already, or is too old. Ask for a new one."}
	case err != nil:
		return fmt.Errorf("%s %s ticket: %w", what, p, err)
	}
	return nil
}

// List implements tandem.Tickets.
func (s *Tickets) List(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, purpose tandem.Purpose) ([]tandem.Ticket, error) {
	all, err := s.store.Tickets(ctx, p, a, purpose, time.Now())
	if err != nil {
		return nil, fmt.Errorf("list %s tickets: %w", purpose, err)
	}
	return all, nil
}

// Revoke implements tandem.Tickets.
func (s *Tickets) Revoke(ctx context.Context, t tandem.Ticket) error {
	t.Email = strings.ToLower(strings.TrimSpace(t.Email))
	if err := s.store.DeleteTickets(ctx, t); err != nil {
		return fmt.Errorf("revoke %s tickets: %w", t.Purpose, err)
	}
	return nil
}
