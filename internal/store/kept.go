package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Kept is for how long the records of a cycle's transactions are kept at most once
// they have ended. Errors: NotFound.
func (s *Store) Kept(ctx context.Context, a tandem.AccountID, c tandem.CycleID) (time.Duration, error) {
	account, err := row(ctx, s.read(), "Account", scanAccount, `SELECT `+accountColumns+` FROM `+accountTables+` WHERE a.id = $1`, a)
	if err != nil {
		return 0, fmt.Errorf("retention of cycle %s: %w", c, err)
	}
	set, err := row(ctx, s.read(), partnerName, scanSettings, `SELECT settings FROM partner WHERE id = $1`, account.Partner)
	if err != nil {
		return 0, fmt.Errorf("retention of cycle %s: %w", c, err)
	}
	own, err := row(ctx, s.read(), cycleName(c), func(r scanner) (own tandem.Retention, err error) {
		return own, r.Scan(&own.Success, &own.Errored)
	}, `SELECT retain_success_hours, retain_errored_hours FROM cycle WHERE account = $1 AND id = $2`, a, c)
	if err != nil {
		return 0, fmt.Errorf("retention of cycle %s: %w", c, err)
	}
	in := tandem.Inherit(set.Account, account, own)
	return hours(max(in.SuccessHours, in.ErroredHours)), nil
}
