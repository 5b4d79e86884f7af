package tenant

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// UserStore keeps users and their memberships.
type UserStore interface {
	Members(ctx context.Context, a tandem.AccountID) ([]string, error)
	// AddMember errors: NotFound (the account).
	AddMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username, hash string) error
	// RemoveMember errors: NotFound.
	RemoveMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) error
	// SetUserPassword errors: NotFound.
	SetUserPassword(ctx context.Context, p tandem.PartnerID, username, hash string) error
}

// Users implements tandem.Users.
type Users struct {
	store  UserStore
	hasher *password.Hasher
}

var _ tandem.Users = (*Users)(nil)

// NewUsers makes the service.
func NewUsers(store UserStore, hasher *password.Hasher) *Users {
	return &Users{store: store, hasher: hasher}
}

// List implements tandem.Users.
func (s *Users) List(ctx context.Context, a tandem.AccountID) ([]string, error) {
	return s.store.Members(ctx, a)
}

// Add implements tandem.Users. A password is for a user who is made; that of a
// known one is changed by SetPassword alone.
func (s *Users) Add(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, password tandem.Secret) error {
	username, err := checkUsername(username)
	if err != nil {
		return err
	}
	var hash string // none: a user who cannot sign in by password
	if password != "" {
		if hash, err = s.hasher.Hash(ctx, password); err != nil {
			return err
		}
	}
	if err := s.store.AddMember(ctx, p, a, username, hash); err != nil {
		return fmt.Errorf("add user to account %d: %w", a, err)
	}
	return nil
}

// Remove implements tandem.Users.
func (s *Users) Remove(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) error {
	username, err := checkUsername(username)
	if err != nil {
		return err
	}
	return s.store.RemoveMember(ctx, p, a, username)
}

// SetPassword implements tandem.Users.
func (s *Users) SetPassword(ctx context.Context, p tandem.PartnerID, username string, password tandem.Secret) error {
	username, err := checkUsername(username)
	if err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.SetUserPassword(ctx, p, username, hash)
}

const maxUsername = 254

// checkUsername gives a username in lower case, as it is kept.
func checkUsername(username string) (string, error) {
	username = strings.ToLower(strings.TrimSpace(username))
	unfit := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }
	switch {
	case username == "":
		return "", tandem.Invalidf("Username", "Username is required")
	case len(username) > maxUsername, strings.ContainsFunc(username, unfit):
		return "", tandem.Invalidf("Username", "Username: at most %d bytes, without white space", maxUsername)
	}
	return username, nil
}
