package usage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Verify implements tandem.Meter.
func (m *Meter) Verify(ctx context.Context, p tandem.PartnerID, apiID string) (tandem.UsageCheck, error) {
	a, err := m.store.Account(ctx, p, apiID)
	if err != nil {
		return tandem.UsageCheck{}, err
	}
	l, err := m.store.Ledger(ctx, a.ID)
	now := time.Now().UTC()
	if err != nil {
		return tandem.UsageCheck{}, fmt.Errorf("verify the usage of account %q: %w", apiID, err)
	}
	c := &comparison{store: m.store, account: a.ID, sides: map[subject]*sides{}, graphs: map[graph]map[tandem.StepID]subject{}, vague: map[tandem.CycleID]bool{}}
	if err := c.read(ctx, l); err != nil {
		return tandem.UsageCheck{}, fmt.Errorf("verify the usage of account %q: %w", apiID, err)
	}
	check := tandem.UsageCheck{ID: a.APIID, StartTime: l.Since.Time(), EndTime: now, Differences: c.differences()}
	if day := a.CreatedDate.UTC().Truncate(24 * time.Hour); check.StartTime.Before(day) {
		check.StartTime = day
	}
	if check.StartTime.After(now) {
		check.StartTime = now // nothing is kept
	}
	for _, s := range c.sides {
		check.TasksUsed += s.counted.TasksUsed
		check.TasksFound += s.found.TasksUsed
	}
	return check, nil
}

// subject is whose tasks are compared. Counts that are older than a week are put
// together, but never beyond a day.
type subject struct {
	day                        string // UTC
	cycle                      tandem.CycleID
	connector, version, method string
}

type sides struct{ counted, found tandem.Tasks }

// graph is a version of a cycle.
type graph struct {
	cycle   tandem.CycleID
	version int64
}

type comparison struct {
	store   Store
	account tandem.AccountID
	sides   map[subject]*sides
	graphs  map[graph]map[tandem.StepID]subject // the methods of their steps
	// vague cycles are compared as a whole: they are gone with their graphs, or
	// were counted when connectors were not.
	vague map[tandem.CycleID]bool
}

func (c *comparison) read(ctx context.Context, l journal.Ledger) error {
	for _, r := range l.Recorded {
		if err := c.learn(ctx, graph{r.Cycle, r.Version}); err != nil {
			return err
		}
	}
	for _, n := range l.Counted {
		c.vague[n.Cycle] = c.vague[n.Cycle] || n.Connector == ""
	}
	for _, n := range l.Counted {
		s := c.of(n.Slot, n.Cycle, spell(n.Connector, n.Version, n.Method))
		s.counted = sum(s.counted, tasks(n.Succeeded, n.Failed))
	}
	for _, r := range l.Recorded {
		s := c.of(r.Slot, r.Cycle, c.graphs[graph{r.Cycle, r.Version}][r.Step])
		s.found = sum(s.found, tasks(r.Succeeded, r.Failed))
	}
	return nil
}

// learn reads which methods the steps of a graph call.
func (c *comparison) learn(ctx context.Context, of graph) error {
	if c.graphs[of] != nil || c.vague[of.cycle] {
		return nil
	}
	cycle, err := c.store.CycleVersion(ctx, c.account, of.cycle, of.version)
	if tandem.ErrorCode(err) == tandem.NotFound {
		c.vague[of.cycle] = true
		return nil
	}
	if err != nil {
		return err
	}
	methods := map[tandem.StepID]subject{}
	for _, step := range cycle.Graph.Steps {
		for _, ref := range cycle.Graph.Connectors {
			if ref.Ref == step.Connector {
				methods[step.ID] = spell(ref.Name, ref.Version, step.Method)
			}
		}
	}
	c.graphs[of] = methods
	return nil
}

// spell is a method without regard to case.
func spell(connector, version, method string) subject {
	return subject{connector: strings.ToLower(connector), version: version, method: strings.ToLower(method)}
}

func (c *comparison) of(slot tandem.Slot, cycle tandem.CycleID, method subject) *sides {
	if c.vague[cycle] {
		method = subject{}
	}
	method.day, method.cycle = slot.Time().Format(time.DateOnly), cycle
	s := c.sides[method]
	if s == nil {
		s = &sides{}
		c.sides[method] = s
	}
	return s
}

func tasks(succeeded, failed int) tandem.Tasks {
	return tandem.Tasks{TasksUsed: succeeded + failed, SuccessfulTasks: succeeded, IncidentTasks: failed}
}

func (c *comparison) differences() []tandem.UsageDifference {
	all := []tandem.UsageDifference{}
	for of, s := range c.sides {
		if s.counted != s.found {
			all = append(all, tandem.UsageDifference{
				Day: of.day, CycleID: of.cycle, Connector: of.connector, ConnectorVersion: of.version, Method: of.method, Counted: s.counted, Found: s.found,
			})
		}
	}
	slices.SortFunc(all, func(a, b tandem.UsageDifference) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.CycleID, b.CycleID), cmp.Compare(a.Connector, b.Connector),
			cmp.Compare(a.ConnectorVersion, b.ConnectorVersion), cmp.Compare(a.Method, b.Method))
	})
	return all
}
