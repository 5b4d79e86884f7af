package invoke

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/tandem-ipaas/tandem/internal/script"
)

// state is what scripts see, or what they changed, by the names of globals.
type state map[string]any

// changes are the globals that scripts may change, as they left them.
type changes = map[string]json.RawMessage

// event has the handlers of an event called, those of connector and method, then
// the step's: each sees what is then, and what it changed is taken over. A step's
// script goes alone, for it sees no secrets, and gets nothing done in their name.
// yes is whether the last result counts as true.
func (x *exchange) event(ctx context.Context, e script.Event, see func() (state, error), take func(changes) error) (yes bool, err error) {
	if x.trips == nil {
		x.trips = &trips{actionData: x.place.actionData}
	}
	if slices.Contains(x.plan.scripts.handled, e) {
		if yes, err = x.trip(ctx, e, x.askInner, &x.trips.Inner, see, take); err != nil {
			return false, err
		}
	}
	x.conceal()
	if x.stepHandles(e) {
		host := hostOf(x.url)
		if yes, err = x.trip(ctx, e, x.askStep, &x.trips.Step, see, take); err != nil {
			return false, err
		}
		if hostOf(x.url) != host {
			return false, scriptError(e, errors.New("the step's script cannot send the request to another host"))
		}
	}
	return yes, nil
}

type asker = func(context.Context, script.Event, state) (changes, bool, error)

// trip asks scripts, whose action_data is action.
func (x *exchange) trip(ctx context.Context, e script.Event, ask asker, action *json.RawMessage, see func() (state, error), take func(changes) error) (bool, error) {
	s, err := see()
	if err != nil {
		return false, err
	}
	if err := x.common(s); err != nil {
		return false, err
	}
	if len(*action) > 0 {
		s["action_data"] = *action
	}
	done, yes, err := ask(ctx, e, s)
	if err != nil && !errors.Is(err, errStopped) {
		return false, err
	}
	*action = done["action_data"]
	if err := take(done); err != nil {
		return false, scriptError(e, err)
	}
	return yes, err
}

// common is what scripts see at every event.
func (x *exchange) common(s state) error {
	settings := map[string]string{}
	for _, v := range x.plan.settings {
		text, err := x.text(v)
		if err != nil {
			return err
		}
		settings[v.target] = text
	}
	o := &x.call.Origin
	s["script_execution_context"] = o.Mode
	s["method_response_fields"] = orEmpty(x.plan.scripts.fields)
	s["method_response_fields_in_use"] = orEmpty(x.call.FieldsInUse)
	s["cycle_variables"] = o.Variables
	if o.Variables == nil {
		s["cycle_variables"] = state{}
	}
	s["cycle_step_id"], s["cycle_id"] = o.Step, o.Cycle
	s["cyclr_account_id"], s["external_account_id"] = strconv.FormatInt(int64(o.Account), 10), o.AccountAPI
	s["script_parameters"] = settings
	return nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// askInner asks the scripts of connector and method, which may see credentials.
func (x *exchange) askInner(ctx context.Context, e script.Event, s state) (changes, bool, error) {
	all := x.plan.scripts.sources
	if e == script.BeforeAction {
		visible := map[string]any{"method_auth_value": x.authValue()}
		all = slices.Clone(all)
		for i := range all {
			all[i].Visible = visible
		}
	}
	return x.ask(ctx, e, s, all, &host{exchange: x, trusted: true})
}

// authValue is the AuthValue: a text, or the members of one that is an object.
func (x *exchange) authValue() any {
	if x.access.key != "" {
		return x.access.key
	}
	if members := x.members(); len(members) > 0 {
		return members
	}
	return string(x.call.Auth.Value)
}

// ask has handlers called, and gives what they changed.
func (x *exchange) ask(ctx context.Context, e script.Event, s state, from []script.Source, h script.Host) (changes, bool, error) {
	if x.options.Scripts == nil {
		return nil, false, scriptError(e, errors.New("scripts cannot be run here"))
	}
	out, err := x.options.Scripts.Run(ctx, script.Job{
		Owner: strconv.FormatInt(int64(x.call.Origin.Account), 10), Event: e, Sources: from, State: s, Host: h,
	})
	if out != nil {
		for _, line := range out.Log {
			x.result.Log = append(x.result.Log, x.secrets.text(line))
		}
	}
	if err != nil {
		return nil, false, scriptError(e, err)
	}
	if !out.Go && e != script.ActionCondition {
		return out.State, false, scriptError(e, errStopped)
	}
	return out.State, out.True, nil
}

// errStopped is a handler that returned false.
var errStopped = errors.New("returned false")

// askStep asks the step's script, with what is secret hidden, and puts that back
// where the script left it alone.
func (x *exchange) askStep(ctx context.Context, e script.Event, s state) (changes, bool, error) {
	shown, real, err := x.veil(s)
	if err != nil {
		return nil, false, scriptError(e, err)
	}
	done, yes, err := x.ask(ctx, e, shown, []script.Source{{Level: script.Step, Text: x.call.Script}}, &host{exchange: x})
	if err != nil {
		return done, false, err
	}
	for name, raw := range done {
		if real[name] == nil {
			continue
		}
		if done[name], err = unveil(raw, shown[name], real[name]); err != nil {
			return nil, false, scriptError(e, err)
		}
	}
	return done, yes, nil
}
