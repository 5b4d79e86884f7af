package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

var (
	errSignIn    = &tandem.Error{Code: tandem.Unauthenticated, Message: "Email or password is wrong."}
	errSignedOut = &tandem.Error{Code: tandem.Unauthenticated, Message: "You are signed out."}
)

// SignIn implements tandem.Identity.
func (s *Service) SignIn(ctx context.Context, email string, password tandem.Secret, address string) (tandem.ConsoleUser, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if err := s.attempts.take(attempt{email, network(address)}); err != nil {
		return tandem.ConsoleUser{}, err
	}
	if strings.IndexByte(email, 0) >= 0 { // not every database takes it
		return tandem.ConsoleUser{}, errSignIn
	}
	id, hash, err := s.store.PasswordHash(ctx, email)
	if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
		return tandem.ConsoleUser{}, fmt.Errorf("sign in: %w", err)
	}
	// An unknown email has an empty hash, which is compared for as long.
	same, err := s.hasher.Matches(ctx, hash, password)
	if err != nil {
		return tandem.ConsoleUser{}, fmt.Errorf("sign in: %w", err)
	}
	if !same {
		return tandem.ConsoleUser{}, errSignIn
	}
	return s.ConsoleUser(ctx, id)
}

// ConsoleUser implements tandem.Identity.
func (s *Service) ConsoleUser(ctx context.Context, id tandem.ConsoleUserID) (tandem.ConsoleUser, error) {
	u, err := s.store.ConsoleUser(ctx, id)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return tandem.ConsoleUser{}, errSignedOut
	case err != nil:
		return tandem.ConsoleUser{}, fmt.Errorf("read console user %d: %w", id, err)
	}
	return u, nil
}
