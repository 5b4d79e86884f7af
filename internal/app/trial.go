package app

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/demand"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/limit"
)

var _ demand.Trier = (*callout)(nil)

// TryInstalled implements demand.Trier: what is called is c.Connector's, which may
// be a draft, under the limits of the account connector whose credentials it has.
func (o *callout) TryInstalled(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	r, err := o.connections.Credentials(ctx, a, id)
	if err != nil {
		return invoke.Result{}, notCalled(err)
	}
	if r.State != tandem.Authenticated {
		return invoke.Result{}, unauthenticated(r.Connector.Name+" has no credentials", nil)
	}
	way, err := r.As(c.Connector)
	if err != nil {
		return invoke.Result{}, err
	}
	c.Properties, c.Method, c.Auth = r.Properties, r.Method(c.Method), credentials(r, way)
	if err := o.introduce(ctx, a, id, &c); err != nil {
		return invoke.Result{}, err
	}
	return o.sender.send(ctx, a, limit.Key{Account: r.Owner, Connector: id}, c)
}

// TryGiven implements demand.Trier: there is no account connector, and so no limit.
func (o *callout) TryGiven(ctx context.Context, a tandem.AccountID, in tandem.ConnectorTrial, c invoke.Call) (invoke.Result, error) {
	r, err := connection.Given(c.Connector, in)
	if err != nil {
		return invoke.Result{}, err
	}
	c.Properties, c.Auth = r.Properties, credentials(r, r.Authentication)
	if err := o.introduce(ctx, a, 0, &c); err != nil {
		return invoke.Result{}, err
	}
	result, err := o.sender.caller.Call(ctx, c)
	if exhausted(err) || crowdedOut(err) {
		return result, notHere(err, true)
	}
	return result, err
}
