package tenant

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// UserStore keeps users.
type UserStore interface {
	// User errors: NotFound.
	User(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, error)
	// UserByName finds a user by username, or else a person by email, with
	// the hash of the password. Errors: NotFound.
	UserByName(ctx context.Context, p tandem.PartnerID, name string) (tandem.User, string, error)
	// ListUsers lists all, or those with access to an account.
	ListUsers(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, f tandem.UserFilter) (tandem.Page[tandem.User], error)
	// CreateUser errors: Invalid (the username or email is in use).
	CreateUser(ctx context.Context, u *tandem.User, hash string) error
	// UpdateUser errors: NotFound, Invalid (the email is in use), and change's.
	UpdateUser(ctx context.Context, p tandem.PartnerID, id tandem.UserID, change func(*tandem.User) error) error
	// DeleteUser errors: NotFound.
	DeleteUser(ctx context.Context, p tandem.PartnerID, id tandem.UserID) error
	// SetUserPassword ends sessions but one, and links. Errors: NotFound.
	SetUserPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID, hash string, but tandem.SessionID) error
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
}

// Users implements tandem.Users.
type Users struct {
	log    *slog.Logger
	store  UserStore
	hasher *password.Hasher
	post   *Post
}

var _ tandem.Users = (*Users)(nil)

// NewUsers makes the service.
func NewUsers(log *slog.Logger, store UserStore, hasher *password.Hasher, post *Post) *Users {
	return &Users{log: log, store: store, hasher: hasher, post: post}
}

// List implements tandem.Users.
func (s *Users) List(ctx context.Context, p tandem.PartnerID, f tandem.UserFilter) (tandem.Page[tandem.User], error) {
	var in tandem.AccountID
	if f.Account != "" {
		a, err := s.store.Account(ctx, p, f.Account)
		if err != nil {
			return tandem.Page[tandem.User]{}, err
		}
		in = a.ID
	}
	return s.store.ListUsers(ctx, p, in, f)
}

// Get implements tandem.Users.
func (s *Users) Get(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, error) {
	return s.store.User(ctx, p, id)
}

// Create implements tandem.Users.
func (s *Users) Create(ctx context.Context, p tandem.PartnerID, n tandem.NewUser) (tandem.User, error) {
	username, err := checkUsername(n.Username)
	if err != nil {
		return tandem.User{}, err
	}
	u := newUser(p, username)
	u.FirstName, u.LastName = n.FirstName, n.LastName
	if n.Email != "" {
		u.Email = n.Email
	}
	if err := checkPerson(&u); err != nil {
		return u, err
	}
	if u.Accounts, err = s.memberships(ctx, p, n.Accounts); err != nil {
		return u, err
	}
	hash, err := hashOf(ctx, s.hasher, n.Password)
	if err != nil {
		return u, err
	}
	if err := s.store.CreateUser(ctx, &u, hash); err != nil {
		return u, fmt.Errorf("create user: %w", err)
	}
	return s.store.User(ctx, p, u.ID)
}

// newUser is a person who is reached, if the username is an address, by it.
func newUser(p tandem.PartnerID, username string) tandem.User {
	email, _ := tandem.ParseEmail("", username) // "" if it is none
	return tandem.User{Partner: p, Username: username, Email: email, CreatedDate: time.Now().UTC().Truncate(time.Microsecond)}
}

// hashOf is the hash of a password; that of none is "".
func hashOf(ctx context.Context, h *password.Hasher, password tandem.Secret) (string, error) {
	if password == "" {
		return "", nil
	}
	return h.Hash(ctx, password)
}

// memberships are for the accounts of API IDs, without Administrator.
func (s *Users) memberships(ctx context.Context, p tandem.PartnerID, apiIDs []string) ([]tandem.Membership, error) {
	all := []tandem.Membership{}
	for _, id := range apiIDs {
		a, err := s.store.Account(ctx, p, id)
		switch {
		case tandem.ErrorCode(err) == tandem.NotFound:
			return nil, tandem.Invalidf("Accounts", "Accounts: there is no account with the ID %q", id)
		case err != nil:
			return nil, fmt.Errorf("read account %q: %w", id, err)
		}
		all = append(all, tandem.Membership{Account: a.ID})
	}
	return all, nil
}

// Update implements tandem.Users. The partner is believed: a new email holds at
// once.
func (s *Users) Update(ctx context.Context, p tandem.PartnerID, id tandem.UserID, u tandem.UserUpdate) (tandem.User, error) {
	accounts, err := s.memberships(ctx, p, u.Accounts.Value)
	if err != nil {
		return tandem.User{}, err
	}
	var was string
	err = s.store.UpdateUser(ctx, p, id, func(is *tandem.User) error {
		was = is.Email
		if u.Username != "" && tandem.Fold(strings.TrimSpace(u.Username)) != tandem.Fold(is.Username) {
			return tandem.Invalidf("Username", "Username cannot be changed")
		}
		u.FirstName.Apply(&is.FirstName)
		u.LastName.Apply(&is.LastName)
		u.Email.Apply(&is.Email)
		if u.Accounts.Set {
			is.Accounts = accounts
		}
		return checkPerson(is)
	})
	if err != nil {
		return tandem.User{}, fmt.Errorf("update user %d: %w", id, err)
	}
	is, err := s.store.User(ctx, p, id)
	if err == nil && is.Email != was {
		s.post.moved(ctx, s.log, is, was)
	}
	return is, err
}

// Delete implements tandem.Users.
func (s *Users) Delete(ctx context.Context, p tandem.PartnerID, id tandem.UserID) error {
	if err := s.store.DeleteUser(ctx, p, id); err != nil {
		return fmt.Errorf("delete user %d: %w", id, err)
	}
	return nil
}

// SetPassword implements tandem.Users.
func (s *Users) SetPassword(ctx context.Context, p tandem.PartnerID, username string, password tandem.Secret) error {
	username, err := checkUsername(username)
	if err != nil {
		return err
	}
	u, _, err := s.store.UserByName(ctx, p, username)
	switch {
	case err != nil:
		return err
	case tandem.Fold(u.Username) != tandem.Fold(username): // it is somebody's email
		return tandem.NotFoundf("User %q could not be found.", username)
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	if err := s.store.SetUserPassword(ctx, p, u.ID, hash, 0); err != nil {
		return fmt.Errorf("set password of user %d: %w", u.ID, err)
	}
	return nil
}

const (
	maxUsername   = 254 // bytes
	maxPersonName = 100 // characters
)

// checkUsername gives a username without the space around it.
func checkUsername(username string) (string, error) {
	username = strings.TrimSpace(username)
	unfit := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }
	switch {
	case username == "":
		return "", tandem.Invalidf("Username", "Username is required")
	case len(username) > maxUsername, strings.ContainsFunc(username, unfit):
		return "", tandem.Invalidf("Username", "Username: at most %d bytes, without white space", maxUsername)
	}
	return username, nil
}

// checkPerson checks the names and email of u, and tidies them.
func checkPerson(u *tandem.User) error {
	u.FirstName, u.LastName = strings.TrimSpace(u.FirstName), strings.TrimSpace(u.LastName)
	if err := cmp.Or(checkPersonName("FirstName", u.FirstName), checkPersonName("LastName", u.LastName)); err != nil {
		return err
	}
	var err error
	if u.Email != "" {
		u.Email, err = tandem.ParseEmail("Email", u.Email)
	}
	return err
}

func checkPersonName(field, name string) error {
	if utf8.RuneCountInString(name) > maxPersonName || strings.ContainsFunc(name, unicode.IsControl) {
		return tandem.Invalidf(field, "%s: at most %d characters, on one line", field, maxPersonName)
	}
	return nil
}
