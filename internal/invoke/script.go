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
	action  json.RawMessage   // action_data
	merges  map[string]string // merge fields as they set them
	request json.RawMessage   // the request's document as they wrote it
}

// action is action_data as it may be kept; nil: there is none.
func (x *exchange) action() json.RawMessage {
	if x.trips == nil {
		return x.place.Action
	}
	if doc, err := decode(x.trips.action); err == nil && x.secrets.suspect(x.trips.action) {
		if clean, found := x.secrets.document(doc); found {
			x.trips.action, _ = json.Marshal(clean)
		}
	}
	if string(x.trips.action) == "{}" {
		return nil
	}
	return x.trips.action
}
