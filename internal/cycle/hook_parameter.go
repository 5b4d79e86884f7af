package cycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// hookParameters are the parameters of c's webhook steps, by step.
func (s *Cycles) hookParameters(ctx context.Context, c *tandem.Cycle, shelf tandem.Shelf) (map[tandem.StepID]map[string]string, error) {
	plan, err := workflow.Compile(&c.Graph, shelf.Resolve)
	if err != nil {
		return nil, err
	}
	all := map[tandem.StepID]map[string]string{}
	for _, n := range plan.Nodes {
		if n.Kind != tandem.WebhookStep {
			continue
		}
		if all[n.ID], err = s.WebhookParameters(ctx, c.Account, n); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// WebhookParameters are the parameters of a webhook step, by name: what can be known
// of them before anything has come. They are the same for all that comes.
//
// Errors: Invalid, naming the parameter; Unavailable.
func (s *Cycles) WebhookParameters(ctx context.Context, a tandem.AccountID, n *workflow.Node) (map[string]string, error) {
	var d workflow.Data
	scripts, err := n.Inline(&d)
	if err == nil && len(scripts) > 0 && s.scripts != nil {
		d.Inline, err = s.scripts.Inline(ctx, a, scripts)
	}
	var values map[string]string
	if err == nil {
		values, err = n.Parameters(&d)
	}
	var wrong *workflow.MapError
	switch {
	case err == nil:
		return values, nil
	case errors.As(err, &wrong):
		return nil, &tandem.Error{Code: tandem.Invalid, Field: wrong.Target, Message: fmt.Sprintf("Step %q, %v.", n.Name, wrong), Err: err}
	case ctx.Err() != nil:
		return nil, err
	}
	return nil, &tandem.Error{
		Code: tandem.Unavailable, Message: fmt.Sprintf("The inline scripts of step %q could not be run. Try again shortly.", n.Name),
		RetryAfter: 10 * time.Second, Err: err,
	}
}

// handedOn is a method that installs or removes a webhook, with what the webhook has
// for the parameters of the same names where nobody maps them.
func handedOn(webhook, m *connector.Method) *connector.Method {
	with := *m
	with.Parameters = slices.Clone(m.Parameters)
	for i := range with.Parameters {
		p := &with.Parameters[i]
		at := slices.IndexFunc(webhook.Parameters, func(w connector.Parameter) bool { return w.Name == p.Name })
		if at >= 0 {
			p.Value, p.Default = cmp.Or(p.Value, webhook.Parameters[at].Value), cmp.Or(webhook.Parameters[at].Default, p.Default)
		}
	}
	return &with
}
