package app

import (
	"context"
	"errors"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// callout calls third parties for the interpreter and for cycles: it finds who
// the account is there, and leaves the rest to invoke.
type callout struct {
	connections *connection.Connectors
	caller      *invoke.Caller
}

// Call implements run.Invoker: it completes c with the account's credentials
// and sends it.
func (o *callout) Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	r, err := o.connections.Resolve(ctx, a, id)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound:
		return invoke.Result{}, unauthenticated("The account connector is no longer there.", err)
	case err != nil:
		return invoke.Result{}, err
	case r.State != tandem.Authenticated:
		return invoke.Result{}, unauthenticated(r.Connector.Name+" has no credentials", nil)
	}
	c.Connector, c.Properties = r.Connector, r.Properties
	c.Auth = invoke.Credentials{Authentication: r.Authentication, Value: r.AuthValue}
	return o.caller.Call(ctx, c)
}

func unauthenticated(detail string, err error) error {
	return &invoke.Error{Kind: invoke.Auth, Short: tandem.IncidentNotAuthenticated, Detail: detail, Err: err}
}

// CallHook implements cycle.Caller.
func (o *callout) CallHook(ctx context.Context, h cycle.HookCall) ([]byte, error) {
	result, err := o.Call(ctx, h.Account, h.Connector, invoke.Call{
		Method: h.Method, Merge: map[string]string{connector.WebhookURLField: h.URL, connector.WebhookIDField: h.ID},
	})
	if failed := (*invoke.Error)(nil); errors.As(err, &failed) {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: failed.Error(), Err: err}
	}
	if err != nil || result.Response == nil {
		return nil, err
	}
	return result.Response.Body, nil
}
