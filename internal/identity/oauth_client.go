package identity

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// OAuthClientStore keeps the partner's own programs.
type OAuthClientStore interface {
	OAuthClients(ctx context.Context, p tandem.PartnerID) ([]tandem.OAuthClient, error)
	// OAuthClientOf errors: NotFound.
	OAuthClientOf(ctx context.Context, p tandem.PartnerID, id string) (tandem.OAuthClient, error)
	// CreateOAuthClient errors: Invalid (there are tandem.MaxOAuthClients).
	CreateOAuthClient(ctx context.Context, c tandem.OAuthClient) error
	// RenameOAuthClient errors: NotFound.
	RenameOAuthClient(ctx context.Context, p tandem.PartnerID, id, name string) error
	// SetClientSecret errors: NotFound.
	SetClientSecret(ctx context.Context, p tandem.PartnerID, id string, hash []byte) error
	// DeleteOAuthClient errors: NotFound.
	DeleteOAuthClient(ctx context.Context, p tandem.PartnerID, id string) error
	// Tokens errors: Invalid (OrderBy).
	Tokens(ctx context.Context, p tandem.PartnerID, client string, now time.Time, r tandem.PageRequest) (tandem.Page[tandem.LiveToken], error)
	// DeleteToken errors: NotFound.
	DeleteToken(ctx context.Context, p tandem.PartnerID, client, token string) error
}

// OAuthClients implements tandem.OAuthClients.
type OAuthClients struct{ store OAuthClientStore }

var _ tandem.OAuthClients = (*OAuthClients)(nil)

// NewOAuthClients makes the service.
func NewOAuthClients(store OAuthClientStore) *OAuthClients { return &OAuthClients{store: store} }

// List implements tandem.OAuthClients.
func (s *OAuthClients) List(ctx context.Context, p tandem.PartnerID) ([]tandem.OAuthClient, error) {
	all, err := s.store.OAuthClients(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("list OAuth clients of partner %d: %w", p, err)
	}
	return all, nil
}

// Get implements tandem.OAuthClients.
func (s *OAuthClients) Get(ctx context.Context, p tandem.PartnerID, id string) (tandem.OAuthClient, error) {
	c, err := s.store.OAuthClientOf(ctx, p, strings.ToLower(id))
	if err != nil {
		return c, fmt.Errorf("read OAuth client %s: %w", id, err)
	}
	return c, nil
}

// Create implements tandem.OAuthClients.
func (s *OAuthClients) Create(ctx context.Context, p tandem.PartnerID, name string) (tandem.OAuthClient, tandem.Secret, error) {
	name, err := personName(name)
	if err != nil {
		return tandem.OAuthClient{}, "", err
	}
	secret := random()
	c := tandem.OAuthClient{ID: tandem.NewGUID(), Partner: p, Name: name, SecretHash: hash(secret), Created: time.Now().UTC().Truncate(time.Microsecond)}
	if err := s.store.CreateOAuthClient(ctx, c); err != nil {
		return tandem.OAuthClient{}, "", fmt.Errorf("create OAuth client of partner %d: %w", p, err)
	}
	return c, tandem.Secret(secret), nil
}

// Rename implements tandem.OAuthClients.
func (s *OAuthClients) Rename(ctx context.Context, p tandem.PartnerID, id, name string) (tandem.OAuthClient, error) {
	name, err := personName(name)
	if err != nil {
		return tandem.OAuthClient{}, err
	}
	if err := s.store.RenameOAuthClient(ctx, p, strings.ToLower(id), name); err != nil {
		return tandem.OAuthClient{}, fmt.Errorf("rename OAuth client %s: %w", id, err)
	}
	return s.Get(ctx, p, id)
}

// Rotate implements tandem.OAuthClients.
func (s *OAuthClients) Rotate(ctx context.Context, p tandem.PartnerID, id string) (tandem.OAuthClient, tandem.Secret, error) {
	secret := random()
	if err := s.store.SetClientSecret(ctx, p, strings.ToLower(id), hash(secret)); err != nil {
		return tandem.OAuthClient{}, "", fmt.Errorf("rotate secret of OAuth client %s: %w", id, err)
	}
	c, err := s.Get(ctx, p, id)
	return c, tandem.Secret(secret), err
}

// Delete implements tandem.OAuthClients.
func (s *OAuthClients) Delete(ctx context.Context, p tandem.PartnerID, id string) error {
	if err := s.store.DeleteOAuthClient(ctx, p, strings.ToLower(id)); err != nil {
		return fmt.Errorf("delete OAuth client %s: %w", id, err)
	}
	return nil
}

// Tokens implements tandem.OAuthClients.
func (s *OAuthClients) Tokens(ctx context.Context, p tandem.PartnerID, id string, r tandem.PageRequest) (tandem.Page[tandem.LiveToken], error) {
	c, err := s.Get(ctx, p, id)
	if err != nil {
		return tandem.Page[tandem.LiveToken]{}, err
	}
	found, err := s.store.Tokens(ctx, p, c.ID, time.Now(), r)
	if err != nil {
		return found, fmt.Errorf("list tokens of OAuth client %s: %w", id, err)
	}
	return found, nil
}

// Revoke implements tandem.OAuthClients.
func (s *OAuthClients) Revoke(ctx context.Context, p tandem.PartnerID, id, token string) error {
	if err := s.store.DeleteToken(ctx, p, strings.ToLower(id), strings.ToLower(token)); err != nil {
		return fmt.Errorf("revoke a token of OAuth client %s: %w", id, err)
	}
	return nil
}
