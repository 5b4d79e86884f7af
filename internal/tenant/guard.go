package tenant

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// Attempts limits how often somebody at an address tries what a name guards.
type Attempts interface {
	// Take uses one try. Errors: RateLimited.
	Take(name, address string) error
	// Give gives back one that Take took.
	Give(name, address string)
}

// guard compares passwords, so many wrong ones at a time.
type guard struct {
	hasher   *password.Hasher
	attempts Attempts
}

var errSignIn = &tandem.Error{Code: tandem.Unauthenticated, Message: "Username or password is wrong."}

// guarded is what tries at a partner's user count for.
func guarded(p tandem.PartnerID, name string) string { return fmt.Sprintf("%d/%s", p, name) }

// take uses one try at a user's password, before it is compared: of many at once
// no more are compared than there are tries. Errors: RateLimited.
func (g guard) take(p tandem.PartnerID, name, address string) error {
	return g.attempts.Take(guarded(p, name), address)
}

// check is compare, after take; it gives the try back to who knows the password,
// which a program may send as often as it likes.
func (g guard) check(ctx context.Context, p tandem.PartnerID, name, address, hash string, password tandem.Secret) error {
	if err := g.compare(ctx, hash, password); err != nil {
		return err
	}
	g.attempts.Give(guarded(p, name), address)
	return nil
}

// compare errors: Unauthenticated.
func (g guard) compare(ctx context.Context, hash string, password tandem.Secret) error {
	same, err := g.hasher.Matches(ctx, hash, password)
	switch {
	case err != nil:
		return fmt.Errorf("compare passwords: %w", err)
	case !same:
		return errSignIn
	}
	return nil
}
