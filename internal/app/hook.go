package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/trigger"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// hooks finds the rules of webhooks.
type hooks struct {
	cycles      *cycle.Cycles
	connections *connection.Connectors
	calls       *callout
	secrets     hookSecrets
	url         string // before the path of requests
}

// scripts gives those of a webhook; nil: none has a say.
func (h hooks) scripts(ctx context.Context, w tandem.Webhook, plan *workflow.Plan, n *workflow.Node, id tandem.AccountConnectorID) (trigger.Scripts, error) {
	if !invoke.Listens(n.Connector, n.Method, n.Script) {
		return nil, nil
	}
	parameters, err := h.cycles.WebhookParameters(ctx, w.Account, n)
	if err != nil {
		return nil, err
	}
	return &webhookScripts{h, w.Account, id, invoke.Call{
		Origin: invoke.Origin{
			Account: w.Account, Connector: id, Cycle: w.Cycle, Step: w.Step, Variables: plan.Variables, Mode: invoke.Running,
		},
		Connector: n.Connector, Method: n.Method, Script: n.Script, Parameters: parameters, FieldsInUse: n.FieldsInUse,
	}}, nil
}

// webhookScripts are those of one webhook.
type webhookScripts struct {
	hooks
	account   tandem.AccountID
	connector tandem.AccountConnectorID
	call      invoke.Call
}

// open gives the call what the account connector has.
func (s *webhookScripts) open(ctx context.Context) (invoke.Call, error) {
	c := s.call
	if err := s.calls.introduce(ctx, s.account, s.connector, &c); err != nil {
		return c, err
	}
	r, err := s.connections.Resolve(ctx, s.account, s.connector)
	if tandem.ErrorCode(err) == tandem.NotFound {
		return c, nil // some webhooks have none
	}
	if err != nil {
		return c, err
	}
	c.Properties = r.Properties
	c.Auth = invoke.Credentials{Authentication: r.Authentication, Value: r.AuthValue, Values: r.Values}
	return c, nil
}

// Before implements trigger.Scripts.
func (s *webhookScripts) Before(ctx context.Context, request tandem.Exchange) (*trigger.Reply, error) {
	c, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	reply, err := s.calls.sender.caller.BeforeWebhook(ctx, c, invoke.Incoming{
		URL: strings.TrimSuffix(s.url, "/") + request.URL, Headers: request.Headers, Body: request.Body,
	})
	if err != nil || reply == nil {
		return nil, hookError(err)
	}
	return &trigger.Reply{Headers: reply.Headers, Body: reply.Body}, nil
}

// After implements trigger.Scripts.
func (s *webhookScripts) After(ctx context.Context, body []byte) ([]byte, bool, error) {
	c, err := s.open(ctx)
	if err != nil {
		return nil, false, err
	}
	body, ok, err := s.calls.sender.caller.AfterWebhook(ctx, c, body)
	return body, ok, hookError(err)
}

// hookError is what the sender is told. What a script threw is for its eyes;
// what the script could not do is worth sending again.
func hookError(err error) error {
	var failed *invoke.Error
	if !errors.As(err, &failed) {
		return err
	}
	var why *script.Error
	if errors.As(err, &why) && why.Kind == script.Thrown {
		return &tandem.Error{Code: tandem.Invalid, Message: failed.Detail, Err: err}
	}
	return &tandem.Error{Code: tandem.Unavailable, Message: "The request could not be looked at. Try again shortly.", RetryAfter: 10 * time.Second, Err: err}
}
