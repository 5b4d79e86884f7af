package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Account is an account to make.
type Account struct {
	ID              string `json:"Id,omitempty"` // "": a GUID is made
	Name            string
	ParentAccountID string `json:"ParentAccountId,omitempty"`
	Timezone        string `json:",omitempty"` // IANA; "": UTC
	AccountSettings
}

// AccountChange changes an account. What is not set stays, null clears.
type AccountChange struct {
	Name            tandem.Optional[string] `json:",omitzero"`
	ParentAccountID tandem.Optional[string] `json:"ParentAccountId,omitzero"` // moves it with all below; null: to the top
	Timezone        tandem.Optional[string] `json:",omitzero"`
	AccountSettings
}

// AccountSettings are what new and changed accounts have in common.
type AccountSettings struct {
	Description                            tandem.Optional[string]    `json:",omitzero"`
	AuditInfo                              tandem.Optional[string]    `json:",omitzero"`
	TaskAuditInfo                          tandem.Optional[string]    `json:",omitzero"`
	NextBillDateUTC                        tandem.Optional[time.Time] `json:"NextBillDateUtc,omitzero"`
	StepDataSuccessRetentionHours          tandem.Optional[int]       `json:",omitzero"` // null inherits
	StepDataErroredRetentionHours          tandem.Optional[int]       `json:",omitzero"`
	TransactionErrorWebhookEnabled         tandem.Optional[bool]      `json:",omitzero"`
	TransactionErrorWebhookURL             tandem.Optional[string]    `json:"TransactionErrorWebhookUrl,omitzero"`
	TransactionErrorWebhookIncludeWarnings tandem.Optional[bool]      `json:",omitzero"`
	ConcurrentTransactionLimit             tandem.Optional[int]       `json:",omitzero"` // null inherits, 0 is no limit
	StepLimit                              tandem.Optional[int]       `json:",omitzero"`
}

// AccountQuery narrows a list of accounts.
type AccountQuery struct {
	Query   string // part of the name or id
	Deleted bool   // those in the recycle bin, and no others
	OrderBy string // Name (default), Id or CreatedDate
}

// Accounts lists accounts.
func (c *Client) Accounts(ctx context.Context, q AccountQuery) iter.Seq2[tandem.Account, error] {
	return each[tandem.Account](ctx, c, "/accounts", values(map[string]any{"query": q.Query, "deleted": q.Deleted, "orderBy": q.OrderBy}))
}

// Subaccounts lists those directly below an account.
func (c *Client) Subaccounts(ctx context.Context, apiID string) iter.Seq2[tandem.Account, error] {
	return each[tandem.Account](ctx, c, path("accounts", apiID, "subaccounts"), nil)
}

// GetAccount reads an account by its API ID.
func (c *Client) GetAccount(ctx context.Context, apiID string) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodGet, path("accounts", apiID), nil)
}

// CreateAccount makes an account.
func (c *Client) CreateAccount(ctx context.Context, a Account) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPost, "/accounts", a)
}

// UpdateAccount changes an account.
func (c *Client) UpdateAccount(ctx context.Context, apiID string, change AccountChange) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPut, path("accounts", apiID), change)
}

// SuspendAccount stops all that runs in an account, and its sign-ins.
func (c *Client) SuspendAccount(ctx context.Context, apiID string) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPost, path("accounts", apiID, "suspend"), nil)
}

// ResumeAccount brings a suspended account back as it was.
func (c *Client) ResumeAccount(ctx context.Context, apiID string) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPost, path("accounts", apiID, "resume"), nil)
}

// DeleteAccount puts an account into the recycle bin.
func (c *Client) DeleteAccount(ctx context.Context, apiID string) error {
	return c.Do(ctx, http.MethodDelete, path("accounts", apiID), nil, nil)
}

// RestoreAccount takes an account out of the recycle bin.
func (c *Client) RestoreAccount(ctx context.Context, apiID string) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPost, path("accounts", apiID, "restore"), nil)
}
