package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/run"
)

// callout calls third parties for the interpreter and for cycles: it finds who
// the account is there, and leaves the rest to invoke.
type callout struct {
	connections *connection.Connectors
	caller      *invoke.Caller
}

// Call implements run.Invoker.
func (o *callout) Call(ctx context.Context, c run.Call) (run.Reply, error) {
	result, err := o.call(ctx, c.Account, c.Connector, invoke.Call{
		Method: c.Method, Parameters: c.Parameters, Body: c.Body, LastRun: c.LastRun, IdempotencyKey: c.Key, Page: c.Page,
	})
	return run.Reply{Request: result.Request, Response: result.Response, Next: result.Next}, failure(err)
}

// CallHook implements cycle.Caller.
func (o *callout) CallHook(ctx context.Context, h cycle.HookCall) ([]byte, error) {
	result, err := o.call(ctx, h.Account, h.Connector, invoke.Call{
		Method: h.Method, Merge: map[string]string{"Cyclr_Webhook_Url": h.URL, "Cyclr_Webhook_Id": h.ID},
	})
	if err != nil || result.Response == nil {
		return nil, err
	}
	return result.Response.Body, nil
}

// call completes c with the account's credentials and sends it.
func (o *callout) call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	r, err := o.connections.Resolve(ctx, a, id)
	if err != nil {
		return invoke.Result{}, err
	}
	if r.State != tandem.Authenticated {
		return invoke.Result{}, &invoke.Error{Kind: invoke.Auth, Short: "Failed to authenticate the connector", Detail: fmt.Sprintf("%s has no credentials", r.Connector.Name)}
	}
	c.Connector, c.Properties = r.Connector, r.Properties
	c.Auth = invoke.Credentials{Authentication: r.Authentication, Value: r.AuthValue}
	return o.caller.Call(ctx, c)
}

var failureKinds = map[invoke.Kind]run.FailureKind{
	invoke.Build:       run.Unbuildable,
	invoke.Auth:        run.Unauthenticated,
	invoke.RateLimited: run.Throttled,
	invoke.Transient:   run.Rejected,
	invoke.Permanent:   run.Rejected,
	invoke.Format:      run.Unreadable,
}

// failure is an error of a call as the interpreter knows it.
func failure(err error) error {
	var e *invoke.Error
	switch {
	case errors.As(err, &e):
		return &run.Failure{Kind: failureKinds[e.Kind], Message: e.Detail, RetryAfter: e.RetryAfter, Err: err}
	case tandem.ErrorCode(err) == tandem.NotFound:
		return &run.Failure{Kind: run.Unauthenticated, Message: "The account connector is no longer there.", Err: err}
	}
	return err
}
