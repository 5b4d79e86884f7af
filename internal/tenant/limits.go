package tenant

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cache"
)

// maxLimits bounds the accounts whose limits are in memory.
const maxLimits = 100_000

// LimitStore reads accounts of any partner.
type LimitStore interface {
	// AnyAccount errors: NotFound.
	AnyAccount(ctx context.Context, id tandem.AccountID) (*tandem.Account, error)
}

// Limits implements tandem.Limits.
type Limits struct {
	store    LimitStore
	settings tandem.Settings
	known    *cache.Cache[tandem.AccountID, tandem.Inherited]
}

var _ tandem.Limits = (*Limits)(nil)

// NewLimits makes the service.
func NewLimits(store LimitStore, settings tandem.Settings) *Limits {
	return &Limits{store: store, settings: settings, known: cache.New[tandem.AccountID, tandem.Inherited](maxLimits, settingsLife)}
}

// Of implements tandem.Limits.
func (l *Limits) Of(ctx context.Context, id tandem.AccountID) (tandem.Inherited, error) {
	in, err := l.known.Load(id, func() (tandem.Inherited, error) {
		a, err := l.store.AnyAccount(ctx, id)
		if err != nil {
			return tandem.Inherited{}, err
		}
		set, err := l.settings.Get(ctx, a.Partner)
		return tandem.Inherit(set.Account, a, tandem.Retention{}), err
	})
	if err != nil {
		return in, fmt.Errorf("limits of account %d: %w", id, err)
	}
	return in, nil
}

// ConcurrentLimit implements tandem.Limits.
func (l *Limits) ConcurrentLimit(ctx context.Context, id tandem.AccountID) (int, error) {
	in, err := l.Of(ctx, id)
	return in.ConcurrentTransactions, err
}
