package tenant

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// emailLifetime is how long the link works that confirms an address.
const emailLifetime = 24 * time.Hour

// ProfileStore keeps what users change of themselves.
type ProfileStore interface {
	// UserWithPassword errors: NotFound.
	UserWithPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, string, error)
	// UpdateUser errors: NotFound, Invalid (the email is in use), and change's.
	UpdateUser(ctx context.Context, p tandem.PartnerID, id tandem.UserID, change func(*tandem.User) error) error
	// SetUserPassword ends sessions but one, and links. Errors: NotFound.
	SetUserPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID, hash string, but tandem.SessionID) error
}

// Profile implements tandem.UserProfile.
type Profile struct {
	guard

	log   *slog.Logger
	store ProfileStore
	post  *Post
}

var _ tandem.UserProfile = (*Profile)(nil)

// NewProfile makes the service.
func NewProfile(log *slog.Logger, store ProfileStore, hasher *password.Hasher, attempts Attempts, post *Post) *Profile {
	return &Profile{guard: guard{hasher, attempts}, log: log, store: store, post: post}
}

var errNoProfile = &tandem.Error{Code: tandem.Forbidden, Message: "This is for people who sign in by themselves."}

// person is a user who signs in by themselves, with the hash of the password.
// Errors: NotFound, Forbidden (an API user).
func (s *Profile) person(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, string, error) {
	u, hash, err := s.store.UserWithPassword(ctx, p, id)
	if err == nil && u.APIUser {
		err = errNoProfile
	}
	return u, hash, err
}

// wrong names the field of a password that is wrong: the request itself is of
// somebody who is signed in.
func wrong(field string, err error) error {
	if tandem.ErrorCode(err) == tandem.Unauthenticated {
		return tandem.Invalidf(field, "%s is wrong", field)
	}
	return err
}

// Update implements tandem.UserProfile. Passwords come first: they are refused
// before anything changes.
func (s *Profile) Update(ctx context.Context, who tandem.Principal, c tandem.UserChange, address string) error {
	u, hash, err := s.person(ctx, who.Partner, who.User)
	if err == nil && c.Password != "" {
		hash, err = s.another(ctx, u, hash, c, address)
	}
	if err != nil {
		return err
	}
	err = s.store.UpdateUser(ctx, who.Partner, who.User, func(u *tandem.User) error {
		c.FirstName.Apply(&u.FirstName)
		c.LastName.Apply(&u.LastName)
		return checkPerson(u)
	})
	if err != nil || c.Password == "" {
		return err
	}
	if err := s.store.SetUserPassword(ctx, who.Partner, who.User, hash, who.Session); err != nil {
		return fmt.Errorf("change password of user %d: %w", who.User, err)
	}
	s.post.changed(ctx, s.log, u)
	return nil
}

// another is the hash of a new password, for who knows the one before.
func (s *Profile) another(ctx context.Context, u tandem.User, hash string, c tandem.UserChange, address string) (string, error) {
	if err := s.take(u.Partner, asKept(u.Username), address); err != nil {
		return "", err
	}
	if err := s.check(ctx, u.Partner, asKept(u.Username), address, hash, c.CurrentPassword); err != nil {
		return "", wrong("CurrentPassword", err)
	}
	return s.hasher.Hash(ctx, c.Password)
}

// RequestEmail implements tandem.UserProfile. Whether another user has the
// address is told to who reads its mail, not to who asks. Right passwords count
// as tries here: each is a mail to somebody.
func (s *Profile) RequestEmail(ctx context.Context, p tandem.PartnerID, id tandem.UserID, email string, password tandem.Secret, address string) error {
	email, err := tandem.ParseEmail("Email", email)
	if err != nil {
		return err
	}
	u, hash, err := s.person(ctx, p, id)
	if err != nil {
		return err
	}
	if err := s.take(p, asKept(u.Username), address); err != nil {
		return err
	}
	if err := s.compare(ctx, hash, password); err != nil {
		return wrong("Password", err)
	}
	if !s.post.mail.Ready() {
		return errNoMail
	}
	link, err := s.post.replace(ctx, emailPage, tandem.Ticket{Purpose: tandem.EmailTicket, Partner: p, User: id, Email: email, Expires: time.Now().Add(emailLifetime)})
	if err != nil {
		return err
	}
	return s.post.mail.Send(ctx, p, emailLetter(u, email, link))
}

// ConfirmEmail implements tandem.UserProfile.
func (s *Profile) ConfirmEmail(ctx context.Context, token tandem.Secret) error {
	t, err := s.post.tickets.Use(ctx, tandem.EmailTicket, token)
	if err != nil {
		return err
	}
	var is tandem.User
	var was string
	err = s.store.UpdateUser(ctx, t.Partner, t.User, func(u *tandem.User) error {
		was, u.Email = u.Email, t.Email
		is = *u
		return nil
	})
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return errGone
	case err != nil:
		return fmt.Errorf("confirm email of user %d: %w", t.User, err)
	}
	if was != t.Email {
		s.post.moved(ctx, s.log, is, was)
	}
	return nil
}
