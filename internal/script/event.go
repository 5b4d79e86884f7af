package script

import (
	"slices"
	"strings"
)

// Event is when scripts run. Its name is that of the function that handles it.
type Event string

// The events, in the order of a call.
const (
	BeforeWebhook         Event = "before_webhook"
	AfterWebhook          Event = "after_webhook"
	BeforeAction          Event = "before_action"
	AfterAction           Event = "after_action"
	AfterActionPaging     Event = "after_action_paging"
	AfterError            Event = "after_error"
	ActionCondition       Event = "action_condition"
	BeforeOAuth2Authorise Event = "before_oauth2_authorise"
	BeforeOAuth2Token     Event = "before_oauth2_token"
	AfterOAuth2Token      Event = "after_oauth2_token"
	BeforeOAuth2Refresh   Event = "before_oauth2_refresh"
	AfterOAuth2Refresh    Event = "after_oauth2_refresh"
)

// Events are all there are, in the order of a call.
func Events() []Event {
	return []Event{
		BeforeWebhook, AfterWebhook, BeforeAction, AfterAction, AfterActionPaging, AfterError, ActionCondition,
		BeforeOAuth2Authorise, BeforeOAuth2Token, AfterOAuth2Token, BeforeOAuth2Refresh, AfterOAuth2Refresh,
	}
}

// Level is where a script stands.
type Level string

// The levels.
const (
	Connector Level = "Connector"
	Method    Level = "Method"
	Step      Level = "Step"
)

// view is what scripts have of the world at an event: globals by name.
type view struct{ sees, changes []string }

// everywhere are the globals of all events. Changes of action_data are kept until
// the call of the method is over.
var everywhere = []string{
	"script_execution_context", "method_response_fields", "method_response_fields_in_use", "cycle_variables",
	"cycle_step_id", "cycle_id", "cyclr_account_id", "external_account_id", "script_parameters", actionData,
}

const actionData = "action_data"

var (
	beforeOAuth2 = view{changes: []string{"method_endpoint", "method_request_headers", "method_request"}}
	afterOAuth2  = view{sees: []string{"method_endpoint", "method_request_headers", "method_request"}, changes: []string{"method_response"}}
)

// views is the table of docs/scripts.md.
var views = map[Event]view{
	BeforeWebhook: {
		sees:    []string{"method_endpoint", "method_request_headers", "method_request", "method_request_parameters"},
		changes: []string{"method_response_headers", "method_response"},
	},
	AfterWebhook: {changes: []string{"method_response"}},
	BeforeAction: {
		sees:    []string{"last_successful_run_date"},
		changes: []string{"method_endpoint", "method_request_headers", "method_request_parameters", "method_request", "method_request_mergefields"},
	},
	AfterAction: {
		sees:    []string{"method_endpoint", "method_request", "method_request_mergefields", "method_response_headers", "statusCode", "reasonPhrase"},
		changes: []string{"method_response"},
	},
	AfterActionPaging:     {changes: []string{"method_response", "next_last_successful_run_date"}},
	AfterError:            {changes: []string{"method_error"}},
	ActionCondition:       {sees: []string{"method_response"}},
	BeforeOAuth2Authorise: beforeOAuth2,
	BeforeOAuth2Token:     beforeOAuth2,
	AfterOAuth2Token:      afterOAuth2,
	BeforeOAuth2Refresh:   beforeOAuth2,
	AfterOAuth2Refresh:    afterOAuth2,
}

// Sees are the names of the globals that the scripts of e have, those that they
// may change among them.
func (e Event) Sees() []string {
	return slices.Concat(views[e].sees, e.Changes(), everywhere[:len(everywhere)-1])
}

// Changes are the names of the globals that scripts may change: what other changes
// they make nobody notices.
func (e Event) Changes() []string { return append(slices.Clone(views[e].changes), actionData) }

// order is in which the levels have their say: what is prepared goes from the
// method outwards, what has come from the connector inwards.
func (e Event) order() []Level {
	if strings.HasPrefix(string(e), "before_") {
		return []Level{Method, Connector, Step}
	}
	return []Level{Connector, Method, Step}
}

// Handles says whether a script may have a handler of e: the name is in its text.
// It is quick, and there is no need for a worker where it says no.
func Handles(text string, e Event) bool {
	for {
		_, after, found := strings.Cut(text, string(e))
		if !found {
			return false
		}
		before := text[:len(text)-len(after)-len(e)]
		if !endsInName(before) && !beginsWithName(after) {
			return true
		}
		text = after
	}
}

func endsInName(s string) bool     { return s != "" && isName(s[len(s)-1]) }
func beginsWithName(s string) bool { return s != "" && isName(s[0]) }

// isName says whether a byte may stand in the name of a variable.
func isName(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '$' || b >= 0x80
}
