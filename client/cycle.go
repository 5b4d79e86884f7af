package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Cycle is a cycle.
type Cycle struct {
	ID                         tandem.CycleID `json:"Id"`
	Name                       string
	Description                string
	Tags                       []string
	Status                     tandem.CycleStatus
	StopReason                 string // why it was stopped, if not by a person
	TasksUsed                  int
	ErrorCount                 int
	WarningCount               int
	InProgressTransactionCount int
	TemplateID                 tandem.TemplateID `json:"TemplateId"`        // "": of none
	TemplateReleaseID          tandem.ReleaseID  `json:"TemplateReleaseId"` // "": of none
	Interval                   int               // minutes; 0 for a webhook
	RunOnce                    bool
	CreatedOnUTC               time.Time `json:"CreatedOnUtc"`
}

// CycleChange makes or changes a cycle. What is not set stays.
type CycleChange struct {
	Name                tandem.Optional[string]                     `json:",omitzero"`
	Description         tandem.Optional[string]                     `json:",omitzero"`
	Tags                tandem.Optional[[]string]                   `json:",omitzero"`
	StepErrorAction     tandem.Optional[tandem.StepErrorAction]     `json:",omitzero"`
	Retries             tandem.Optional[int]                        `json:",omitzero"`
	CollectionSplitType tandem.Optional[tandem.CollectionSplitType] `json:",omitzero"`
	LogStepDataRequests tandem.Optional[bool]                       `json:",omitzero"`

	StepDataSuccessRetentionHours tandem.Optional[int] `json:",omitzero"`
	StepDataErroredRetentionHours tandem.Optional[int] `json:",omitzero"`
}

// CycleQuery narrows a list of cycles.
type CycleQuery struct {
	Query         string // part of the name
	Tag           string
	ConnectorName string // one that it uses
}

// Step is a step of a cycle.
type Step struct {
	ID         tandem.StepID `json:"Id"`
	Name       string
	ActionType string
	WebhookURL string `json:"WebhookUrl"` // of a webhook step
}

// Activation says how a cycle shall run.
type Activation struct {
	StartTime time.Time `json:",omitzero"`  // zero: now
	Interval  int       `json:",omitempty"` // minutes
	RunOnce   bool      `json:",omitempty"`
}

func (q CycleQuery) values() url.Values {
	return values(map[string]any{"query": q.Query, "tag": q.Tag, "connectorName": q.ConnectorName})
}

// Cycles lists the cycles of the account.
func (c *Client) Cycles(ctx context.Context, q CycleQuery) iter.Seq2[Cycle, error] {
	return each[Cycle](ctx, c, "/cycles", q.values())
}

// UpgradeableCycles lists those whose template has another live release.
func (c *Client) UpgradeableCycles(ctx context.Context, q CycleQuery) iter.Seq2[Cycle, error] {
	return each[Cycle](ctx, c, "/cycles/upgradeable", q.values())
}

// Cycle reads a cycle of the account.
func (c *Client) Cycle(ctx context.Context, id tandem.CycleID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodGet, path("cycles", id), nil)
}

// CreateCycle makes a cycle without steps.
func (c *Client) CreateCycle(ctx context.Context, is CycleChange) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, "/cycles", is)
}

// UpdateCycle changes a cycle that does not run.
func (c *Client) UpdateCycle(ctx context.Context, id tandem.CycleID, change CycleChange) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPut, path("cycles", id), change)
}

// CopyCycle copies a cycle within the account; name "" is made of the cycle's.
func (c *Client) CopyCycle(ctx context.Context, id tandem.CycleID, name string) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, path("cycles", id, "copy"), struct {
		Name string `json:",omitempty"`
	}{name})
}

// DeleteCycle puts a cycle into the recycle bin.
func (c *Client) DeleteCycle(ctx context.Context, id tandem.CycleID) error {
	return c.Do(ctx, http.MethodDelete, path("cycles", id), nil, nil)
}

// RestoreCycle takes a cycle out of the recycle bin.
func (c *Client) RestoreCycle(ctx context.Context, id tandem.CycleID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, path("cycles", id, "restore"), nil)
}

// UpgradeCycle moves a cycle to the live release of its template.
func (c *Client) UpgradeCycle(ctx context.Context, id tandem.CycleID) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPost, path("cycles", id, "upgrade"), nil)
}

// Prerequisites lists what a cycle needs before it can start.
func (c *Client) Prerequisites(ctx context.Context, id tandem.CycleID) ([]tandem.Prerequisite, error) {
	return call[[]tandem.Prerequisite](ctx, c, http.MethodGet, path("cycles", id, "prerequisites"), nil)
}

// Steps lists the steps of a cycle.
func (c *Client) Steps(ctx context.Context, id tandem.CycleID) ([]Step, error) {
	return call[[]Step](ctx, c, http.MethodGet, path("cycles", id, "steps"), nil)
}

// Activate starts a cycle.
func (c *Client) Activate(ctx context.Context, id tandem.CycleID, how Activation) (Cycle, error) {
	return call[Cycle](ctx, c, http.MethodPut, path("cycles", id, "activate"), how)
}

// Deactivate stops a cycle; with finish, when it has ended what is queued.
func (c *Client) Deactivate(ctx context.Context, id tandem.CycleID, finish bool) (Cycle, error) {
	query := url.Values{"finishQueuedTransactions": {strconv.FormatBool(finish)}}
	return call[Cycle](ctx, c, http.MethodPut, with(path("cycles", id, "deactivate"), query), nil)
}
