package cycle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// watch makes a cycle that begins with the changes of a board, which a variable says.
func (w *world) watch(t *testing.T, board string) *tandem.Cycle {
	t.Helper()
	ref := tandem.ConnectorRef{Ref: "trello", Name: "Trello", Version: "1"}
	lc, err := w.shelf(t).Release(ref)
	if err != nil {
		t.Fatal(err)
	}
	in := tandem.ConnectorInstall{AuthValue: "token"}
	for _, a := range lc.Authentication {
		if a.AuthType == connector.AuthAPIKey {
			in.AuthenticationID = a.ID
		}
	}
	ac, err := w.connections.Install(t.Context(), w.account, lc, in)
	if err != nil {
		t.Fatal(err)
	}
	step := func(kind tandem.ActionType, method string) tandem.Step {
		m := tandem.Step{ID: tandem.StepID(tandem.NewGUID()), Name: method, ActionType: kind, Connector: "trello"}
		for _, of := range lc.Methods {
			if of.Name == method {
				m.Method = of.MethodUniqueIdentifier
			}
		}
		return m
	}
	hook, then := step(tandem.WebhookStep, "Board Changed"), step(tandem.ActionStep, "Get Member")
	hook.Parameters = []tandem.Mapping{{Target: "Board", MappingType: tandem.MapVariable, Variable: "Watched"}}
	c := &tandem.Cycle{Account: w.account, Name: "watch", Connectors: map[string]tandem.AccountConnectorID{"trello": ac.ID}, Graph: tandem.Graph{
		Connectors: []tandem.ConnectorRef{ref}, Steps: []tandem.Step{hook, then},
		Edges:     []tandem.Edge{{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: hook.ID, TailStepID: then.ID}},
		Variables: []tandem.Variable{{SystemName: "Watched", Value: board}, {SystemName: "Other", Value: "x"}},
	}}
	if err := w.Add(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

// A request that was cut off is made again with its key if it asks for the same.
func TestKeyIsOfOneBoard(t *testing.T) {
	for board, again := range map[string]bool{"b1": true, "b2": false} {
		w := newWorld(t)
		c := w.watch(t, "b1")
		hooks, err := w.store.Webhooks(t.Context(), w.account, c.ID)
		if err != nil || len(hooks) != 1 {
			t.Fatal(hooks, err)
		}
		if err := w.store.SetWebhookRemote(t.Context(), hooks[0], `{"Parameters":{"Board":"`+board+`"},"Key":"the key of before"}`); err != nil {
			t.Fatal(err)
		}
		w.activate(t, c, tandem.Activation{})
		if diff := cmp.Diff(map[string]string{"Board": "b1"}, w.given); diff != "" || (w.key == "the key of before") != again {
			t.Errorf("asked before for %s: key %q, %s", board, w.key, diff)
		}
	}
}

// A running cycle moves to no release that listens to something else: its third party
// would not know.
func TestMoveToAnotherBoard(t *testing.T) {
	w := newWorld(t)
	c := w.watch(t, "b1")
	w.activate(t, c, tandem.Activation{})
	set := func(variable int, value string) error {
		_, err := w.Move(t.Context(), w.account, c.ID, func(c *tandem.Cycle) error { c.Graph.Variables[variable].Value = value; return nil })
		return err
	}
	wantCode(t, "another board", set(0, "b2"), tandem.Invalid)
	if err := set(1, "y"); err != nil {
		t.Error(err)
	}
	if _, err := w.Deactivate(t.Context(), w.account, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"Board": "b1"}, w.given); diff != "" {
		t.Error(diff)
	}
	if err := set(0, "b2"); err != nil {
		t.Error(err)
	}
}
