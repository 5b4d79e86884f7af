package tenant

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// MembershipStore keeps who may enter which account.
type MembershipStore interface {
	Members(ctx context.Context, a tandem.AccountID, f tandem.UserFilter) (tandem.Page[tandem.Member], error)
	// Membership errors: NotFound, also when the account is suspended.
	Membership(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID) (tandem.Membership, error)
	// AdmitUser gives the user of u's username access, and makes u if there
	// is none. Errors: NotFound (the account).
	AdmitUser(ctx context.Context, a tandem.AccountID, u tandem.User, hash string) (tandem.User, error)
	// BuiltInUser errors: NotFound (the account).
	BuiltInUser(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) (tandem.User, error)
	// ChangeMember errors: NotFound, Conflict (too few administrators).
	ChangeMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, c tandem.MemberChange) error
}

// Memberships implements tandem.Memberships.
type Memberships struct {
	store  MembershipStore
	hasher *password.Hasher
}

var _ tandem.Memberships = (*Memberships)(nil)

// NewMemberships makes the service.
func NewMemberships(store MembershipStore, hasher *password.Hasher) *Memberships {
	return &Memberships{store: store, hasher: hasher}
}

// Usernames implements tandem.Memberships.
func (s *Memberships) Usernames(ctx context.Context, a tandem.AccountID, r tandem.PageRequest) (tandem.Page[string], error) {
	found, err := s.store.Members(ctx, a, tandem.UserFilter{PageRequest: r})
	names := tandem.Page[string]{Total: found.Total}
	for _, m := range found.Rows {
		names.Rows = append(names.Rows, m.Username)
	}
	return names, err
}

// List implements tandem.Memberships.
func (s *Memberships) List(ctx context.Context, a tandem.AccountID, f tandem.UserFilter) (tandem.Page[tandem.Member], error) {
	return s.store.Members(ctx, a, f)
}

// Get implements tandem.Memberships.
func (s *Memberships) Get(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID) (tandem.Membership, error) {
	return s.store.Membership(ctx, p, a, u)
}

// Add implements tandem.Memberships. A known user's password is changed by
// Users.SetPassword alone.
func (s *Memberships) Add(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, password tandem.Secret) (tandem.User, error) {
	username, err := checkUsername(username)
	if err != nil {
		return tandem.User{}, err
	}
	hash, err := hashOf(ctx, s.hasher, password)
	if err != nil {
		return tandem.User{}, err
	}
	return s.admit(ctx, a, newUser(p, username), hash)
}

// Admit implements tandem.Memberships.
func (s *Memberships) Admit(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) (tandem.User, error) {
	username, err := checkUsername(username)
	if err != nil {
		return tandem.User{}, err
	}
	return s.admit(ctx, a, newAPIUser(p, username), "")
}

// newAPIUser is a user with no address: nobody has shown that they read it.
func newAPIUser(p tandem.PartnerID, username string) tandem.User {
	u := newUser(p, username)
	u.APIUser, u.Email = true, ""
	return u
}

func (s *Memberships) admit(ctx context.Context, a tandem.AccountID, u tandem.User, hash string) (tandem.User, error) {
	is, err := s.store.AdmitUser(ctx, a, u, hash)
	if err != nil {
		return is, fmt.Errorf("give user %q access to account %d: %w", u.Username, a, err)
	}
	return is, nil
}

// BuiltIn implements tandem.Memberships. Nobody else can have a username with
// white space in it.
func (s *Memberships) BuiltIn(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) (tandem.User, error) {
	return s.store.BuiltInUser(ctx, p, a, fmt.Sprintf("account %d", a))
}

// Change implements tandem.Memberships.
func (s *Memberships) Change(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, c tandem.MemberChange) error {
	username, err := checkUsername(username)
	if err != nil {
		return err
	}
	if err := s.store.ChangeMember(ctx, p, a, username, c); err != nil {
		return fmt.Errorf("change access to account %d: %w", a, err)
	}
	return nil
}
