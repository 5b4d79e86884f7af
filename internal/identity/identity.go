package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// Store is what identity keeps.
type Store interface {
	CreatePartner(ctx context.Context, name string, u tandem.ConsoleUser, passwordHash string, c tandem.OAuthClient) (tandem.PartnerID, error)
	// OAuthClient errors: NotFound.
	OAuthClient(ctx context.Context, id string) (tandem.OAuthClient, error)
	// SaveToken errors: NotFound (the account, or it is disabled).
	// SaveToken errors: NotFound (the account), Unauthenticated (the client has
	// another secret by now).
	SaveToken(ctx context.Context, hash []byte, c tandem.OAuthClient, a tandem.AccountID, issued, expires time.Time) error
	// Token errors: NotFound, also when it is not good any more.
	Token(ctx context.Context, hash []byte, now time.Time) (tandem.Principal, error)
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
}

// Service implements tandem.Identity.
type Service struct {
	store  Store
	hasher *password.Hasher
	gate   *Gate
}

var _ tandem.Identity = (*Service)(nil)

// New makes the service.
func New(store Store, hasher *password.Hasher, gate *Gate) *Service {
	return &Service{store: store, hasher: hasher, gate: gate}
}

// random is a secret of 256 bits.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Setup implements tandem.Identity.
func (s *Service) Setup(ctx context.Context, name, email string) (tandem.NewPartner, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return tandem.NewPartner{}, tandem.Invalidf("Name", "Name is required")
	}
	email, err := tandem.ParseEmail("Email", email)
	if err != nil {
		return tandem.NewPartner{}, err
	}
	made := tandem.NewPartner{ClientID: tandem.NewGUID(), ClientSecret: random(), Email: email, Password: rand.Text()}
	passwordHash, err := s.hasher.Hash(ctx, tandem.Secret(made.Password))
	if err != nil {
		return tandem.NewPartner{}, fmt.Errorf("set up partner: %w", err)
	}
	made.PartnerID, err = s.store.CreatePartner(ctx, name, tandem.ConsoleUser{Email: email, Name: email, FullAccess: true}, passwordHash,
		tandem.OAuthClient{ID: made.ClientID, Name: "First client", SecretHash: hash(made.ClientSecret), Created: time.Now()})
	if err != nil {
		return tandem.NewPartner{}, fmt.Errorf("set up partner: %w", err)
	}
	return made, nil
}
