package script

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// Source is the script of one level.
type Source struct {
	Level Level
	Text  string
	// Visible are further globals for this level alone, such as
	// method_auth_value. A step's script, whose author need not be the
	// connector's, never gets any.
	Visible map[string]any
}

// Job is an event, and who has a say in it.
type Job struct {
	// Owner is on whose behalf the scripts run, such as an account. One owner has
	// at most half of the workers at once; "" may have all.
	Owner   string
	Event   Event
	Sources []Source // in any order
	// State are the globals by name, as values that json.Marshal takes. What the
	// event does not show is left out; what it shows and is not here, is null.
	State   map[string]any
	Host    Host          // nil: the functions that need it throw
	Timeout time.Duration // 0, or more than the pool's: the pool's
}

// Outcome is what scripts have come to.
type Outcome struct {
	// State is what the event lets scripts change, and action_data, as the
	// scripts left them. The values are JSON: order and numbers are as written.
	State map[string]json.RawMessage
	Go    bool     // false: a handler returned false
	True  bool     // of action_condition: whether the last handler's result counts as true
	Log   []string // of the console, at most some 200 lines and 64 KB
}

// levels are the sources that may have a handler, in their order.
func (j Job) levels() (all []wire.Level, _ error) {
	for _, level := range j.Event.order() {
		for _, s := range j.Sources {
			if s.Level != level || !Handles(s.Text, j.Event) {
				continue
			}
			l := wire.Level{Name: string(s.Level), Text: s.Text, Visible: map[string]json.RawMessage{}}
			for name, value := range s.Visible {
				raw, err := json.Marshal(value)
				if err != nil {
					return nil, fmt.Errorf("%s for the script of the %s: %w", name, s.Level, err)
				}
				if level != Step {
					l.Visible[name] = raw
				}
			}
			all = append(all, l)
		}
	}
	return all, nil
}

// state is what the scripts see.
func (j Job) state() (map[string]json.RawMessage, error) {
	state := map[string]json.RawMessage{}
	for _, name := range j.Event.Sees() {
		value, ok := j.State[name]
		if !ok && (name == actionData || name == "cycle_variables" || name == "script_parameters") {
			value = struct{}{} // which scripts take for granted
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s for scripts: %w", name, err)
		}
		state[name] = raw
	}
	return state, nil
}

// run is the job as a worker needs it.
func (j Job) run() (*wire.Run, error) {
	levels, err := j.levels()
	if err != nil {
		return nil, err
	}
	state, err := j.state()
	if err != nil {
		return nil, err
	}
	return &wire.Run{Event: string(j.Event), Levels: levels, State: state, Change: j.Event.Changes()}, nil
}
