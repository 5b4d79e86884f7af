package cycle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
// Errors: Invalid, with what the third party answered.
func (s *Cycles) install(ctx context.Context, c *tandem.Cycle) ([]tandem.Webhook, error) {
	all, err := s.hooks.Webhooks(ctx, c.Account, c.ID)
	if err != nil {
		return nil, err
	}
	shelf, err := s.library.AccountShelf(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	var installed []tandem.Webhook
	for _, w := range all {
		call, ok := s.hookCall(shelf, c, w, func(m *connector.Method) string { return m.CreateWebhookMethod })
		if !ok {
			continue
		}
		if w.Remote != "" && !strings.HasPrefix(w.Remote, asking) { // it could not be removed when the cycle was stopped
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

// asking is what a webhook's remote id begins with while a third party is asked for
// one: the Idempotency-Key of the request comes after. It is written down before, so
// that after a crash the request is made again, not another one.
const asking = "asking:"

// create subscribes w: with the key of an attempt before this one that was cut off, so
// that a third party that knows it does not subscribe it twice.
func (s *Cycles) create(ctx context.Context, w tandem.Webhook, call HookCall) (id string, err error) {
	key, began := strings.CutPrefix(w.Remote, asking)
	if !began {
		key = tandem.NewGUID()
		if err := s.hooks.SetWebhookRemote(ctx, w, asking+key); err != nil {
			return "", err
		}
	}
	call.Key = key
	id, err = s.subscribe(ctx, call)
	if err != nil { // it is known what came of it: the next attempt is another
		err = errors.Join(err, s.hooks.SetWebhookRemote(context.WithoutCancel(ctx), w, ""))
	}
	return id, err
}

func (s *Cycles) subscribe(ctx context.Context, call HookCall) (string, error) {
	body, err := s.caller.CallHook(ctx, call)
	if err != nil {
		return "", &tandem.Error{Code: tandem.Invalid, Message: "The webhook could not be installed: " + told(err), Err: err}
	}
	id, err := remoteID(call.Method, body)
	if err != nil {
		return "", &tandem.Error{Code: tandem.Invalid, Message: "The webhook could not be installed: " + err.Error()}
	}
	return id, nil
}

// told is what an error says to a person.
func told(err error) string {
	if e := (*tandem.Error)(nil); errors.As(err, &e) {
		return e.Message
	}
	return "the third party could not be called."
}

// remoteID reads the id that a third party gave a webhook. Some give none.
func remoteID(m *connector.Method, body []byte) (string, error) {
	for _, f := range m.ResponseFields {
		if f.SystemField != connector.WebhookIDField {
			continue
		}
		at, err := connector.ParseLocation(f.ConnectorField)
		if err != nil {
			return "", err
		}
		var doc any
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber() // ids may be long numbers
		if err := d.Decode(&doc); err != nil {
			return "", fmt.Errorf("the answer is not JSON")
		}
		id, ok := at.Get(doc)
		if !ok || id == nil {
			return "", fmt.Errorf("the answer has no %s", f.ConnectorField)
		}
		return idText(f.ConnectorField, id)
	}
	return "", nil
}

// maxRemoteID is how many bytes of an id are kept.
const maxRemoteID = 1000

// idText is an id as text that every database takes.
func idText(field string, id any) (string, error) {
	var text string
	switch id := id.(type) {
	case string:
		text = id
	case json.Number:
		text = string(id)
	default:
		return "", fmt.Errorf("the answer's %s is neither text nor a number", field)
	}
	if len(text) > maxRemoteID || strings.IndexByte(text, 0) >= 0 {
		return "", fmt.Errorf("the answer's %s cannot be an id", field)
	}
	return text, nil
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
		if !ok || strings.HasPrefix(w.Remote, asking) {
			continue
		}
		call.ID = w.Remote
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
				return HookCall{Account: c.Account, Connector: c.Connectors[ref.Ref], Method: &conn.Methods[i], URL: s.webhookURL + w.Key}, true
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
