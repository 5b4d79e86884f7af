package notice

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// Log is where what became of notices is read, and secrets are kept.
type Log interface {
	Keys
	Notices(ctx context.Context, p tandem.PartnerID, f tandem.NoticeFilter) (tandem.Page[tandem.Notice], error)
	Receivers(ctx context.Context, p tandem.PartnerID, r tandem.PageRequest) (tandem.Page[tandem.Receiver], error)
	// DeleteNoticeSecret takes an account's own away, if it has one.
	DeleteNoticeSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) error
}

// Notices implements tandem.Notices.
type Notices struct {
	log     Log
	secrets secrets
}

var _ tandem.Notices = (*Notices)(nil)

// New makes the service.
func New(l Log, v *vault.Vault) *Notices { return &Notices{log: l, secrets: secrets{l, v}} }

// List implements tandem.Notices.
func (s *Notices) List(ctx context.Context, p tandem.PartnerID, f tandem.NoticeFilter) (tandem.Page[tandem.Notice], error) {
	return s.log.Notices(ctx, p, f)
}

// Receivers implements tandem.Notices.
func (s *Notices) Receivers(ctx context.Context, p tandem.PartnerID, r tandem.PageRequest) (tandem.Page[tandem.Receiver], error) {
	return s.log.Receivers(ctx, p, r)
}

// RotateSecret implements tandem.Notices.
func (s *Notices) RotateSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) (tandem.Secret, error) {
	secret, err := s.secrets.replace(ctx, p, a, time.Now(), false)
	if err != nil {
		return "", fmt.Errorf("rotate the secret of account %d of partner %d: %w", a, p, err)
	}
	return secret, nil
}

// DropSecret implements tandem.Notices.
func (s *Notices) DropSecret(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) error {
	return s.log.DeleteNoticeSecret(ctx, p, a)
}
