package tenant

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	resetLifetime = time.Hour

	// resetTime is how long the answer to a request for a reset takes, whether
	// there is something to do or not.
	resetTime = 500 * time.Millisecond
	// resetEvery is how often a user is mailed for it, whoever asks.
	resetEvery = 5 * time.Minute
)

var (
	errNoMail = &tandem.Error{Code: tandem.Unavailable, Message: "Mail is not set up here. Ask those who gave you access."}
	errGone   = &tandem.Error{Code: tandem.Gone, Message: "This link has been used already, or is too old. Ask for a new one."}
)

// RequestReset implements tandem.UserAccess. What goes wrong for a user who is
// there is for the operator: the answer must not tell.
func (s *Access) RequestReset(ctx context.Context, p tandem.PartnerID, username, address string) error {
	over := time.NewTimer(resetTime)
	defer over.Stop()
	name := asKept(username)
	if err := s.take(p, name, address); err != nil {
		return err
	}
	if !s.post.mail.Ready() {
		return errNoMail
	}
	if err := s.sendReset(ctx, p, name); err != nil {
		s.log.ErrorContext(ctx, "a link for a new password was not sent", "partner", p, "error", err)
	}
	select {
	case <-over.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Access) sendReset(ctx context.Context, p tandem.PartnerID, name string) error {
	u, _, err := s.find(ctx, p, name)
	if err != nil || u.APIUser || u.Email == "" {
		return err
	}
	now := time.Now()
	if first, err := s.store.ClaimReset(ctx, p, u.ID, now, now.Add(-resetEvery)); err != nil || !first {
		return err
	}
	// Links from before stay good until one is used: whoever asks again and
	// again does not keep the user from using the one they have.
	link, _, err := s.post.link(ctx, resetPage, tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: p, User: u.ID, Expires: now.Add(resetLifetime)})
	if err != nil {
		return err
	}
	return s.post.mail.Send(ctx, p, resetLetter(u, link))
}

// ResetPassword implements tandem.UserAccess.
func (s *Access) ResetPassword(ctx context.Context, token, password tandem.Secret) error {
	if _, err := s.post.tickets.Look(ctx, tandem.PasswordTicket, token); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	t, err := s.post.tickets.Use(ctx, tandem.PasswordTicket, token)
	if err != nil {
		return err
	}
	switch err := s.store.SetUserPassword(ctx, t.Partner, t.User, hash, 0); {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return errGone
	case err != nil:
		return fmt.Errorf("reset password of user %d: %w", t.User, err)
	}
	return nil
}
