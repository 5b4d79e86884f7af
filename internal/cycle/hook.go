package cycle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// WebhookURLs implements tandem.CycleControl.
func (s *Cycles) WebhookURLs(ctx context.Context, a tandem.AccountID, id tandem.CycleID) (map[tandem.StepID]string, error) {
	all, err := s.hooks.Webhooks(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("webhook URLs of cycle %s: %w", id, err)
	}
	urls := make(map[tandem.StepID]string, len(all))
	for _, w := range all {
		urls[w.Step] = s.webhookURL + w.Key
	}
	return urls, nil
}

// install asks third parties to call c's webhooks, and gives those that said
// yes, with the ids that they gave. On an error none is left installed.
//
// Errors: Invalid, naming a parameter, or with what the third party answered.
func (s *Cycles) install(ctx context.Context, c *tandem.Cycle) ([]tandem.Webhook, error) {
	all, err := s.hooks.Webhooks(ctx, c.Account, c.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	shelf, err := s.library.AccountShelf(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	parameters, err := s.hookParameters(ctx, c, shelf)
	if err != nil {
		return nil, err
	}
	var installed []tandem.Webhook
	for _, w := range all {
		call, ok := s.hookCall(shelf, c, w, func(m *connector.Method) string { return m.CreateWebhookMethod })
		if !ok {
			continue
		}
		call.Parameters = parameters[w.Step]
		if known := readSubscription(w.Remote); w.Remote != "" && known.Key == "" { // it could not be removed when the cycle was stopped
			s.uninstall(ctx, c, []tandem.Webhook{w})
			w.Remote = ""
		}
		w.Remote, err = s.create(ctx, w, call)
		if err != nil {
			s.uninstall(context.WithoutCancel(ctx), c, installed)
			return nil, err
		}
		installed = append(installed, w)
	}
	return installed, nil
}

// create subscribes w: with the key of an attempt before this one that was cut off, so
// that a third party that knows it does not subscribe it twice; unless it was for
// something else.
func (s *Cycles) create(ctx context.Context, w tandem.Webhook, call HookCall) (remote string, err error) {
	asked := readSubscription(w.Remote)
	if asked.Key == "" || !maps.Equal(asked.Parameters, call.Parameters) {
		asked = subscription{Parameters: call.Parameters, Key: tandem.NewGUID()}
		if err := s.hooks.SetWebhookRemote(ctx, w, asked.text()); err != nil {
			return "", err
		}
	}
	call.Key = asked.Key
	id, secret, err := s.subscribe(ctx, call)
	if err == nil && secret != "" && s.keepSecret != nil {
		err = s.keepSecret(ctx, w, secret)
	}
	if err != nil { // it is known what came of it: the next attempt is another
		return "", errors.Join(err, s.hooks.SetWebhookRemote(context.WithoutCancel(ctx), w, ""))
	}
	return subscription{Parameters: call.Parameters, ID: id}.text(), nil
}

func (s *Cycles) subscribe(ctx context.Context, call HookCall) (id string, secret tandem.Secret, err error) {
	body, err := s.caller.CallHook(ctx, call)
	if err != nil {
		return "", "", &tandem.Error{Code: tandem.Invalid, Message: "The webhook could not be installed: " + told(err), Err: err}
	}
	id, err = answered(call.Method, connector.WebhookIDField, body)
	if err == nil {
		var text string
		text, err = answered(call.Method, connector.WebhookSecretField, body)
		secret = tandem.Secret(text)
	}
	if err != nil {
		return "", "", &tandem.Error{Code: tandem.Invalid, Message: "The webhook could not be installed: " + err.Error()}
	}
	return id, secret, nil
}

// told is what an error says to a person.
func told(err error) string {
	if e := (*tandem.Error)(nil); errors.As(err, &e) {
		return e.Message
	}
	return "the third party could not be called."
}

// uninstallAll asks third parties to call c's webhooks no more, and forgets the
// ids that they gave. One that fails to is told by the cycle's StopReason, and asked
// again when the cycle is started: until then its calls are answered 410.
func (s *Cycles) uninstallAll(ctx context.Context, c *tandem.Cycle) error {
	all, err := s.hooks.Webhooks(ctx, c.Account, c.ID)
	if err != nil {
		return err
	}
	failed := s.uninstall(ctx, c, all)
	for _, w := range all {
		if w.Remote == "" || failed[w.Step] != nil {
			continue
		}
		if err := s.hooks.SetWebhookRemote(ctx, w, ""); err != nil && tandem.ErrorCode(err) != tandem.NotFound {
			return err
		}
	}
	for _, err := range failed {
		return s.warn(ctx, c, "A webhook could not be removed at its third party, which may go on calling it: "+told(err))
	}
	return nil
}

// warn says of a cycle that has stopped what went wrong.
func (s *Cycles) warn(ctx context.Context, c *tandem.Cycle, reason string) error {
	now, err := s.store.ChangeCycle(tandem.WithAct(ctx, nil), c.Account, c.ID, func(c *tandem.Cycle) error {
		if c.Status != tandem.CycleRunning && c.StopReason == "" {
			c.StopReason = reason
		}
		return nil
	})
	if tandem.ErrorCode(err) == tandem.NotFound {
		return nil
	}
	if err == nil {
		*c = *now
	}
	return err
}

// uninstall gives what went wrong, by step.
func (s *Cycles) uninstall(ctx context.Context, c *tandem.Cycle, webhooks []tandem.Webhook) map[tandem.StepID]error {
	failed := map[tandem.StepID]error{}
	shelf, err := s.library.AccountShelf(ctx, c.Account)
	if err != nil {
		s.log.WarnContext(ctx, "webhooks could not be removed at the third parties", "account", c.Account, "cycle", c.ID, "error", err)
		return failed
	}
	for _, w := range webhooks {
		call, ok := s.hookCall(shelf, c, w, func(m *connector.Method) string { return m.DeleteWebhookMethod })
		known := readSubscription(w.Remote)
		if !ok || known.Key != "" {
			continue
		}
		call.ID, call.Parameters = known.ID, known.Parameters
		if _, err := s.caller.CallHook(ctx, call); err != nil {
			s.log.WarnContext(ctx, "webhook could not be removed at the third party", "account", c.Account, "cycle", c.ID, "step", w.Step, "error", err)
			failed[w.Step] = err
		}
	}
	return failed
}

// hookCall finds the method that installs or removes a webhook, if its
// connector has one; which gives its name.
func (s *Cycles) hookCall(shelf tandem.Shelf, c *tandem.Cycle, w tandem.Webhook, which func(*connector.Method) string) (HookCall, bool) {
	step := stepOf(&c.Graph, w.Step)
	if step == nil {
		return HookCall{}, false
	}
	for _, ref := range c.Graph.Connectors {
		if ref.Ref != step.Connector {
			continue
		}
		conn, m, err := shelf.Resolve(ref, step.Method)
		if err != nil || which(m) == "" {
			return HookCall{}, false
		}
		for i := range conn.Methods {
			if named(&conn.Methods[i], which(m)) {
				return HookCall{Account: c.Account, Connector: c.Connectors[ref.Ref], Method: handedOn(m, &conn.Methods[i]), URL: s.webhookURL + w.Key}, true
			}
		}
	}
	return HookCall{}, false
}

func stepOf(g *tandem.Graph, id tandem.StepID) *tandem.Step {
	for i := range g.Steps {
		if g.Steps[i].ID == id {
			return &g.Steps[i]
		}
	}
	return nil
}

// named says that a method goes by a name or GUID.
func named(m *connector.Method, name string) bool {
	return m.Name == name || strings.EqualFold(m.MethodUniqueIdentifier, name)
}
