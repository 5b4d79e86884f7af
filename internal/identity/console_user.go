package identity

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
)

// maxName is how long a person's name may be, in characters.
const maxName = 100

// ConsoleUserStore keeps the partner's team.
type ConsoleUserStore interface {
	ListConsoleUsers(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.ConsoleUser], error)
	// ConsoleUserOf errors: NotFound.
	ConsoleUserOf(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.ConsoleUser, error)
	// CreateConsoleUser errors: Conflict (the email is taken).
	CreateConsoleUser(ctx context.Context, u *tandem.ConsoleUser) error
	// ChangeConsoleUser errors: NotFound, Conflict (nobody would have Full
	// Access), and change's.
	ChangeConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, change func(*tandem.ConsoleUser) (remove bool, err error)) (tandem.ConsoleUser, error)
	DeleteFactor(ctx context.Context, id tandem.ConsoleUserID) error
}

// ConsoleUsers implements tandem.ConsoleUsers.
type ConsoleUsers struct {
	store ConsoleUserStore
	post  *post
}

var _ tandem.ConsoleUsers = (*ConsoleUsers)(nil)

// NewConsoleUsers makes the service. Links in its mails begin with url.
func NewConsoleUsers(store ConsoleUserStore, tickets tandem.Tickets, mail tandem.Mail, url string) *ConsoleUsers {
	return &ConsoleUsers{store: store, post: &post{mail, tickets, url}}
}

// List implements tandem.ConsoleUsers.
func (s *ConsoleUsers) List(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.ConsoleUser], error) {
	page, err := s.store.ListConsoleUsers(ctx, p, f)
	if err != nil {
		return page, fmt.Errorf("list console users of partner %d: %w", p, err)
	}
	return page, nil
}

// Get implements tandem.ConsoleUsers.
func (s *ConsoleUsers) Get(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	u, err := s.store.ConsoleUserOf(ctx, p, id)
	if err != nil {
		return u, fmt.Errorf("read console user %d: %w", id, err)
	}
	return u, nil
}

// Invite implements tandem.ConsoleUsers.
func (s *ConsoleUsers) Invite(ctx context.Context, by tandem.Principal, in tandem.ConsoleUserUpdate) (tandem.ConsoleUser, string, error) {
	email, err := tandem.ParseEmail("Email", in.Email)
	if err != nil {
		return tandem.ConsoleUser{}, "", err
	}
	u := tandem.ConsoleUser{Partner: by.Partner, Email: email, Name: email, Invited: true, Created: time.Now().UTC().Truncate(time.Microsecond)}
	if err := apply(&u, in); err != nil {
		return tandem.ConsoleUser{}, "", err
	}
	if err := s.mayGrant(ctx, by, u); err != nil {
		return tandem.ConsoleUser{}, "", err
	}
	if err := s.store.CreateConsoleUser(ctx, &u); err != nil {
		return tandem.ConsoleUser{}, "", fmt.Errorf("invite console user: %w", err)
	}
	return s.send(ctx, by.Partner, u.ID)
}

// send writes an invitation to who is there already.
func (s *ConsoleUsers) send(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.ConsoleUser, string, error) {
	u, err := s.Get(ctx, p, id)
	if err != nil {
		return u, "", err
	}
	link, err := s.post.invite(ctx, u)
	return u, link, err
}

// Reinvite implements tandem.ConsoleUsers.
func (s *ConsoleUsers) Reinvite(ctx context.Context, by tandem.Principal, id tandem.ConsoleUserID) (tandem.ConsoleUser, string, error) {
	u, err := s.Get(ctx, by.Partner, id)
	if err != nil {
		return u, "", err
	}
	if !u.Invited {
		return u, "", tandem.Conflictf("The invitation was accepted.")
	}
	if err := s.mayGrant(ctx, by, u); err != nil {
		return u, "", err
	}
	return s.send(ctx, by.Partner, id)
}

// Update implements tandem.ConsoleUsers.
func (s *ConsoleUsers) Update(ctx context.Context, by tandem.Principal, id tandem.ConsoleUserID, in tandem.ConsoleUserUpdate) (tandem.ConsoleUser, error) {
	return s.change(ctx, by, id, func(u *tandem.ConsoleUser) (bool, error) { return false, apply(u, in) })
}

// Remove implements tandem.ConsoleUsers.
func (s *ConsoleUsers) Remove(ctx context.Context, by tandem.Principal, id tandem.ConsoleUserID) error {
	_, err := s.change(ctx, by, id, func(*tandem.ConsoleUser) (bool, error) { return true, nil })
	return err
}

// ResetTwoFactor implements tandem.ConsoleUsers.
func (s *ConsoleUsers) ResetTwoFactor(ctx context.Context, by tandem.Principal, id tandem.ConsoleUserID) error {
	u, err := s.Get(ctx, by.Partner, id)
	if err != nil {
		return err
	}
	if by.ConsoleUser == u.ID {
		return forbidden("Switch your own second factor off in your profile.")
	}
	if err := s.mayGrant(ctx, by, u); err != nil {
		return err
	}
	if err := s.store.DeleteFactor(ctx, u.ID); err != nil {
		return fmt.Errorf("delete second factor of console user %d: %w", u.ID, err)
	}
	if !u.TwoFactor {
		return nil
	}
	return s.post.changed(ctx, u, "Two-factor sign-in was switched off by a colleague")
}

// change changes a user whom by may change, into one whom by may make.
func (s *ConsoleUsers) change(ctx context.Context, by tandem.Principal, id tandem.ConsoleUserID, do func(*tandem.ConsoleUser) (bool, error)) (tandem.ConsoleUser, error) {
	full, err := s.hasFullAccess(ctx, by)
	if err != nil {
		return tandem.ConsoleUser{}, err
	}
	u, err := s.store.ChangeConsoleUser(ctx, by.Partner, id, func(u *tandem.ConsoleUser) (bool, error) {
		if by.ConsoleUser == u.ID {
			return false, forbidden("Somebody else must change your access: you could lock yourself out.")
		}
		if err := mayGive(by, full, *u); err != nil {
			return false, err
		}
		remove, err := do(u)
		if err != nil {
			return false, err
		}
		return remove, mayGive(by, full, *u)
	})
	if err != nil {
		return u, fmt.Errorf("change console user %d: %w", id, err)
	}
	return u, nil
}

func forbidden(message string) error { return &tandem.Error{Code: tandem.Forbidden, Message: message} }

// hasFullAccess says so of a user with it, and of a partner's own program.
func (s *ConsoleUsers) hasFullAccess(ctx context.Context, by tandem.Principal) (bool, error) {
	if by.ConsoleUser == 0 {
		return true, nil
	}
	u, err := s.Get(ctx, by.Partner, by.ConsoleUser)
	return u.FullAccess, err
}

func (s *ConsoleUsers) mayGrant(ctx context.Context, by tandem.Principal, u tandem.ConsoleUser) error {
	full, err := s.hasFullAccess(ctx, by)
	if err != nil {
		return err
	}
	return mayGive(by, full, u)
}

// mayGive says whether by has all that u has. Errors: Forbidden.
func mayGive(by tandem.Principal, full bool, u tandem.ConsoleUser) error {
	if full || !u.FullAccess && u.Permissions.Within(by.Permissions) {
		return nil
	}
	return forbidden("This needs permissions that you do not have yourself.")
}

// apply changes u as in says.
func apply(u *tandem.ConsoleUser, in tandem.ConsoleUserUpdate) (err error) {
	if in.Name.Set {
		if u.Name, err = personName(in.Name.Value); err != nil {
			return err
		}
	}
	in.Permissions.Apply(&u.Permissions)
	in.FullAccess.Apply(&u.FullAccess)
	if u.FullAccess {
		u.Permissions = tandem.Everything()
	} else if in.FullAccess.Set && !in.Permissions.Set {
		u.Permissions = tandem.Permissions{} // those of Full Access went with it
	}
	return nil
}

// personName errors: Invalid.
func personName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", tandem.Invalidf("Name", "Name is required")
	case utf8.RuneCountInString(name) > maxName:
		return "", tandem.Invalidf("Name", "Name: at most %d characters", maxName)
	case strings.ContainsFunc(name, unicode.IsControl), !utf8.ValidString(name):
		return "", tandem.Invalidf("Name", "Name: it must be text on one line")
	}
	return name, nil
}
