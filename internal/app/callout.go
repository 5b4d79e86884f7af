package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/demand"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/limit"
	"github.com/tandem-ipaas/tandem/internal/outage"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// callout calls third parties for the interpreter and for cycles: it finds who
// the account is there, and leaves the rest to invoke.
type callout struct {
	connections *connection.Connectors
	sender      *sender
	store       *store.Store
	apiIDs      *cache.Cache[tandem.AccountID, string] // of accounts, for scripts

	introductions *demand.Introductions
}

// newCallout makes what all calls go through.
func (a *App) newCallout(connections *connection.Connectors) *callout {
	return &callout{
		connections: connections, store: a.store, apiIDs: cache.New[tandem.AccountID, string](10_000, time.Minute),
		sender: &sender{caller: invoke.New(a.egress, a.callOptions()), limits: limit.New(a.log, a.store, a.callLimits()), machine: outage.New(a.log, "open connections")},
	}
}

// Call implements run.Invoker: it calls c, and once more if a script asks for the
// properties of the account connector to be looked up before.
func (o *callout) Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	r, err := o.connections.Resolve(ctx, a, id)
	if err != nil || r.Connector.PostInstallLookup == nil {
		return o.call(ctx, a, id, c)
	}
	again := c
	again.Body = connector.CloneDocument(c.Body)
	result, err := o.call(ctx, a, id, c)
	var failed *invoke.Error
	if !errors.As(err, &failed) || failed.Again != invoke.AfterLookup {
		return result, err
	}
	if e := o.introductions.LookUp(tandem.WithAct(ctx, nil), r.Owner, id); e != nil {
		failed.Err = errors.Join(failed.Err, fmt.Errorf("look up the properties of account connector %d: %w", id, e))
		return result, err
	}
	return o.call(ctx, a, id, again)
}

// direct calls what Call itself needs.
type direct struct{ *callout }

// Call implements demand.Caller.
func (d direct) Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	return d.call(ctx, a, id, c)
}

// call completes c with the account's credentials and sends it; once more, if the
// third party takes them for expired, with others.
func (o *callout) call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	r, err := o.connections.Credentials(ctx, a, id)
	if err != nil {
		return invoke.Result{}, notCalled(err)
	}
	again := c
	if r.Renewable() {
		again.Body = connector.CloneDocument(c.Body)
		c.Renewable = true
	}
	result, err := o.send(ctx, a, id, r, c)
	if !expired(err) {
		if err == nil {
			o.connections.Accepted(ctx, id, r)
		}
		return result, err
	}
	if r.Renewable() {
		next, e := o.connections.Refresh(ctx, a, id, r)
		if e != nil {
			return result, notCalled(e)
		}
		r = next
		result, err = o.send(ctx, a, id, r, again)
	}
	if expired(err) {
		o.connections.Refused(ctx, id, r)
	}
	return result, err
}

// send sends c with credentials.
func (o *callout) send(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, r *connection.Resolved, c invoke.Call) (invoke.Result, error) {
	if r.State != tandem.Authenticated {
		detail := r.Connector.Name + " has no credentials"
		if r.Note != "" {
			detail = r.Connector.Name + ": " + r.Note
		}
		return invoke.Result{}, unauthenticated(detail, nil)
	}
	c.Connector, c.Properties, c.Method = r.Connector, r.Properties, r.Method(c.Method)
	c.Auth = credentials(r, r.Authentication)
	if err := o.introduce(ctx, a, id, &c); err != nil {
		return invoke.Result{}, err
	}
	return o.sender.send(ctx, a, limit.Key{Account: r.Owner, Connector: id}, c)
}

// credentials are r's, as a way to authenticate takes them.
func credentials(r *connection.Resolved, way *connector.Authentication) invoke.Credentials {
	return invoke.Credentials{Authentication: way, Value: r.AuthValue, Values: r.Values}
}

// introduce says in a call who makes it. What only scripts ask for is not read
// without one.
func (o *callout) introduce(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c *invoke.Call) (err error) {
	c.Origin.Account, c.Origin.Connector = a, id
	if c.Script == "" && c.Method.Script == "" && c.Connector.Script == "" {
		return nil
	}
	c.Origin.AccountAPI, err = o.apiIDs.Load(a, func() (string, error) { return o.store.AccountAPIID(ctx, a) })
	if err != nil {
		return fmt.Errorf("find the API ID of account %d: %w", a, err)
	}
	return nil
}

// expired says that a third party took credentials for none, or a script did.
func expired(err error) bool {
	var failed *invoke.Error
	return errors.As(err, &failed) && (failed.Kind == invoke.Auth && failed.Status == http.StatusUnauthorized || failed.Again == invoke.AfterToken)
}

// notCalled is why there were no credentials to call with.
func notCalled(err error) error {
	var e *tandem.Error
	switch errors.As(err, &e); tandem.ErrorCode(err) {
	case tandem.NotFound:
		return unauthenticated("The account connector is no longer there.", err)
	case tandem.Unauthenticated:
		return unauthenticated(e.Message, err)
	case tandem.Unavailable:
		return &invoke.Error{Kind: invoke.Transient, Short: tandem.IncidentNotCalled, Detail: e.Message, RetryAfter: e.RetryAfter, Err: err}
	}
	return err
}

func unauthenticated(detail string, err error) error {
	return &invoke.Error{Kind: invoke.Auth, Short: tandem.IncidentNotAuthenticated, Detail: detail, Err: err}
}

// CallHook implements cycle.Caller.
func (o *callout) CallHook(ctx context.Context, h cycle.HookCall) ([]byte, error) {
	result, err := o.Call(ctx, h.Account, h.Connector, invoke.Call{
		Method: h.Method, Parameters: h.Parameters, IdempotencyKey: h.Key, Merge: map[string]string{connector.WebhookURLField: h.URL, connector.WebhookIDField: h.ID},
	})
	if failed := (*invoke.Error)(nil); errors.As(err, &failed) {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: failed.Error(), Err: err}
	}
	if err != nil || result.Response == nil {
		return nil, err
	}
	return result.Response.Body, nil
}
