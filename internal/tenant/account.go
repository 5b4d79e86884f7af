package tenant

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// AccountStore keeps accounts.
type AccountStore interface {
	// CreateAccount sets a.ID. Errors: NotFound (the parent), Conflict (the
	// API ID is in use), Invalid (the tree would be too deep).
	CreateAccount(ctx context.Context, a *tandem.Account, key func(tandem.AccountID) ([]byte, error)) error
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	// AccountByID errors: NotFound.
	AccountByID(ctx context.Context, p tandem.PartnerID, id tandem.AccountID) (*tandem.Account, error)
	// ListAccounts lists all, or those right below parent. Errors: Invalid.
	ListAccounts(ctx context.Context, p tandem.PartnerID, parent tandem.AccountID, f tandem.AccountFilter) (tandem.Page[tandem.Account], error)
	// UpdateAccount moves an account whose ParentID is changed. Errors:
	// NotFound (the parent, too), Invalid, Conflict, and change's.
	UpdateAccount(ctx context.Context, p tandem.PartnerID, apiID string, change func(*tandem.Account) error) (*tandem.Account, error)
	// DeleteAccount errors: NotFound, Conflict (it has sub-accounts),
	// Unavailable (one of its cycles is not paused).
	DeleteAccount(ctx context.Context, p tandem.PartnerID, id tandem.AccountID, at time.Time) error
	// RestoreAccount errors: NotFound, Invalid, Conflict.
	RestoreAccount(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	// Subtree lists an account and those below it, the lowest first.
	Subtree(ctx context.Context, id tandem.AccountID) ([]tandem.AccountID, error)
}

// Keys makes data keys.
type Keys interface {
	// NewDataKey gives a new key for an account, wrapped by the master key.
	NewDataKey(id tandem.AccountID) (wrapped []byte, err error)
}

// Halter stops cycles.
type Halter interface {
	// Halt stops all cycles of an account.
	Halt(ctx context.Context, id tandem.AccountID) error
	// Suspend holds what is pending in an account that was just suspended.
	Suspend(ctx context.Context, id tandem.AccountID) error
	// Resume lets go on what was held by Suspend.
	Resume(ctx context.Context, id tandem.AccountID) error
}

// Accounts implements tandem.Accounts and tandem.AccountStates.
type Accounts struct {
	store    AccountStore
	settings tandem.Settings
	keys     Keys
	cycles   Halter
}

var (
	_ tandem.Accounts      = (*Accounts)(nil)
	_ tandem.AccountStates = (*Accounts)(nil)
)

// NewAccounts makes the service.
func NewAccounts(store AccountStore, settings tandem.Settings, keys Keys, cycles Halter) *Accounts {
	return &Accounts{store: store, settings: settings, keys: keys, cycles: cycles}
}

// Create implements tandem.Accounts.
func (s *Accounts) Create(ctx context.Context, p tandem.PartnerID, u tandem.AccountUpdate) (*tandem.Account, error) {
	a := &tandem.Account{Partner: p, APIID: u.APIID, Timezone: "UTC", Enabled: true, CreatedDate: time.Now().UTC().Truncate(time.Microsecond)}
	if a.APIID == "" {
		a.APIID = tandem.NewGUID()
	}
	if err := cmp.Or(checkAPIID(a.APIID), apply(a, u)); err != nil {
		return nil, err
	}
	if err := s.place(ctx, a, u.ParentAccountID.Value); err != nil {
		return nil, err
	}
	switch err := s.store.CreateAccount(ctx, a, s.keys.NewDataKey); tandem.ErrorCode(err) {
	case "":
		return a, nil
	case tandem.Conflict:
		return nil, &tandem.Error{Code: tandem.Invalid, Field: "Id", Message: "ID already in use", Err: err}
	case tandem.NotFound:
		return nil, noParent(u.ParentAccountID.Value)
	default:
		return nil, fmt.Errorf("create account %q: %w", a.APIID, err)
	}
}

// place puts a below the account with the API ID parent, if there is one.
func (s *Accounts) place(ctx context.Context, a *tandem.Account, parent string) error {
	if parent == "" {
		return nil
	}
	above, err := s.store.Account(ctx, a.Partner, parent)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return noParent(parent)
	case err != nil:
		return fmt.Errorf("read parent account %q: %w", parent, err)
	}
	a.ParentID, a.ParentAccountID = above.ID, &above.APIID
	return nil
}

func noParent(apiID string) error {
	return tandem.Invalidf("ParentAccountId", "ParentAccountId: there is no account with the ID %q", apiID)
}

// Get implements tandem.Accounts.
func (s *Accounts) Get(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error) {
	return billed(s.store.Account(ctx, p, apiID))
}

// ByID implements tandem.Accounts.
func (s *Accounts) ByID(ctx context.Context, p tandem.PartnerID, id tandem.AccountID) (*tandem.Account, error) {
	return billed(s.store.AccountByID(ctx, p, id))
}

// List implements tandem.Accounts.
func (s *Accounts) List(ctx context.Context, p tandem.PartnerID, f tandem.AccountFilter) (tandem.Page[tandem.Account], error) {
	var parent tandem.AccountID
	if f.Parent != "" {
		a, err := s.store.Account(ctx, p, f.Parent)
		if err != nil {
			return tandem.Page[tandem.Account]{}, err
		}
		parent = a.ID
	}
	page, err := s.store.ListAccounts(ctx, p, parent, f)
	for i := range page.Rows {
		_, err = billed(&page.Rows[i], err)
	}
	return page, err
}

// Update implements tandem.Accounts.
func (s *Accounts) Update(ctx context.Context, p tandem.PartnerID, apiID string, u tandem.AccountUpdate) (*tandem.Account, error) {
	to := &tandem.Account{Partner: p}
	if err := s.place(ctx, to, u.ParentAccountID.Value); err != nil {
		return nil, err
	}
	a, err := s.store.UpdateAccount(ctx, p, apiID, func(a *tandem.Account) error {
		if u.APIID != "" && !slices.Contains(tandem.SpellAPIID(u.APIID), a.APIID) {
			return tandem.Invalidf("Id", "Id cannot be changed")
		}
		if u.ParentAccountID.Set {
			a.ParentID, a.ParentAccountID = to.ParentID, to.ParentAccountID
		}
		return apply(a, keepBilling(a, u))
	})
	if err != nil {
		return nil, fmt.Errorf("update account %q: %w", apiID, err)
	}
	if !u.NextBillDateUTC.Set {
		return billed(a, nil)
	}
	return a, nil
}

// UpdateOwn implements tandem.Accounts.
func (s *Accounts) UpdateOwn(ctx context.Context, p tandem.PartnerID, id tandem.AccountID, u tandem.AccountUpdate) (*tandem.Account, error) {
	set, err := s.settings.Get(ctx, p)
	if err != nil {
		return nil, err
	}
	a, err := s.store.AccountByID(ctx, p, id)
	if err != nil {
		return nil, err
	}
	most := tandem.Inherit(set.Account, &tandem.Account{}, tandem.Retention{})
	return s.Update(ctx, p, a.APIID, tandem.AccountUpdate{
		Description: u.Description, Timezone: u.Timezone,
		StepDataSuccessRetentionHours: atMost(u.StepDataSuccessRetentionHours, most.SuccessHours),
		StepDataErroredRetentionHours: atMost(u.StepDataErroredRetentionHours, most.ErroredHours),
	})
}

// atMost holds a value above most at it.
func atMost(o tandem.Optional[int], most int) tandem.Optional[int] {
	o.Value = min(o.Value, most)
	return o
}

const maxAPIID = 100

// checkAPIID sees to it that an id can stand in the path of a URL.
func checkAPIID(id string) error {
	unfit := func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd || strings.ContainsRune(`/\?#%`, r) }
	switch {
	case len(id) > maxAPIID:
		return tandem.Invalidf("Id", "Id: at most %d bytes", maxAPIID)
	case id != strings.TrimSpace(id), id == ".", id == "..", strings.ContainsFunc(id, unfit):
		return tandem.Invalidf("Id", `Id: %q cannot be part of a URL: leave out / \ ? # %% and white space around it`, id)
	}
	return nil
}
