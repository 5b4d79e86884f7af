package tenant

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// AccessStore is what the sign-in of users needs.
type AccessStore interface {
	// UserByName finds a user by username, or else a person by email, with
	// the hash of the password. Errors: NotFound.
	UserByName(ctx context.Context, p tandem.PartnerID, name string) (tandem.User, string, error)
	// UserByEmail is the person that has an address. Errors: NotFound.
	UserByEmail(ctx context.Context, p tandem.PartnerID, email string) (tandem.User, string, error)
	// UserWithPassword errors: NotFound.
	UserWithPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID) (tandem.User, string, error)
	// UserSignedIn errors: NotFound.
	UserSignedIn(ctx context.Context, p tandem.PartnerID, id tandem.UserID, at time.Time) error
	// SetUserPassword ends sessions but one, and links. Errors: NotFound.
	SetUserPassword(ctx context.Context, p tandem.PartnerID, id tandem.UserID, hash string, but tandem.SessionID) error
	// ClaimReset gives true to one of many, unless somebody had it since.
	ClaimReset(ctx context.Context, p tandem.PartnerID, id tandem.UserID, at, since time.Time) (bool, error)
	// AdmitUser errors: NotFound (the account).
	AdmitUser(ctx context.Context, a tandem.AccountID, u tandem.User, hash string) (tandem.User, error)
}

// SubjectStore is whom the partner's provider means.
type SubjectStore interface {
	// SignOnPerson errors: NotFound.
	SignOnPerson(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn) (int64, error)
	// KnowSubject errors: Conflict (the issuer means another).
	KnowSubject(ctx context.Context, kind tandem.SignOnKind, who tandem.SignedOn, person int64) error
}

// Access implements tandem.UserAccess.
type Access struct {
	guard

	log      *slog.Logger
	store    AccessStore
	subjects SubjectStore
	post     *Post
}

var _ tandem.UserAccess = (*Access)(nil)

// NewAccess makes the service.
func NewAccess(log *slog.Logger, store AccessStore, subjects SubjectStore, hasher *password.Hasher, attempts Attempts, post *Post) *Access {
	return &Access{guard: guard{hasher, attempts}, log: log, store: store, subjects: subjects, post: post}
}

// SignIn implements tandem.UserAccess.
func (s *Access) SignIn(ctx context.Context, p tandem.PartnerID, username string, password tandem.Secret, address string) (tandem.User, error) {
	name := asKept(username)
	if err := s.take(p, name, address); err != nil {
		return tandem.User{}, err
	}
	u, hash, err := s.find(ctx, p, name)
	if err != nil {
		return tandem.User{}, fmt.Errorf("sign in: %w", err)
	}
	if u.APIUser {
		hash = "" // compared for as long
	}
	if err := s.check(ctx, p, name, address, hash, password); err != nil {
		return tandem.User{}, err
	}
	return u, s.SignedIn(ctx, p, u.ID)
}

// SignOn implements tandem.UserAccess. Who has come before is known by the
// subject. The first time, who has an address may say so; a username that looks
// like it says nothing.
func (s *Access) SignOn(ctx context.Context, who tandem.SignedOn) (tandem.User, error) {
	u, err := s.signedOn(ctx, who)
	if err != nil {
		return u, err
	}
	return u, s.SignedIn(ctx, who.Partner, u.ID)
}

func (s *Access) signedOn(ctx context.Context, who tandem.SignedOn) (u tandem.User, err error) {
	id, err := s.subjects.SignOnPerson(ctx, tandem.AccountSignOn, who)
	switch {
	case err == nil:
		u, _, err = s.store.UserWithPassword(ctx, who.Partner, tandem.UserID(id))
		return u, err
	case tandem.ErrorCode(err) != tandem.NotFound:
		return u, fmt.Errorf("sign on: %w", err)
	}
	u, _, err = s.store.UserByEmail(ctx, who.Partner, who.Email)
	if err == nil {
		err = s.subjects.KnowSubject(ctx, tandem.AccountSignOn, who, int64(u.ID))
	}
	switch code := tandem.ErrorCode(err); {
	case code == tandem.NotFound, code == tandem.Conflict: // the address is somebody else's by now
		return u, &tandem.Error{Code: tandem.Forbidden, Err: err, Message: fmt.Sprintf("Nobody with the address %s is known here. Ask those who manage your account to invite you.", who.Email)}
	case err != nil:
		return u, fmt.Errorf("sign on: %w", err)
	}
	return u, nil
}

// asKept is a username as sign-ins are counted by.
func asKept(name string) string {
	if strings.IndexByte(name, 0) >= 0 { // not every database takes it
		return ""
	}
	return tandem.Fold(strings.TrimSpace(name))
}

// find is UserByName. Of who is not there all is empty.
func (s *Access) find(ctx context.Context, p tandem.PartnerID, name string) (tandem.User, string, error) {
	u, hash, err := s.store.UserByName(ctx, p, name)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.User{}, "", nil
	}
	return u, hash, err
}

// Enter implements tandem.UserAccess. Of two who make the same user at once, the
// second has to know the first one's password.
func (s *Access) Enter(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, password tandem.Secret, address string) (tandem.User, error) {
	name, err := checkUsername(username)
	if err != nil {
		return tandem.User{}, err
	}
	counted := asKept(name)
	if err := s.take(p, counted, address); err != nil {
		return tandem.User{}, err
	}
	u, hash, err := s.find(ctx, p, name)
	if err == nil && u.ID == 0 {
		u, hash, err = s.make(ctx, a, newAPIUser(p, name), password)
	}
	if err != nil {
		return tandem.User{}, fmt.Errorf("enter account %d: %w", a, err)
	}
	if err := s.check(ctx, p, counted, address, hash, password); err != nil {
		return tandem.User{}, err
	}
	admitted, err := s.store.AdmitUser(ctx, a, u, hash)
	admitted.Passwords = u.Passwords // as they were when this one was compared
	return admitted, err
}

// MayEnter implements tandem.UserAccess.
func (s *Access) MayEnter(ctx context.Context, p tandem.PartnerID, username string, password tandem.Secret, address string) error {
	name, err := checkUsername(username)
	if err != nil {
		return err
	}
	if err := s.take(p, name, address); err != nil {
		return err
	}
	u, hash, err := s.find(ctx, p, name)
	switch {
	case err != nil:
		return fmt.Errorf("look who may enter: %w", err)
	case u.ID == 0: // would be made
		s.attempts.Give(guarded(p, name), address)
		_, err = s.hasher.Hash(ctx, password)
		return err
	}
	return s.check(ctx, p, name, address, hash, password)
}

// make makes a user with access to an account.
func (s *Access) make(ctx context.Context, a tandem.AccountID, u tandem.User, password tandem.Secret) (tandem.User, string, error) {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return u, "", err
	}
	if u, err = s.store.AdmitUser(ctx, a, u, hash); err != nil {
		return u, "", err
	}
	return s.store.UserWithPassword(ctx, u.Partner, u.ID)
}

// SignedIn implements tandem.UserAccess.
func (s *Access) SignedIn(ctx context.Context, p tandem.PartnerID, u tandem.UserID) error {
	return s.store.UserSignedIn(ctx, p, u, time.Now())
}
