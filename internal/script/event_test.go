package script

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var events = []Event{
	BeforeWebhook, AfterWebhook, BeforeAction, AfterAction, AfterActionPaging, AfterError, ActionCondition,
	BeforeOAuth2Authorise, BeforeOAuth2Token, AfterOAuth2Token, BeforeOAuth2Refresh, AfterOAuth2Refresh,
}

// What comes before goes Method, Connector, Step; all else Connector, Method, Step.
func TestOrderOfLevels(t *testing.T) {
	p := newPool(t, Options{})
	for _, e := range events {
		var sources []Source
		for _, l := range []Level{Step, Method, Connector} {
			sources = append(sources, Source{Level: l, Text: "function " + string(e) + "() { action_data.order = [...(action_data.order ?? []), '" + string(l) + "']; return true; }"})
		}
		o, err := p.Run(t.Context(), Job{Event: e, Sources: sources})
		if err != nil {
			t.Errorf("%s: %v", e, err)
			continue
		}
		want := `{"order":["Connector","Method","Step"]}`
		if slices.Contains([]Event{BeforeWebhook, BeforeAction, BeforeOAuth2Authorise, BeforeOAuth2Token, BeforeOAuth2Refresh}, e) {
			want = `{"order":["Method","Connector","Step"]}`
		}
		if got := string(o.State["action_data"]); got != want {
			t.Errorf("%s: %s", e, got)
		}
	}
}

// Scripts see what their event shows and nothing else, and what they change is
// kept where the event lets them change it.
func TestWhatScriptsSee(t *testing.T) {
	all := []string{"method_auth_value", "something_else"}
	for _, e := range events {
		all = append(all, e.Sees()...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	names, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]any{}
	for _, name := range all {
		state[name] = "as it was"
	}
	state[actionData] = map[string]any{}
	p := newPool(t, Options{})
	for _, e := range events {
		o, err := p.Run(t.Context(), Job{Event: e, State: state, Sources: []Source{{Level: Step, Text: `
			function ` + string(e) + `() {
				const seen = ` + string(names) + `.filter(name => name in globalThis);
				for (const name of seen) globalThis[name] = 'changed';
				action_data = seen;
				return true;
			}`}}})
		if err != nil {
			t.Errorf("%s: %v", e, err)
			continue
		}
		var seen, changed []string
		if err := json.Unmarshal(o.State[actionData], &seen); err != nil {
			t.Errorf("%s: %s", e, o.State[actionData])
		}
		for name, value := range o.State {
			if string(value) == `"changed"` || name == actionData {
				changed = append(changed, name)
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(e.Sees())), seen); diff != "" {
			t.Errorf("%s: seen (-want +got)\n%s", e, diff)
		}
		slices.Sort(changed)
		if diff := cmp.Diff(slices.Sorted(slices.Values(e.Changes())), changed); diff != "" {
			t.Errorf("%s: changed (-want +got)\n%s", e, diff)
		}
	}
}

// A credential is seen by the connector's and the method's scripts, and in no way
// by a step's.
func TestStepsDoNotSeeCredentials(t *testing.T) {
	secret := map[string]any{"method_auth_value": "s3cret"}
	look := `
		let seen = typeof method_auth_value === 'undefined' ? 'nothing' : method_auth_value;
		for (const k of Object.getOwnPropertyNames(globalThis)) { try { if (JSON.stringify(globalThis[k])?.includes('s3cret')) seen = k; } catch (e) {} }
		function before_action() { method_request_headers[LEVEL] = seen; }`
	var sources []Source
	for _, l := range []Level{Connector, Method, Step} {
		sources = append(sources, Source{Level: l, Text: "const LEVEL = '" + string(l) + "';" + look, Visible: secret})
	}
	p := newPool(t, Options{Workers: 1})
	for range 2 { // the second time in the same worker
		o, err := p.Run(t.Context(), Job{Event: BeforeAction, Sources: sources[2:], State: map[string]any{"method_request_headers": map[string]string{}, "method_auth_value": "s3cret"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(o.State["method_request_headers"]); got != `{"Step":"nothing"}` {
			t.Errorf("a step alone sees %s", got)
		}
		sees := func(l Level) string {
			o, err := p.Run(t.Context(), Job{Event: BeforeAction, Sources: sources, State: map[string]any{"method_request_headers": map[string]string{}}})
			if err != nil {
				t.Fatal(err)
			}
			var headers map[Level]string
			if err := json.Unmarshal(o.State["method_request_headers"], &headers); err != nil {
				t.Fatal(err)
			}
			return headers[l]
		}
		if sees(Method) == "nothing" || sees(Connector) == "nothing" {
			t.Error("the method's and the connector's script do not see the credential")
		}
	}
	o, err := p.Run(t.Context(), Job{Event: BeforeAction, Sources: []Source{
		{Level: Method, Text: "const kept = method_auth_value; globalThis.leak = kept; function before_action() {}", Visible: secret},
		{Level: Step, Text: look + "const LEVEL = 'Step';", Visible: secret},
	}, State: map[string]any{"method_request_headers": map[string]string{}}})
	if err != nil || string(o.State["method_request_headers"]) != `{"Step":"nothing"}` {
		t.Errorf("a step behind a method sees %+v, %v", o, err)
	}
}

func TestHandles(t *testing.T) {
	for text, want := range map[string]bool{
		"function after_action() {}":                                  true,
		"const after_action = () => true":                             true,
		"after_action":                                                true,
		"function after_action_paging() {}":                           false,
		"function my_after_action() {}":                               false,
		"function after_action_paging() {} function after_action(){}": true,
		"": false,
	} {
		if got := Handles(text, AfterAction); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A handler may be written in any way that makes a function of its name.
func TestHandlers(t *testing.T) {
	p := newPool(t, Options{})
	for _, text := range []string{
		"function after_action() { method_response = 1; }",
		"const after_action = () => { method_response = 1; return true; };",
		"globalThis.after_action = function () { method_response = 1; };",
		"'use strict'; var after_action = async () => { await null; method_response = 1; };",
		"async function after_action() { await new Promise(done => done()); globalThis.method_response = 1; return true; }",
	} {
		o, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Step, Text: text}}})
		if err != nil || string(o.State["method_response"]) != "1" || !o.Go {
			t.Errorf("%s: %+v, %v", text, o, err)
		}
	}
}
