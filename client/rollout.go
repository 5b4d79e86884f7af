package client

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Rollout takes the installed cycles of a template to a release, in the background.
type Rollout struct {
	ID           tandem.RolloutID `json:"Id"`
	ReleaseID    tandem.ReleaseID `json:"ReleaseId"`
	Version      int              // of that release
	State        tandem.RolloutState
	Reason       string // why it waits, or was cancelled
	First        int
	MaxFailures  int
	CreatedOnUTC time.Time `json:"CreatedOnUtc"`
	CreatedBy    string
	EndedOnUTC   *time.Time                    `json:"EndedOnUtc"` // nil: it is not at its end
	Total        int                           // cycles
	Counts       map[tandem.RolloutOutcome]int // of its cycles, by outcome
}

// RolloutCycle is a cycle of a rollout.
type RolloutCycle struct {
	AccountID   string `json:"AccountId"`
	AccountName string
	CycleID     tandem.CycleID `json:"CycleId"`
	CycleName   string
	Outcome     tandem.RolloutOutcome
	Reason      string // why it stayed as it was
	Lost        []tandem.Lost
	EndedOnUTC  *time.Time `json:"EndedOnUtc"` // nil: its turn is still to come
}

// RolloutStart begins a rollout. The zero one upgrades all that can be upgraded.
type RolloutStart struct {
	ReleaseID     tandem.ReleaseID `json:"ReleaseId,omitempty"`     // the live one
	FromReleaseID tandem.ReleaseID `json:"FromReleaseId,omitempty"` // only cycles of this release
	CycleIDs      []tandem.CycleID `json:"CycleIds,omitempty"`      // only these, in this order
	First         int              `json:",omitempty"`              // after so many it waits
	MaxFailures   int              `json:",omitempty"`              // after so many failures it waits
}

// StartRollout upgrades the cycles of a template, in all accounts.
func (c *Client) StartRollout(ctx context.Context, of tandem.TemplateID, how RolloutStart) (Rollout, error) {
	return call[Rollout](ctx, c, http.MethodPost, path("templates", of, "rollouts"), how)
}

// Rollouts lists the rollouts of a template, the newest first.
func (c *Client) Rollouts(ctx context.Context, of tandem.TemplateID) iter.Seq2[Rollout, error] {
	return each[Rollout](ctx, c, path("templates", of, "rollouts"), nil)
}

// Rollout reads a rollout.
func (c *Client) Rollout(ctx context.Context, of tandem.TemplateID, id tandem.RolloutID) (Rollout, error) {
	return call[Rollout](ctx, c, http.MethodGet, path("templates", of, "rollouts", id), nil)
}

// RolloutCycles lists the cycles of a rollout; those with an outcome, unless it is
// "".
func (c *Client) RolloutCycles(ctx context.Context, of tandem.TemplateID, id tandem.RolloutID, outcome tandem.RolloutOutcome) iter.Seq2[RolloutCycle, error] {
	return each[RolloutCycle](ctx, c, path("templates", of, "rollouts", id, "cycles"), values(map[string]any{"outcome": outcome}))
}

// ContinueRollout has a rollout go on that waits.
func (c *Client) ContinueRollout(ctx context.Context, of tandem.TemplateID, id tandem.RolloutID) (Rollout, error) {
	return call[Rollout](ctx, c, http.MethodPost, path("templates", of, "rollouts", id, "continue"), nil)
}

// CancelRollout upgrades no more cycles of a rollout.
func (c *Client) CancelRollout(ctx context.Context, of tandem.TemplateID, id tandem.RolloutID) (Rollout, error) {
	return call[Rollout](ctx, c, http.MethodPost, path("templates", of, "rollouts", id, "cancel"), nil)
}

// RetryRollout tries those cycles again that could not be upgraded.
func (c *Client) RetryRollout(ctx context.Context, of tandem.TemplateID, id tandem.RolloutID) (Rollout, error) {
	return call[Rollout](ctx, c, http.MethodPost, path("templates", of, "rollouts", id, "retry"), nil)
}
