package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Account is an account to make.
type Account struct {
	ID              string `json:"Id,omitempty"` // "": a GUID is made
	Name            string
	ParentAccountID string `json:"ParentAccountId,omitempty"`
	Timezone        string `json:",omitempty"` // IANA; "": UTC
}

// Cycle is a cycle, as far as clients of this package need it.
type Cycle struct {
	ID                         tandem.CycleID `json:"Id"`
	Name                       string
	Status                     tandem.CycleStatus
	TasksUsed                  int
	ErrorCount                 int
	InProgressTransactionCount int
}

// Step is a step of a cycle.
type Step struct {
	ID         tandem.StepID `json:"Id"`
	Name       string
	ActionType string
	WebhookURL string `json:"WebhookUrl"` // of a webhook step
}

// Install says how to install a connector.
type Install struct {
	Name       string     `json:",omitempty"`
	AuthValue  string     `json:",omitempty"` // the key; for Basic, base64 of user:password
	Properties []Property `json:",omitempty"`
}

// Property is a setting of an installed connector.
type Property struct{ Name, Value string }

// AccountConnector is an installed connector.
type AccountConnector struct {
	ID            tandem.AccountConnectorID `json:"Id"`
	Name          string
	Authenticated bool
	Inherited     bool // from an account above
}

// Activation says how a cycle shall run.
type Activation struct {
	StartTime time.Time `json:",omitzero"`  // zero: now
	Interval  int       `json:",omitempty"` // minutes
	RunOnce   bool      `json:",omitempty"`
}

// call makes a call and reads the answer.
func call[T any](ctx context.Context, c *Client, method, path string, in any) (out T, err error) {
	err = c.Do(ctx, method, path, in, &out)
	return out, err
}

// CreateAccount makes an account.
func (c *Client) CreateAccount(ctx context.Context, a Account) (tandem.Account, error) {
	return call[tandem.Account](ctx, c, http.MethodPost, "/accounts", a)
}

// DeleteAccount deletes an account by its API ID.
func (c *Client) DeleteAccount(ctx context.Context, apiID string) error {
	return c.Do(ctx, http.MethodDelete, "/accounts/"+url.PathEscape(apiID), nil, nil)
}

// Usage counts the tasks of an account, this month so far.
func (c *Client) Usage(ctx context.Context, apiID string) (tandem.Usage, error) {
	return call[tandem.Usage](ctx, c, http.MethodGet, "/accounts/"+url.PathEscape(apiID)+"/usage", nil)
}

// ImportTemplate makes a template of a file.
func (c *Client) ImportTemplate(ctx context.Context, file any) (tandem.TemplateID, error) {
	type imported struct {
		ID tandem.TemplateID `json:"Id"`
	}
	out, err := call[imported](ctx, c, http.MethodPost, "/templates/import", file)
	return out.ID, err
}

// InstallConnector installs the newest version of a connector in the account.
func (c *Client) InstallConnector(ctx context.Context, name string, in Install) (AccountConnector, error) {
	return call[AccountConnector](ctx, c, http.MethodPost, "/connectors/"+url.PathEscape(name)+"/install", in)
}

// Connectors lists the connectors of the account, inherited ones too.
func (c *Client) Connectors(ctx context.Context) ([]AccountConnector, error) {
	return call[[]AccountConnector](ctx, c, http.MethodGet, "/account/connectors", nil)
}

// InstallTemplate makes a cycle of a template in the account.
func (c *Client) InstallTemplate(ctx context.Context, id tandem.TemplateID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, fmt.Sprintf("/templates/%s/install", id), nil)
}

// Cycle reads a cycle of the account.
func (c *Client) Cycle(ctx context.Context, id tandem.CycleID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodGet, fmt.Sprintf("/cycles/%s", id), nil)
}

// Steps lists the steps of a cycle.
func (c *Client) Steps(ctx context.Context, id tandem.CycleID) ([]Step, error) {
	return call[[]Step](ctx, c, http.MethodGet, fmt.Sprintf("/cycles/%s/steps", id), nil)
}

// Activate starts a cycle.
func (c *Client) Activate(ctx context.Context, id tandem.CycleID, how Activation) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPut, fmt.Sprintf("/cycles/%s/activate", id), how)
}

// Deactivate stops a cycle; with finish, when it has ended what is queued.
func (c *Client) Deactivate(ctx context.Context, id tandem.CycleID, finish bool) (Cycle, error) {
	path := fmt.Sprintf("/cycles/%s/deactivate?finishQueuedTransactions=%s", id, strconv.FormatBool(finish))
	return call[Cycle](ctx, c, http.MethodPut, path, nil)
}

// Transactions lists the newest transactions of a cycle; of all if id is "".
func (c *Client) Transactions(ctx context.Context, id tandem.CycleID) ([]tandem.Transaction, error) {
	path := "/cycles/transactions?pageSize=1000"
	if id != "" {
		path = fmt.Sprintf("/cycles/%s/transactions?pageSize=1000", id)
	}
	return call[[]tandem.Transaction](ctx, c, http.MethodGet, path, nil)
}
