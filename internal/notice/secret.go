package notice

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// secretBytes is how long the key of a secret is.
const secretBytes = 32

// Keys is where secrets are kept, and the data keys that seal them.
type Keys interface {
	// PartnerKey gives a partner's wrapped data key, made by key if there is none.
	// Errors: NotFound.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// DataKey gives an account's. Errors: NotFound.
	DataKey(ctx context.Context, a tandem.AccountID) ([]byte, error)
	// NoticeSecret gives a secret, and the one before it if that signs too at now;
	// nil: there is none.
	NoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, now time.Time) (sealed, former []byte, err error)
	// SetNoticeSecret puts one in its place, which signs too until a time; with
	// first, only where there is none.
	SetNoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, sealed []byte, until time.Time, first bool) error
}

// secrets are what notices are signed with.
type secrets struct {
	store Keys
	vault *vault.Vault
}

// of gives those that sign what a receiver is told, the newest first: an account's
// own, or else the partner's, which are made when they are first asked for.
func (s *secrets) of(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, now time.Time) ([]tandem.Secret, error) {
	sealed, former, err := s.store.NoticeSecret(ctx, p, a, now)
	if err != nil {
		return nil, err
	}
	if sealed == nil && a != 0 {
		return s.of(ctx, p, 0, now)
	}
	if sealed == nil {
		if _, err := s.replace(ctx, p, 0, now, true); err != nil {
			return nil, err
		}
		if sealed, former, err = s.store.NoticeSecret(ctx, p, 0, now); err != nil {
			return nil, err
		}
	}
	var all []tandem.Secret
	for _, text := range [][]byte{sealed, former} {
		if text == nil {
			continue
		}
		secret, err := s.open(ctx, p, a, text)
		if err != nil {
			return nil, err
		}
		all = append(all, secret)
	}
	return all, nil
}

// replace makes a secret.
func (s *secrets) replace(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, now time.Time, first bool) (tandem.Secret, error) {
	key := make([]byte, secretBytes)
	_, _ = rand.Read(key) // never fails
	secret := tandem.Secret(secretPrefix + base64.StdEncoding.EncodeToString(key))
	wrapped, at, err := s.place(ctx, p, a)
	if err != nil {
		return "", err
	}
	sealed, err := s.vault.Seal(wrapped, at, secret)
	if err != nil {
		return "", err
	}
	return secret, s.store.SetNoticeSecret(ctx, p, a, sealed, now.Add(tandem.SecretOverlap), first)
}

func (s *secrets) open(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, sealed []byte) (tandem.Secret, error) {
	wrapped, at, err := s.place(ctx, p, a)
	if err != nil {
		return "", err
	}
	return s.vault.Open(wrapped, at, sealed)
}

// place is where a secret is sealed, and the key that seals it.
func (s *secrets) place(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) (wrapped []byte, at vault.Place, err error) {
	if a != 0 {
		wrapped, err = s.store.DataKey(ctx, a)
		return wrapped, vault.Place{Account: a, Record: fmt.Sprintf("notice_secret %d", a), Field: "sealed"}, err
	}
	wrapped, err = s.store.PartnerKey(ctx, p, s.vault.NewPartnerKey)
	return wrapped, vault.Place{Partner: p, Record: "notice_secret", Field: "sealed"}, err
}
