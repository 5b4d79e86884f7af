package invoke

import (
	"encoding/json"
	"slices"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// scripts are a method's and its connector's, compiled.
type scripts struct {
	sources []script.Source
	handled []script.Event
	fields  []string // of responses
}

// events are those of calls, and of webhooks.
var events = [...]script.Event{
	script.BeforeWebhook, script.AfterWebhook, script.BeforeAction, script.AfterAction, script.AfterActionPaging,
	script.AfterError, script.ActionCondition,
}

func newScripts(c *connector.Connector, m *connector.Method) (s scripts) {
	for _, from := range []script.Source{{Level: script.Connector, Text: c.Script}, {Level: script.Method, Text: m.Script}} {
		if from.Text == "" {
			continue
		}
		s.sources = append(s.sources, from)
		for _, e := range events {
			if script.Handles(from.Text, e) && !slices.Contains(s.handled, e) {
				s.handled = append(s.handled, e)
			}
		}
	}
	for i := range m.ResponseFields {
		s.fields = append(s.fields, m.ResponseFields[i].ConnectorField)
	}
	return s
}

// handles says that a script may have a handler of e.
func (x *exchange) handles(e script.Event) bool {
	return slices.Contains(x.plan.scripts.handled, e) || x.stepHandles(e)
}

func (x *exchange) stepHandles(e script.Event) bool {
	return x.call.Script != "" && script.Handles(x.call.Script, e)
}

// trips is what scripts have done in a call.
type trips struct {
	actionData
	merges  map[string]string // merge fields as they set them
	request json.RawMessage   // the request's document as they wrote it
}

// actionData is action_data: that of scripts of connector and method, who may put
// there what is secret, and that of the step's, who never sees theirs.
type actionData struct {
	Inner json.RawMessage `json:"a,omitempty"`
	Step  json.RawMessage `json:"s,omitempty"`
}

// action is action_data as it may be kept.
func (x *exchange) action() actionData {
	if x.trips == nil {
		return x.place.actionData
	}
	return actionData{Inner: x.kept(x.trips.Inner), Step: x.kept(x.trips.Step)}
}

// kept is one of action_data without secrets; nil: there is nothing in it.
func (x *exchange) kept(raw json.RawMessage) json.RawMessage {
	if string(raw) == "{}" {
		return nil
	}
	if !x.secrets.suspect(raw) {
		return raw
	}
	if doc, err := decode(raw); err == nil {
		if clean, found := x.secrets.document(doc); found {
			raw, _ = json.Marshal(clean)
		}
	}
	return raw
}
