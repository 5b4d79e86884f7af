package api

import (
	"context"
	"strconv"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// IncidentQuery narrows a list of incidents.
type IncidentQuery struct {
	Paging
	Format
	After  moment `query:"after" doc:"RFC 3339, a date, or M/D/YYYY."`
	Before moment `query:"before"`
}

func (a *API) incidents(ctx context.Context, at policy.Place, q *IncidentQuery, f tandem.TransactionFilter) (*tabular, error) {
	f.After, f.Before = q.After.Time, q.Before.Time
	fetch := onward(&f.Past, func(i *tandem.Incident) int64 { return int64(i.ID) }, func(r tandem.PageRequest) (tandem.Page[tandem.Incident], error) {
		f.PageRequest = r
		found, err := a.services.Transactions.Incidents(ctx, at.Account, f)
		if err == nil {
			err = a.name(ctx, at, found.Rows)
		}
		return found, err
	})
	return report(q.Format, q.request(), "incidents", incidentColumns, fetch, incidentCells)
}

func incidentCells(i *tandem.Incident) []string {
	return []string{
		strconv.FormatInt(int64(i.ID), 10), string(i.CycleID), i.CycleName, i.IncidentLevel.String(), i.ShortMessage, i.FullMessage,
		string(i.StepID), i.StepName, i.TransactionID.String(), cell(i.Created),
	}
}

var incidentColumns = []string{
	"Id", "CycleId", "CycleName", "IncidentLevel", "ShortMessage", "FullMessage", "StepId", "StepName", "TransactionId", "CreatedOnUtc",
}

// version is one of a cycle.
type version struct {
	cycle  tandem.CycleID
	number int64
}

// name gives incidents the names of their cycles as they are now, and of their
// steps as they were in the version that ran; what is deleted has none.
func (a *API) name(ctx context.Context, at policy.Place, incidents []tandem.Incident) error {
	cycles := map[tandem.CycleID]*tandem.Cycle{}
	steps := map[version]map[tandem.StepID]string{}
	for i := range incidents {
		in := &incidents[i]
		c, ok := cycles[in.CycleID]
		if !ok {
			var err error
			c, err = a.services.Cycles.Get(ctx, at.Account, in.CycleID)
			if err != nil && tandem.ErrorCode(err) != tandem.NotFound {
				return err
			}
			cycles[in.CycleID] = c
		}
		if c == nil {
			continue
		}
		in.CycleName = c.Name
		ran := version{c.ID, in.Version}
		if steps[ran] == nil {
			var err error
			if steps[ran], err = a.stepNames(ctx, at, c, in.Version); err != nil {
				return err
			}
		}
		in.StepName = steps[ran][in.StepID]
	}
	return nil
}

// stepNames are those of a version of c, or else, if it is not kept, those of now.
func (a *API) stepNames(ctx context.Context, at policy.Place, c *tandem.Cycle, version int64) (map[tandem.StepID]string, error) {
	if version != 0 {
		names, err := a.services.Control.StepNames(ctx, at.Account, c.ID, version)
		if tandem.ErrorCode(err) != tandem.NotFound {
			return names, err
		}
	}
	names := map[tandem.StepID]string{}
	for _, s := range c.Graph.Steps {
		names[s.ID] = s.Name
	}
	return names, nil
}

func (a *API) listErrors(ctx context.Context, at policy.Place, in *IncidentQuery) (*tabular, error) {
	level := tandem.OutcomeError
	return a.incidents(ctx, at, in, tandem.TransactionFilter{Level: &level})
}

func (a *API) listWarnings(ctx context.Context, at policy.Place, in *IncidentQuery) (*tabular, error) {
	level := tandem.OutcomeWarning
	return a.incidents(ctx, at, in, tandem.TransactionFilter{Level: &level})
}

func (a *API) listCycleIncidents(ctx context.Context, at policy.Place, in *struct {
	CyclePath
	IncidentQuery
},
) (*tabular, error) {
	if _, err := a.services.Cycles.Get(ctx, at.Account, in.ID.Value); err != nil {
		return nil, err
	}
	return a.incidents(ctx, at, &in.IncidentQuery, tandem.TransactionFilter{Cycle: in.ID.Value})
}

func (a *API) clearIncidents(ctx context.Context, at policy.Place, in *CyclePath) (*empty, error) {
	return done(a.services.Transactions.ClearIncidents(ctx, at.Account, in.ID.Value))
}
