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

// CreateAccount makes an account.
func (c *Client) CreateAccount(ctx context.Context, a Account) (out tandem.Account, err error) {
	return out, c.Do(ctx, http.MethodPost, "/accounts", a, &out)
}

// DeleteAccount deletes an account by its API ID.
func (c *Client) DeleteAccount(ctx context.Context, apiID string) error {
	return c.Do(ctx, http.MethodDelete, "/accounts/"+url.PathEscape(apiID), nil, nil)
}

// Usage counts the tasks of an account, this month so far.
func (c *Client) Usage(ctx context.Context, apiID string) (out tandem.Usage, err error) {
	return out, c.Do(ctx, http.MethodGet, "/accounts/"+url.PathEscape(apiID)+"/usage", nil, &out)
}

// ImportTemplate makes a template of a file.
func (c *Client) ImportTemplate(ctx context.Context, file any) (tandem.TemplateID, error) {
	var out struct {
		ID tandem.TemplateID `json:"Id"`
	}
	return out.ID, c.Do(ctx, http.MethodPost, "/templates/import", file, &out)
}

// InstallConnector installs the newest version of a connector in the account.
func (c *Client) InstallConnector(ctx context.Context, name string, in Install) (out AccountConnector, err error) {
	return out, c.Do(ctx, http.MethodPost, "/connectors/"+url.PathEscape(name)+"/install", in, &out)
}

// Connectors lists the connectors of the account, inherited ones too.
func (c *Client) Connectors(ctx context.Context) (out []AccountConnector, err error) {
	return out, c.Do(ctx, http.MethodGet, "/account/connectors", nil, &out)
}

// InstallTemplate makes a cycle of a template in the account.
func (c *Client) InstallTemplate(ctx context.Context, id tandem.TemplateID) (out Cycle, err error) {
	return out, c.Do(ctx, http.MethodPost, fmt.Sprintf("/templates/%s/install", id), nil, &out)
}

// Cycle reads a cycle of the account.
func (c *Client) Cycle(ctx context.Context, id tandem.CycleID) (out Cycle, err error) {
	return out, c.Do(ctx, http.MethodGet, fmt.Sprintf("/cycles/%s", id), nil, &out)
}

// Steps lists the steps of a cycle.
func (c *Client) Steps(ctx context.Context, id tandem.CycleID) (out []Step, err error) {
	return out, c.Do(ctx, http.MethodGet, fmt.Sprintf("/cycles/%s/steps", id), nil, &out)
}

// Activate starts a cycle.
func (c *Client) Activate(ctx context.Context, id tandem.CycleID, how Activation) (out Cycle, err error) {
	return out, c.Do(ctx, http.MethodPut, fmt.Sprintf("/cycles/%s/activate", id), how, &out)
}

// Deactivate stops a cycle; with finish, when it has ended what is queued.
func (c *Client) Deactivate(ctx context.Context, id tandem.CycleID, finish bool) (out Cycle, err error) {
	path := fmt.Sprintf("/cycles/%s/deactivate?finishQueuedTransactions=%s", id, strconv.FormatBool(finish))
	return out, c.Do(ctx, http.MethodPut, path, nil, &out)
}

// Transactions lists the newest transactions of a cycle; of all if id is "".
func (c *Client) Transactions(ctx context.Context, id tandem.CycleID) (out []tandem.Transaction, err error) {
	path := "/cycles/transactions?pageSize=1000"
	if id != "" {
		path = fmt.Sprintf("/cycles/%s/transactions?pageSize=1000", id)
	}
	return out, c.Do(ctx, http.MethodGet, path, nil, &out)
}
