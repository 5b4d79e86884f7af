// Package policy answers one question: may this principal do this?
//
// There are two levels. At partner level a principal acts for its partner; one
// that is restricted to an account may not. At account level it acts in one
// account: its own, or the one that the request names, which must be its
// partner's. A request that names none, when none follows from the principal, is
// refused: there is no account to fall back on, but for what needs none.
//
// Between the two is what a partner shares with its accounts: its library. There a
// principal of the partner reads all, and one that is restricted to an account what
// is for accounts; so a customer's screens need no more than such a token.
//
// What comes out are ids, which the services ask for by type. A handler that was
// given a [Place] cannot act at partner level without saying so.
package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Place is the account that a request acts in, and whose it is.
type Place struct {
	Partner tandem.PartnerID
	Account tandem.AccountID
	User    tandem.UserID // not 0: an account user asks, who sees no more than customers may

	Restricted bool // to the account: what the partner has is seen as a [Reader] sees it
	Suspended  bool // the account is: it can be looked at, and not changed
}

// Reader is who reads what a partner shares with its accounts.
type Reader struct {
	Partner tandem.PartnerID
	Account tandem.AccountID // not 0: only what is for accounts is seen, and of accounts this one
	User    tandem.UserID    // not 0: one of the account's users reads
}

// Directory finds a partner's accounts.
type Directory interface {
	// Get errors: NotFound.
	Get(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
}

// Partner is the partner that a principal acts for at partner level.
//
// Errors: Forbidden (it is restricted to an account, or lacks a permission).
func Partner(p tandem.Principal, need tandem.Need) (tandem.PartnerID, error) {
	if p.Account != 0 {
		return 0, errRestricted
	}
	return p.Partner, need.Check(p)
}

var errRestricted = &tandem.Error{Code: tandem.Forbidden, Message: "This token works for one account only."}

// Shared is how a principal reads what is shared.
//
// Errors: Forbidden (it lacks a permission).
func Shared(p tandem.Principal, need tandem.Need) (Reader, error) {
	return Reader{Partner: p.Partner, Account: p.Account, User: p.User}, need.Check(p)
}

// Restricted says that only what is for accounts is to be seen.
func (r Reader) Restricted() bool { return r.Account != 0 }

// Find finds the account that has an API ID.
//
// Errors: NotFound; Forbidden (any other than the one that r is restricted to,
// whether it is there or not).
func (r Reader) Find(ctx context.Context, accounts Directory, apiID string) (*tandem.Account, error) {
	a, err := accounts.Get(ctx, r.Partner, apiID)
	if r.Restricted() && (tandem.ErrorCode(err) == tandem.NotFound || err == nil && a.ID != r.Account) {
		return nil, errRestricted
	}
	return a, err
}

// Account is the place that a principal acts in, given the API IDs that the
// request names it by. It has no account if the need is for none, and none is named.
//
// Errors: Unauthenticated (none named, unknown, or more than one), Forbidden
// (named another than the one that the principal is restricted to, or lacks a
// permission), Conflict (a change in an account that is suspended).
func Account(ctx context.Context, accounts Directory, p tandem.Principal, need tandem.Need, named []string) (Place, error) {
	apiID, err := single(named)
	if err != nil {
		return Place{}, err
	}
	if err := need.Check(p); err != nil {
		return Place{}, err
	}
	if apiID == "" {
		if p.Account == 0 && !need.Accountless {
			return Place{}, unauthenticated("X-Cyclr-Account header is missing.")
		}
		return Place{Partner: p.Partner, Account: p.Account, User: p.User, Restricted: p.Account != 0}, nil
	}
	a, err := accounts.Get(ctx, p.Partner, apiID)
	switch {
	case err != nil && tandem.ErrorCode(err) != tandem.NotFound:
		return Place{}, fmt.Errorf("read account: %w", err)
	case p.Account != 0 && (err != nil || a.ID != p.Account):
		return Place{}, &tandem.Error{Code: tandem.Forbidden, Message: "This token works for another account."}
	case err != nil:
		return Place{}, unauthenticated("X-Cyclr-Account header: there is no such account.")
	case !a.Enabled && need.Level > tandem.ViewLevel:
		return Place{}, tandem.Conflictf("The account is suspended.")
	}
	return Place{Partner: p.Partner, Account: a.ID, User: p.User, Restricted: p.Account != 0, Suspended: !a.Enabled}, nil
}

// single is the one account named; "" if none is.
func single(named []string) (string, error) {
	var ids []string
	for _, id := range named {
		if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	}
	return "", unauthenticated("X-Cyclr-Account header names more than one account.")
}

func unauthenticated(message string) error {
	return &tandem.Error{Code: tandem.Unauthenticated, Message: message}
}
