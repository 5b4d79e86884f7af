package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// RolloutPath names a rollout of a template.
type RolloutPath struct {
	TemplatePath
	RolloutID guid[tandem.RolloutID] `path:"rolloutId"`
}

// rolloutShape is a rollout.
type rolloutShape struct {
	ID           tandem.RolloutID  `json:"Id"`
	TemplateID   tandem.TemplateID `json:"TemplateId"`
	ReleaseID    tandem.ReleaseID  `json:"ReleaseId" doc:"That its cycles come to."`
	Version      int               `doc:"Of that release."`
	State        string            `enum:"Running,Waiting,Completed,Cancelled" doc:"Waiting: for somebody to continue or cancel it."`
	Reason       string            `doc:"Why it waits, or was cancelled; empty: by a person."`
	First        int               `doc:"After so many cycles it waits; 0: it does not."`
	MaxFailures  int               `doc:"After so many failures it waits; 0: it does not."`
	CreatedOnUTC time.Time         `json:"CreatedOnUtc"`
	CreatedBy    string            `doc:"An email address, or the name of an OAuth client."`
	EndedOnUTC   *time.Time        `json:"EndedOnUtc" doc:"null: it is not at its end."`
	Total        int               `doc:"How many cycles it has."`
	Counts       rolloutCounts     `doc:"How many of its cycles have which outcome."`
}

// rolloutCounts are of the cycles of a rollout, by outcome.
type rolloutCounts struct {
	Pending   int `doc:"Their turn is still to come."`
	Upgraded  int `doc:"They are of the release now."`
	Unchanged int `doc:"They were of the release already."`
	Failed    int `doc:"They stayed as they were."`
	Gone      int `doc:"They, or their accounts, were deleted meanwhile."`
	Cancelled int `doc:"The rollout was cancelled before their turn."`
}

func showRollout(r *tandem.Rollout) rolloutShape {
	return rolloutShape{
		ID: r.ID, TemplateID: r.Template, ReleaseID: r.Release, Version: r.Version, State: string(r.State), Reason: r.Reason, First: r.First, MaxFailures: r.MaxFailures,
		CreatedOnUTC: r.Created, CreatedBy: r.CreatedBy, EndedOnUTC: timeOrNull(r.Ended), Total: r.Total(),
		Counts: rolloutCounts{
			Pending: r.Counts[tandem.RolloutPending], Upgraded: r.Counts[tandem.RolloutUpgraded], Unchanged: r.Counts[tandem.RolloutUnchanged],
			Failed: r.Counts[tandem.RolloutFailed], Gone: r.Counts[tandem.RolloutGone], Cancelled: r.Counts[tandem.RolloutDropped],
		},
	}
}

// rolloutCycleShape is a cycle of a rollout.
type rolloutCycleShape struct {
	AccountID   string         `json:"AccountId" doc:"Empty: it is not there any more."`
	AccountName string         `doc:"When the rollout began."`
	CycleID     tandem.CycleID `json:"CycleId"`
	CycleName   string         `doc:"When the rollout began."`
	Outcome     string         `enum:"Pending,Upgraded,Unchanged,Failed,Gone,Cancelled" doc:"Unchanged: it was of the release already. Gone: it, or its account, was deleted meanwhile."`
	Reason      string         `doc:"Why it stayed as it was."`
	Lost        []tandem.Lost  `doc:"What the release has no place for."`
	EndedOnUTC  *time.Time     `json:"EndedOnUtc" doc:"null: it is pending."`
}

func showRolloutCycle(c *tandem.RolloutCycle) rolloutCycleShape {
	lost := c.Lost
	if lost == nil {
		lost = []tandem.Lost{}
	}
	return rolloutCycleShape{c.AccountID, c.AccountName, c.Cycle, c.CycleName, string(c.Outcome), c.Reason, lost, timeOrNull(c.Ended)}
}

// rolloutBody begins a rollout.
type rolloutBody struct {
	ReleaseID     optional[guid[tandem.ReleaseID]] `json:"ReleaseId,omitzero" doc:"That cycles are to come to: the live one. It is refused if that is another by now."`
	FromReleaseID optional[guid[tandem.ReleaseID]] `json:"FromReleaseId,omitzero" doc:"Only cycles of this release."`
	CycleIDs      optional[[]guid[tandem.CycleID]] `json:"CycleIds,omitzero" doc:"Only these, in this order, at most 1000; left out: all that are of another release, by account."`
	First         optional[int]                    `json:",omitzero" doc:"After so many cycles it waits for somebody to continue it."`
	MaxFailures   optional[int]                    `json:",omitzero" doc:"After so many failures it waits for somebody to continue it."`
}

func (b *rolloutBody) plan() tandem.RolloutPlan {
	plan := tandem.RolloutPlan{Release: b.ReleaseID.Value.Value, From: b.FromReleaseID.Value.Value, First: b.First.Value, MaxFailures: b.MaxFailures.Value}
	if b.CycleIDs.Value != nil {
		plan.Cycles = make([]tandem.CycleID, len(b.CycleIDs.Value))
		for i, id := range b.CycleIDs.Value {
			plan.Cycles[i] = id.Value
		}
	}
	return plan
}

func (a *API) startRollout(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Body *rolloutBody
},
) (*object[rolloutShape], error) {
	var plan tandem.RolloutPlan
	if in.Body != nil {
		plan = in.Body.plan()
	}
	return shownRollout(a.services.Rollouts.Start(ctx, p, in.ID.Value, plan))
}

// shownRollout shows r, unless err.
func shownRollout(r *tandem.Rollout, err error) (*object[rolloutShape], error) {
	if err != nil {
		return nil, err
	}
	return one(showRollout(r), nil)
}

func (a *API) listRollouts(ctx context.Context, p tandem.PartnerID, in *struct {
	TemplatePath
	Paging
},
) (*list[rolloutShape], error) {
	found, err := a.services.Rollouts.List(ctx, p, in.ID.Value, in.request())
	return page(in.request(), found, err, showRollout)
}

func (a *API) getRollout(ctx context.Context, p tandem.PartnerID, in *RolloutPath) (*object[rolloutShape], error) {
	return shownRollout(a.services.Rollouts.Get(ctx, p, in.ID.Value, in.RolloutID.Value))
}

var rolloutOutcomes = []tandem.RolloutOutcome{
	"", tandem.RolloutPending, tandem.RolloutUpgraded, tandem.RolloutUnchanged, tandem.RolloutFailed, tandem.RolloutGone, tandem.RolloutDropped,
}

func (a *API) listRolloutCycles(ctx context.Context, p tandem.PartnerID, in *struct {
	RolloutPath
	Paging
	Outcome string `query:"outcome" doc:"Pending, Upgraded, Unchanged, Failed, Gone or Cancelled: only these."`
},
) (*list[rolloutCycleShape], error) {
	outcome, err := oneOf("outcome", in.Outcome, rolloutOutcomes)
	if err != nil {
		return nil, err
	}
	f := tandem.RolloutFilter{PageRequest: in.request(), Outcome: outcome}
	found, err := a.services.Rollouts.Cycles(ctx, p, in.ID.Value, in.RolloutID.Value, f)
	return page(in.request(), found, err, showRolloutCycle)
}

// steer is the handler that has a rollout do something.
func (a *API) steer(do func(tandem.Rollouts, context.Context, tandem.PartnerID, tandem.TemplateID, tandem.RolloutID) (*tandem.Rollout, error)) func(context.Context, tandem.PartnerID, *RolloutPath) (*object[rolloutShape], error) {
	return func(ctx context.Context, p tandem.PartnerID, in *RolloutPath) (*object[rolloutShape], error) {
		return shownRollout(do(a.services.Rollouts, ctx, p, in.ID.Value, in.RolloutID.Value))
	}
}

// watchRollout streams a rollout, whenever it comes further.
func (a *API) watchRollout(ctx context.Context, p tandem.PartnerID, in *RolloutPath) (*eventStream, error) {
	if _, err := a.services.Rollouts.Get(ctx, p, in.ID.Value, in.RolloutID.Value); err != nil {
		return nil, err
	}
	var told string
	return a.events(ctx, func(ctx context.Context) (string, error) {
		r, err := a.services.Rollouts.Get(ctx, p, in.ID.Value, in.RolloutID.Value)
		if err != nil {
			return "", err
		}
		data, err := json.Marshal(showRollout(r))
		if err != nil || string(data) == told {
			return "", err
		}
		told = string(data)
		return fmt.Sprintf("event: rollout\ndata: %s\n\n", data), nil
	})
}

// rolloutRoutes upgrade many cycles: for whoever may upgrade one, in any account.
func (a *API) rolloutRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(get, "/v1.0/templates/{id}/rollouts", "listRollouts", "List the rollouts of a template's releases", ordered(partner(a.listRollouts), "newest first", "CreatedOnUtc")),
		bind(post, "/v1.0/templates/{id}/rollouts", "startRollout", "Upgrade the cycles that were made of a template, in all accounts, in the background", created(partner(a.startRollout))),
		bind(get, "/v1.0/templates/{id}/rollouts/{rolloutId}", "getRollout", "Get a rollout with how far it has come", partner(a.getRollout)),
		bind(get, "/v1.0/templates/{id}/rollouts/{rolloutId}/live", "watchRollout", "Watch how far a rollout comes", partner(a.watchRollout)),
		bind(get, "/v1.0/templates/{id}/rollouts/{rolloutId}/cycles", "listRolloutCycles", "List the cycles of a rollout, with what became of each", ordered(partner(a.listRolloutCycles), "as they are upgraded", "AccountName", "CycleName", "EndedOnUtc")),
		bind(post, "/v1.0/templates/{id}/rollouts/{rolloutId}/continue", "continueRollout", "Have a rollout go on that waits", partner(a.steer(tandem.Rollouts.Continue))),
		bind(post, "/v1.0/templates/{id}/rollouts/{rolloutId}/cancel", "cancelRollout", "Upgrade no more cycles of a rollout", partner(a.steer(tandem.Rollouts.Cancel))),
		bind(post, "/v1.0/templates/{id}/rollouts/{rolloutId}/retry", "retryRollout", "Try the cycles of a rollout again that could not be upgraded", partner(a.steer(tandem.Rollouts.Retry))),
	)
}

const exampleRollout = "0d9b6a52-3c5e-4f0e-9a3e-2f1d6f3f8b41"

func rolloutAnswers(at time.Time) []any {
	return []any{
		rolloutShape{
			ID: exampleRollout, TemplateID: "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01", ReleaseID: exampleRelease, Version: 2, State: string(tandem.RolloutWaiting),
			Reason: "The first 10 cycles were tried.", First: 10, CreatedOnUTC: at, CreatedBy: "ada@acme.example", Total: 312, Counts: rolloutCounts{Pending: 302, Upgraded: 9, Failed: 1},
		},
		rolloutCycleShape{
			AccountID: "page-turner", AccountName: "Page Turner Books", CycleID: exampleCycle, CycleName: "New contact to mailing list", Outcome: string(tandem.RolloutUpgraded),
			Lost: []tandem.Lost{{Name: "Greeting", Reason: "The new release does not have it."}}, EndedOnUTC: &at,
		},
	}
}
