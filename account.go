package tandem

import (
	"context"
	"strings"
	"time"
)

// MaxRetentionHours is the longest that step data is kept, and the default.
const MaxRetentionHours = 744

// AccountBinDays is for how many days a deleted account can be restored.
const AccountBinDays = 30

// AccountBinTime is the same, to the moment.
const AccountBinTime = AccountBinDays * 24 * time.Hour

// MaxAccountDepth is how many levels the tree of accounts may have.
const MaxAccountDepth = 5

// Account is one customer's environment, isolated from every other.
type Account struct {
	ID       AccountID `json:"-"`
	Partner  PartnerID `json:"-"`
	ParentID AccountID `json:"-"` // 0: none

	CreatedDate     time.Time // UTC
	APIID           string    `json:"Id"`
	Name            string
	Description     *string
	ParentAccountID *string `json:"ParentAccountId"` // the parent's API ID
	AuditInfo       *string
	TaskAuditInfo   *string
	Timezone        string     // IANA
	NextBillDateUTC *time.Time `json:"NextBillDateUtc"`

	// Hours to keep step data; nil inherits, 0 keeps nothing.
	StepDataSuccessRetentionHours *int
	StepDataErroredRetentionHours *int

	TransactionErrorWebhookEnabled         bool
	TransactionErrorWebhookURL             *string `json:"TransactionErrorWebhookUrl"`
	TransactionErrorWebhookIncludeWarnings bool

	ConcurrentTransactionLimit *int // transactions at work at once; nil inherits, 0 is no limit

	Enabled     bool       // false: suspended
	StepLimit   *int       // steps in all running cycles together; nil inherits, 0 is no limit
	DeletedDate *time.Time `json:",omitempty"` // UTC; of what is in the recycle bin
}

// SpellAPIID gives the spellings by which an account is looked for, the given one
// first: GUIDs are written in lower and in upper case.
func SpellAPIID(apiID string) []string {
	all := []string{apiID}
	if lower, err := ParseGUID("Id", apiID); err == nil {
		for _, other := range []string{lower, strings.ToUpper(lower)} {
			if other != apiID {
				all = append(all, other)
			}
		}
	}
	return all
}

// AccountUpdate changes an account, or makes one. What is not set stays.
type AccountUpdate struct {
	APIID                                  string // on create: "" makes a GUID; later: "" or as it is
	ParentAccountID                        Optional[string]
	Name                                   Optional[string]
	Description                            Optional[string]
	Timezone                               Optional[string]
	AuditInfo                              Optional[string]
	TaskAuditInfo                          Optional[string]
	NextBillDateUTC                        Optional[time.Time]
	StepDataSuccessRetentionHours          Optional[int]
	StepDataErroredRetentionHours          Optional[int]
	TransactionErrorWebhookEnabled         Optional[bool]
	TransactionErrorWebhookURL             Optional[string]
	TransactionErrorWebhookIncludeWarnings Optional[bool]
	ConcurrentTransactionLimit             Optional[int]
	StepLimit                              Optional[int]
}

// AccountDefaults are the settings of accounts that have none of their own.
type AccountDefaults struct {
	StepDataSuccessRetentionHours *int // nil: MaxRetentionHours
	StepDataErroredRetentionHours *int
	ConcurrentTransactionLimit    *int // nil or 0: no limit
	StepLimit                     *int // nil or 0: no limit

	TransactionErrorWebhookEnabled         bool
	TransactionErrorWebhookURL             *string `json:"TransactionErrorWebhookUrl"`
	TransactionErrorWebhookIncludeWarnings bool
}

// AccountFilter narrows a list of accounts, which is ordered by Name, Id or
// CreatedDate.
type AccountFilter struct {
	PageRequest
	Query   string // part of the name or API ID, without regard to case
	Parent  string // API ID: only its sub-accounts
	Enabled *bool  // nil: suspended or not
	Deleted bool   // those in the recycle bin, and no others
}

// Accounts is the tree of accounts of a partner.
type Accounts interface {
	// Create errors: Invalid (Name is required, ID already in use, a parent
	// that is not there or too deep, a bad setting).
	Create(ctx context.Context, p PartnerID, u AccountUpdate) (*Account, error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, apiID string) (*Account, error)
	// ByID finds an account by its internal id. Errors: NotFound.
	ByID(ctx context.Context, p PartnerID, id AccountID) (*Account, error)
	// List errors: NotFound (the filter's parent), Invalid (OrderBy).
	List(ctx context.Context, p PartnerID, f AccountFilter) (Page[Account], error)
	// Update changes settings; another ParentAccountID moves the account with
	// all below it, null to the top. Errors: NotFound; Invalid (also a parent
	// below it, or too deep); Conflict (its cycles would lose connectors).
	Update(ctx context.Context, p PartnerID, apiID string, u AccountUpdate) (*Account, error)
	// UpdateOwn changes what is left to the account's own people:
	// Description, Timezone and the retention, which is held at the
	// partner's. Errors: NotFound, Invalid.
	UpdateOwn(ctx context.Context, p PartnerID, id AccountID, u AccountUpdate) (*Account, error)
	// Delete stops an account's cycles for good and puts it into the recycle
	// bin. Errors: NotFound, Conflict (it has sub-accounts), Unavailable (its
	// cycles are being started).
	Delete(ctx context.Context, p PartnerID, apiID string) error
}

// AccountStates takes accounts out of service, and back. What is said twice is
// done once.
type AccountStates interface {
	// Suspend ends sign-ins and holds all that runs; the account's cycles and
	// their transactions stay as they are. Accounts below it go on. Errors:
	// NotFound.
	Suspend(ctx context.Context, p PartnerID, apiID string) (*Account, error)
	// Resume undoes Suspend. Errors: NotFound.
	Resume(ctx context.Context, p PartnerID, apiID string) (*Account, error)
	// DeleteAll deletes an account and all below it, the lowest first.
	// Errors: NotFound, Unavailable.
	DeleteAll(ctx context.Context, p PartnerID, apiID string) error
	// Restore brings back the account that was deleted last under an API ID,
	// its cycles paused. Errors: NotFound; Invalid (the ID is in use);
	// Conflict (its parent is deleted).
	Restore(ctx context.Context, p PartnerID, apiID string) (*Account, error)
}
