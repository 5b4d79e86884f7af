package identity

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// ProfileStore is what people change of themselves.
type ProfileStore interface {
	// ConsoleUser errors: NotFound.
	ConsoleUser(ctx context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error)
	// ConsoleUserByEmail gives the hash of the password, too. Errors: NotFound.
	ConsoleUserByEmail(ctx context.Context, p tandem.PartnerID, email string) (tandem.ConsoleUser, string, error)
	// SetConsolePassword ends sessions but one, links and known browsers.
	SetConsolePassword(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, hash string, but tandem.SessionID) error
	// RenameConsoleUser errors: NotFound.
	RenameConsoleUser(ctx context.Context, p tandem.PartnerID, id tandem.ConsoleUserID, name string) error
}

// Profile implements tandem.Profile.
type Profile struct {
	store    ProfileStore
	hasher   *password.Hasher
	factors  *Factors
	settings tandem.Settings
	post     *post
	attempts *limiter
}

var _ tandem.Profile = (*Profile)(nil)

// NewProfile makes the service.
func NewProfile(store ProfileStore, hasher *password.Hasher, factors *Factors, settings tandem.Settings, mail tandem.Mail) *Profile {
	return &Profile{store: store, hasher: hasher, factors: factors, settings: settings, post: &post{mail: mail}, attempts: newLimiter(passwordPace)}
}

var errWrongCode = tandem.Invalidf("Code", "Code is wrong, or was used before")

// Rename implements tandem.Profile.
func (s *Profile) Rename(ctx context.Context, who tandem.Principal, name string) error {
	name, err := personName(name)
	if err != nil {
		return err
	}
	if err := s.store.RenameConsoleUser(ctx, who.Partner, who.ConsoleUser, name); err != nil {
		return fmt.Errorf("rename console user %d: %w", who.ConsoleUser, err)
	}
	return nil
}

// verify checks the present password of who: somebody else may be at their desk.
// Errors: Invalid, RateLimited.
func (s *Profile) verify(ctx context.Context, who tandem.Principal, present tandem.Secret) (tandem.ConsoleUser, error) {
	u, err := s.store.ConsoleUser(ctx, who.ConsoleUser)
	if err != nil {
		return u, fmt.Errorf("read console user %d: %w", who.ConsoleUser, err)
	}
	if err := s.attempts.take(attempt{email: u.Email}); err != nil {
		return u, err
	}
	_, hash, err := s.store.ConsoleUserByEmail(ctx, u.Partner, u.Email)
	if err != nil {
		return u, fmt.Errorf("read console user %d: %w", u.ID, err)
	}
	same, err := s.hasher.Matches(ctx, hash, present)
	if err != nil {
		return u, fmt.Errorf("check password: %w", err)
	}
	if !same {
		return u, tandem.Invalidf("CurrentPassword", "CurrentPassword is wrong")
	}
	return u, nil
}

// SetPassword implements tandem.Profile.
func (s *Profile) SetPassword(ctx context.Context, who tandem.Principal, present, password tandem.Secret) error {
	u, err := s.verify(ctx, who, present)
	if err != nil {
		return err
	}
	chosen, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	if err := s.store.SetConsolePassword(ctx, u.Partner, u.ID, chosen, who.Session); err != nil {
		return fmt.Errorf("set password of console user %d: %w", u.ID, err)
	}
	return s.post.changed(ctx, u, "Your password was changed")
}

// Enrol implements tandem.Profile.
func (s *Profile) Enrol(ctx context.Context, who tandem.Principal, present tandem.Secret) (tandem.Enrolment, error) {
	u, err := s.verify(ctx, who, present)
	if err != nil {
		return tandem.Enrolment{}, err
	}
	return s.factors.enrol(ctx, u)
}

// Confirm implements tandem.Profile.
func (s *Profile) Confirm(ctx context.Context, who tandem.Principal, code string) ([]string, error) {
	u, err := s.store.ConsoleUser(ctx, who.ConsoleUser)
	if err != nil {
		return nil, fmt.Errorf("read console user %d: %w", who.ConsoleUser, err)
	}
	codes, err := s.factors.confirm(ctx, u, code)
	if err != nil {
		return nil, err
	}
	if codes == nil {
		return nil, errWrongCode
	}
	return codes, s.post.changed(ctx, u, "Two-factor sign-in was set up")
}

// verifyBoth checks password and code.
func (s *Profile) verifyBoth(ctx context.Context, who tandem.Principal, present tandem.Secret, code string) (tandem.ConsoleUser, error) {
	u, err := s.verify(ctx, who, present)
	if err != nil {
		return u, err
	}
	ok, err := s.factors.check(ctx, u, code)
	if err == nil && !ok {
		err = errWrongCode
	}
	if err != nil {
		return u, err
	}
	return u, s.post.taken(ctx, u, code)
}

// Recover implements tandem.Profile.
func (s *Profile) Recover(ctx context.Context, who tandem.Principal, present tandem.Secret, code string) ([]string, error) {
	u, err := s.verifyBoth(ctx, who, present, code)
	if err != nil {
		return nil, err
	}
	codes, err := s.factors.recover(ctx, u)
	if err != nil {
		return nil, err
	}
	return codes, s.post.changed(ctx, u, "New recovery codes were made, and those before work no more")
}

// Disable implements tandem.Profile.
func (s *Profile) Disable(ctx context.Context, who tandem.Principal, present tandem.Secret, code string) error {
	set, err := s.settings.Get(ctx, who.Partner)
	if err != nil {
		return err
	}
	if set.Security.RequireTwoFactor {
		return forbidden("Two-factor sign-in is required.")
	}
	u, err := s.verifyBoth(ctx, who, present, code)
	if err != nil {
		return err
	}
	if err := s.factors.store.DeleteFactor(ctx, u.ID); err != nil {
		return fmt.Errorf("delete second factor of console user %d: %w", u.ID, err)
	}
	return s.post.changed(ctx, u, "Two-factor sign-in was switched off")
}
