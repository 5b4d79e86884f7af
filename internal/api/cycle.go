package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// cycleShape is a cycle.
type cycleShape struct {
	ID                            tandem.CycleID `json:"Id"`
	Name                          string
	Description                   string
	Tags                          []string
	Shareable                     bool
	Status                        tandem.CycleStatus
	StopReason                    string `json:",omitempty" doc:"Why it was stopped, if not by a person."`
	StepErrorAction               tandem.StepErrorAction
	Retries                       int `json:",omitempty" doc:"With Retry."`
	ContinueOnStepError           bool
	CollectionSplitType           tandem.CollectionSplitType
	LogStepDataRequests           bool `doc:"false: what steps send and get is not kept once a transaction has ended, and not shown before."`
	StepDataSuccessRetentionHours *int
	StepDataErroredRetentionHours *int
	CreatedOnUTC                  time.Time `json:"CreatedOnUtc"`
	TasksUsed                     int
	ErrorCount                    int
	WarningCount                  int
	InProgressTransactionCount    int
	LastSuccessfulRunDate         string  `doc:"0001-01-01T00:00:00 before any."`
	TemplateID                    *string `json:"TemplateId"`
	TemplateReleaseID             *string `json:"TemplateReleaseId"`
	Interval                      int     `doc:"Minutes; 0 for a webhook."`
	StartTime                     *time.Time
	RunOnce                       bool
	NextRunOnUTC                  *time.Time `json:"NextRunOnUtc" doc:"When it is due next; null: not by time, or it is not running."`
	DeletedOnUTC                  *time.Time `json:"DeletedOnUtc,omitempty" doc:"Of a cycle in the recycle bin."`
	Connectors                    []usedConnector
	Activity                      []tandem.DayRuns `json:",omitempty" doc:"With includeActivity: how its transactions ended on each of the last 14 days, UTC, the oldest first, today last."`
	Lost                          []tandem.Lost    `json:",omitempty" doc:"After an upgrade: what the release has no place for."`
}

// neverRun is how clients of old know that there was no run.
const neverRun = "0001-01-01T00:00:00"

func (d *design) showCycle(icons bool) cycleShape {
	c := d.Cycle
	s := cycleShape{
		ID: c.ID, Name: c.Name, Description: c.Description, Tags: list0(c.Tags), Shareable: c.Shareable, Status: c.Status, StopReason: c.StopReason,
		StepErrorAction: c.Graph.StepErrorAction, Retries: c.Graph.Retries, ContinueOnStepError: c.Graph.StepErrorAction == tandem.IgnoreError,
		LogStepDataRequests:           !c.Graph.OmitRequests,
		StepDataSuccessRetentionHours: c.Retention.Success, StepDataErroredRetentionHours: c.Retention.Errored,
		CollectionSplitType: c.Graph.CollectionSplitType, CreatedOnUTC: c.Created, TasksUsed: c.Counts.TasksUsed,
		ErrorCount: c.Counts.Errors, WarningCount: c.Counts.Warnings, InProgressTransactionCount: c.Counts.InProgress,
		LastSuccessfulRunDate: neverRun, TemplateID: textOrNull(c.TemplateID), TemplateReleaseID: textOrNull(c.TemplateReleaseID),
		Interval: c.Interval, RunOnce: c.RunOnce, Connectors: d.connectors(icons), Activity: c.Counts.Activity,
	}
	if s.StepErrorAction == tandem.InheritErrorAction {
		s.StepErrorAction = tandem.StopTransaction
	}
	if s.CollectionSplitType == "" {
		s.CollectionSplitType = tandem.SplitFirst
	}
	if at := c.Counts.LastSuccessfulRun; !at.IsZero() {
		s.LastSuccessfulRunDate = at.UTC().Format(time.RFC3339Nano)
	}
	if !c.StartTime.IsZero() {
		s.StartTime = &c.StartTime
	}
	if !c.NextRun.IsZero() {
		s.NextRunOnUTC = &c.NextRun
	}
	if !c.Deleted.IsZero() {
		s.DeletedOnUTC = &c.Deleted
	}
	return s
}

func textOrNull[T ~string](v T) *string {
	if v == "" {
		return nil
	}
	text := string(v)
	return &text
}

// connectors are those that a cycle uses, as its account has them.
func (d *design) connectors(icons bool) []usedConnector {
	all := []usedConnector{}
	for _, ref := range d.Graph.Connectors {
		u := usedConnector{
			AccountConnectorID: d.Connectors[ref.Ref], Name: ref.Name, Version: ref.Version, StepCount: stepCount(d.Graph, ref.Ref),
		}
		if l := d.library[ref.Ref]; l != nil {
			u.release(l, icons)
		}
		if in := d.installed[u.AccountConnectorID]; in != nil {
			u.Authenticated = in.State == tandem.Authenticated
		}
		all = append(all, u)
	}
	return all
}

// cycleShape shows one cycle.
func (a *API) cycleShape(ctx context.Context, at policy.Place, c *tandem.Cycle) (*object[cycleShape], error) {
	d, err := a.designOf(ctx, at, c)
	if err != nil {
		return nil, err
	}
	return one(d.showCycle(true), nil)
}

type cycleBody struct {
	Name                optional[string]                     `json:",omitzero"`
	Description         optional[string]                     `json:",omitzero"`
	Tags                optional[[]string]                   `json:",omitzero"`
	Shareable           optional[bool]                       `json:",omitzero" doc:"Kept and given back; nothing depends on it."`
	LogStepDataRequests optional[bool]                       `json:",omitzero" doc:"false keeps what steps send and get out of records."`
	StepErrorAction     optional[tandem.StepErrorAction]     `json:",omitzero" doc:"Ignore, Retry, StopTransaction (default) or StopIntegration."`
	Retries             optional[int]                        `json:",omitzero" doc:"With Retry: how often a step is tried again, 1 to 5."`
	ContinueOnStepError optional[bool]                       `json:",omitzero" doc:"true is a StepErrorAction of Ignore, false any other."`
	CollectionSplitType optional[tandem.CollectionSplitType] `json:",omitzero" doc:"First (default), All or None."`

	StepDataSuccessRetentionHours optional[int] `json:",omitzero" doc:"0 keeps nothing, null keeps what the account says, and over 744 is 744."`
	StepDataErroredRetentionHours optional[int] `json:",omitzero" doc:"The same, for transactions with errors."`
}

func (b cycleBody) update() tandem.CycleUpdate {
	b.StepErrorAction.Value = spelled(b.StepErrorAction.Value, errorActions...)
	b.CollectionSplitType.Value = spelled(b.CollectionSplitType.Value, splitTypes...)
	return tandem.CycleUpdate{
		Name: b.Name.Optional, Description: b.Description.Optional, Tags: b.Tags.Optional, Shareable: b.Shareable.Optional,
		StepErrorAction: b.StepErrorAction.Optional, Retries: b.Retries.Optional, ContinueOnStepError: b.ContinueOnStepError.Optional,
		CollectionSplitType: b.CollectionSplitType.Optional, LogStepDataRequests: b.LogStepDataRequests.Optional,
		StepDataSuccessRetentionHours: b.StepDataSuccessRetentionHours.Optional,
		StepDataErroredRetentionHours: b.StepDataErroredRetentionHours.Optional,
	}
}

// DesignQuery narrows a list of cycles or templates.
type DesignQuery struct {
	Tag              string `query:"tag"`
	ConnectorName    string `query:"connectorName" doc:"Of a connector that is used."`
	ConnectorVersion string `query:"connectorVersion" doc:"Of connectorName, or of any connector that is used."`
	IncludeIcons     bool   `query:"includeIcons" doc:"With the icons of connectors."`
}

// CycleQuery narrows a list of cycles.
type CycleQuery struct {
	Paging
	DesignQuery
	Query    string `query:"query" doc:"Part of the name."`
	Status   string `query:"status" doc:"Paused, Running or Finishing: only such. Default: any."`
	Activity bool   `query:"includeActivity" doc:"With how many transactions ended, and failed, on each of the last 14 days."`
}

// status is the one that a query asks for; "" is any.
func (q *CycleQuery) status() (tandem.CycleStatus, error) {
	if q.Status == "" {
		return "", nil
	}
	all := []tandem.CycleStatus{tandem.CyclePaused, tandem.CycleRunning, tandem.CycleFinishing}
	i := slices.IndexFunc(all, func(s tandem.CycleStatus) bool { return strings.EqualFold(string(s), q.Status) })
	if i < 0 {
		return "", tandem.Invalidf("status", "status: %q is not known: want one of %v", q.Status, all)
	}
	return all[i], nil
}

func (a *API) listCycles(ctx context.Context, at policy.Place, in *CycleQuery) (*list[cycleShape], error) {
	return a.cycles(ctx, at, in, tandem.CycleFilter{})
}

func (a *API) listUpgradeableCycles(ctx context.Context, at policy.Place, in *CycleQuery) (*list[cycleShape], error) {
	return a.cycles(ctx, at, in, tandem.CycleFilter{Upgradeable: true})
}

func (a *API) listDeletedCycles(ctx context.Context, at policy.Place, in *CycleQuery) (*list[cycleShape], error) {
	return a.cycles(ctx, at, in, tandem.CycleFilter{Deleted: true})
}

// cycles lists those that f lets through and q asks for.
func (a *API) cycles(ctx context.Context, at policy.Place, q *CycleQuery, f tandem.CycleFilter) (*list[cycleShape], error) {
	status, err := q.status()
	if err != nil {
		return nil, err
	}
	installed, err := a.installed(ctx, at.Account)
	if err != nil {
		return nil, err
	}
	f.Status, f.Activity = status, q.Activity
	f.PageRequest, f.Query, f.Tag, f.ConnectorName, f.ConnectorVersion = q.request(), q.Query, q.Tag, q.ConnectorName, q.ConnectorVersion
	found, err := a.services.Cycles.List(ctx, at.Account, f)
	if err != nil {
		return nil, err
	}
	shapes := tandem.Page[cycleShape]{Total: found.Total}
	for i := range found.Rows {
		d, err := a.designWith(ctx, at, &found.Rows[i], installed)
		if err != nil {
			return nil, err
		}
		shapes.Rows = append(shapes.Rows, d.showCycle(q.IncludeIcons))
	}
	return page(f.PageRequest, shapes, nil, same)
}

func (a *API) createCycle(ctx context.Context, at policy.Place, in *struct{ Body cycleBody }) (*object[cycleShape], error) {
	c, err := a.services.Cycles.Create(ctx, at.Account, in.Body.update())
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) getCycle(ctx context.Context, at policy.Place, in *CyclePath) (*object[cycleShape], error) {
	c, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) updateCycle(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body cycleBody
},
) (*object[cycleShape], error) {
	c, err := a.services.Cycles.Update(ctx, at.Account, in.ID.Value, in.Body.update())
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) deleteCycle(ctx context.Context, at policy.Place, in *CyclePath) (*empty, error) {
	return done(a.services.Cycles.Delete(ctx, at.Account, in.ID.Value))
}

type activationBody struct {
	StartTime optional[moment] `json:",omitzero" doc:"Without an offset it is the time of the account's zone. Of a cycle that runs by time; ignored for one that begins with a webhook, as is Interval, while RunOnce is refused. Default: now. In the past: at once if it runs once, else the next time by Interval, counted from then."`
	Interval  optional[int]    `json:",omitzero" doc:"Ignored for one that begins with a webhook. Minutes: 1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440 or 10080. Default: as it was, at first 60."`
	RunOnce   optional[bool]   `json:",omitzero"`
}

func (a *API) activateCycle(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Body *activationBody
},
) (*object[cycleShape], error) {
	var how tandem.Activation
	if b := in.Body; b != nil {
		how = tandem.Activation{StartTime: b.StartTime.Value.Time, Local: b.StartTime.Value.local, Interval: b.Interval.Value, RunOnce: b.RunOnce.Value}
	}
	c, err := a.services.Control.Activate(ctx, at.Account, in.ID.Value, how)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) deactivateCycle(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Finish bool `query:"finishQueuedTransactions" doc:"Let what is queued come to its end."`
},
) (*object[cycleShape], error) {
	c, err := a.services.Control.Deactivate(ctx, at.Account, in.ID.Value, in.Finish)
	if err != nil {
		return nil, err
	}
	return a.cycleShape(ctx, at, c)
}

func (a *API) listCyclePrerequisites(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	Slicing
},
) (*list[tandem.Prerequisite], error) {
	missing, err := a.services.Control.Prerequisites(ctx, at.Account, in.ID.Value)
	return whole(in.Slicing, missing, err)
}
