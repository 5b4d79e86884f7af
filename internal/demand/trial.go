package demand

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// Trier makes a request of a definition that need not be installed.
type Trier interface {
	// TryInstalled uses the credentials and properties of an account connector.
	// Errors: as Caller; Invalid (c.Connector has not its way to authenticate).
	TryInstalled(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error)
	// TryGiven uses what is given. Errors: as Caller; Invalid.
	TryGiven(ctx context.Context, a tandem.AccountID, in tandem.ConnectorTrial, c invoke.Call) (invoke.Result, error)
}

// Scripts runs scripts; *script.Pool does.
type Scripts interface {
	// Run errors: *script.Error.
	Run(ctx context.Context, j script.Job) (*script.Outcome, error)
}

// Trials implements tandem.ConnectorTrials.
type Trials struct {
	service *Service
	trier   Trier
	scripts Scripts
}

var _ tandem.ConnectorTrials = (*Trials)(nil)

// NewTrials makes the service; s prepares the calls.
func NewTrials(s *Service, trier Trier, scripts Scripts) *Trials {
	return &Trials{service: s, trier: trier, scripts: scripts}
}

// Try implements tandem.ConnectorTrials.
func (t *Trials) Try(ctx context.Context, a tandem.AccountID, id tandem.ConnectorID, in tandem.ConnectorTrial) (tandem.MethodTest, error) {
	c, err := t.prepare(ctx, a, id, in)
	if err != nil {
		return tandem.MethodTest{}, err
	}
	var r invoke.Result
	if in.Installed != 0 {
		r, err = t.trier.TryInstalled(ctx, a, in.Installed, c)
	} else {
		r, err = t.trier.TryGiven(ctx, a, in, c)
	}
	return tested(c.Method, r, err)
}

// prepare makes the call, of a method of the partner's own.
func (t *Trials) prepare(ctx context.Context, a tandem.AccountID, id tandem.ConnectorID, in tandem.ConnectorTrial) (c invoke.Call, err error) {
	shelf, err := t.service.library.AccountShelf(ctx, a)
	if err != nil {
		return c, err
	}
	lc, err := shelf.Connector(id)
	if err == nil && !lc.Own {
		err = tandem.NotFoundf("Connector %d could not be found.", id)
	}
	if err != nil {
		return c, err
	}
	if in.Installed != 0 {
		if err := t.same(ctx, a, in.Installed, lc, shelf); err != nil {
			return c, err
		}
	}
	m, err := findMethod(lc, in.Method)
	if err != nil {
		return c, err
	}
	given, err := byNumber(m, in)
	if err != nil {
		return c, err
	}
	c = newCall(a, in.Installed, lc.Connector, m)
	c.Origin.Mode = invoke.ConnectorTesting
	return t.service.fill(ctx, a, in.Installed, c, given)
}

// same errors: NotFound (the account connector), Invalid (it is of another connector).
func (t *Trials) same(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, lc *tandem.LibraryConnector, shelf tandem.Shelf) error {
	installed, err := t.service.connections.Get(ctx, a, id)
	if err != nil {
		return err
	}
	of, err := shelf.Connector(installed.Connector)
	if err == nil && !of.SameAs(lc) {
		err = tandem.Invalidf("AccountConnectorId", "AccountConnectorId: %d is of %s, not of %s.", id, of.Name, lc.Name)
	}
	return err
}

// byNumber has what is given by the ids of m's parts.
//
// Errors: Invalid.
func byNumber(m *connector.Method, in tandem.ConnectorTrial) (tandem.MethodInput, error) {
	all := tandem.MethodInput{Parameters: map[int64]any{}, Fields: map[int64]any{}}
	for name, v := range in.Parameters {
		p := find(m.Parameters, func(p *connector.Parameter) bool { return strings.EqualFold(p.Name, name) })
		if p == nil {
			return all, tandem.Invalidf("Parameters."+name, "Parameters: method %q has no parameter %q.", m.Name, name)
		}
		all.Parameters[p.ID] = v
	}
	for at, v := range in.Fields {
		f := find(m.RequestFields, func(f *connector.Field) bool { return f.ConnectorField == at })
		if f == nil {
			return all, tandem.Invalidf("Fields."+at, "Fields: method %q has no request field %q.", m.Name, at)
		}
		all.Fields[f.ID] = v
	}
	return all, nil
}

// RunScript implements tandem.ConnectorTrials.
func (t *Trials) RunScript(ctx context.Context, p tandem.PartnerID, in tandem.ScriptTrial) (*tandem.ScriptRun, error) {
	e := script.Event(in.Event)
	if !slices.Contains(script.Events(), e) {
		return nil, tandem.Invalidf("Event", "Event: %q is not known.", in.Event)
	}
	job := script.Job{
		Owner: fmt.Sprintf("partner %d", p), Event: e, State: map[string]any{"script_execution_context": invoke.ConnectorTesting},
		Sources: []script.Source{{Level: script.Method, Text: in.Script, Visible: map[string]any{}}},
	}
	for name, value := range in.State {
		job.State[name] = value
		job.Sources[0].Visible[name] = value
	}
	out, err := t.scripts.Run(ctx, job)
	run := &tandem.ScriptRun{Handled: script.Handles(in.Script, e)}
	if out != nil {
		run.Go, run.True, run.State, run.Log = out.Go, out.True, out.State, out.Log
	}
	var failed *script.Error
	switch {
	case !errors.As(err, &failed):
		return run, err
	case failed.Kind == script.Busy || failed.Kind == script.Unavailable:
		return nil, &tandem.Error{Code: tandem.Unavailable, Message: "Scripts cannot be run at the moment. Try again shortly.", Err: err}
	}
	run.Failed, run.Line = cmp.Or(failed.Message, failed.Error()), failed.Line
	return run, nil
}
