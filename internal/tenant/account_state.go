package tenant

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Suspend implements tandem.AccountStates. Once the account says that it is
// suspended, all the rest follows, at the latest from the look that cycles have
// at what was left behind.
func (s *Accounts) Suspend(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	return s.enable(ctx, p, apiID, false, s.cycles.Suspend)
}

// Resume implements tandem.AccountStates.
func (s *Accounts) Resume(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	return s.enable(ctx, p, apiID, true, s.cycles.Resume)
}

// enable says whether an account is in service, and then has cycles follow. They
// do so again if it was said before: the first time may have been cut off.
func (s *Accounts) enable(ctx context.Context, p tandem.PartnerID, apiID string, on bool, follow func(context.Context, tandem.AccountID) error) (*tandem.Account, error) {
	a, err := s.store.UpdateAccount(ctx, p, apiID, func(a *tandem.Account) error {
		a.Enabled = on
		return nil
	})
	if err == nil {
		err = follow(context.WithoutCancel(ctx), a.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("set account %q enabled to %t: %w", apiID, on, err)
	}
	return a, nil
}

// Delete implements tandem.Accounts.
func (s *Accounts) Delete(ctx context.Context, p tandem.PartnerID, apiID string) error {
	return s.deleteAll(ctx, p, apiID, 1)
}

// DeleteAll implements tandem.AccountStates.
func (s *Accounts) DeleteAll(ctx context.Context, p tandem.PartnerID, apiID string) error {
	return s.deleteAll(ctx, p, apiID, math.MaxInt)
}

// deleteAll deletes an account with those below it, unless that makes more than
// most.
func (s *Accounts) deleteAll(ctx context.Context, p tandem.PartnerID, apiID string, most int) error {
	a, err := s.store.Account(ctx, p, apiID)
	if err != nil {
		return err
	}
	all, err := s.store.Subtree(ctx, a.ID)
	switch {
	case err != nil:
		return fmt.Errorf("delete account %q: %w", apiID, err)
	case len(all) > most:
		return tandem.Conflictf("The account has sub-accounts. Delete them first.")
	}
	for _, id := range all {
		if err := s.remove(ctx, p, id); err != nil {
			return fmt.Errorf("delete account %q: %w", apiID, err)
		}
	}
	return nil
}

// removals is how often an account is stopped whose cycles are started
// meanwhile.
const removals = 3

// remove stops one account, and puts it into the bin.
func (s *Accounts) remove(ctx context.Context, p tandem.PartnerID, id tandem.AccountID) (err error) {
	for range removals {
		if err := s.cycles.Halt(ctx, id); err != nil {
			return err
		}
		if err = s.store.DeleteAccount(ctx, p, id, time.Now()); tandem.ErrorCode(err) != tandem.Unavailable {
			return err
		}
	}
	return err
}

// Restore implements tandem.AccountStates.
func (s *Accounts) Restore(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	a, err := s.store.RestoreAccount(ctx, p, apiID)
	if err != nil {
		return nil, fmt.Errorf("restore account %q: %w", apiID, err)
	}
	return a, nil
}
