package library

import (
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/connector"
)

// listening is a cycle that runs, and begins with a webhook.
type listening struct {
	*installed
	cycle client.Cycle
}

// listen starts a cycle of a webhook, with parameters, and a method that needs nothing.
func (i *installed) listen(webhook string, parameters values, then string) *listening {
	i.Helper()
	c, err := i.account.CreateCycle(i.Context(), client.CycleChange{Name: tandem.Some(webhook)})
	i.must(err)
	var steps [2]struct {
		ID string `json:"Id"`
	}
	for n, name := range []string{webhook, then} {
		i.must(i.account.Do(i.Context(), "POST", "/cycles/"+string(c.ID)+"/steps", map[string]any{
			"Name": name, "ActionType": 2 - n, "AccountConnector": i.ID, "Method": i.method(name).MethodUniqueIdentifier,
		}, &steps[n]))
	}
	for name, v := range parameters {
		target := slices.IndexFunc(i.method(webhook).Parameters, func(p connector.Parameter) bool { return p.Name == name })
		if target < 0 {
			i.Fatalf("%s has no parameter %s", webhook, name)
		}
		i.must(i.account.Do(i.Context(), "PUT", fmt.Sprintf("/steps/%s/parameters/%d", steps[0].ID, i.method(webhook).Parameters[target].ID), map[string]any{
			"MappingType": "Trigger", "TriggerValue": v,
		}, nil))
	}
	i.must(i.account.Do(i.Context(), "POST", "/cycles/"+string(c.ID)+"/edges", map[string]any{
		"HeadStepId": steps[0].ID, "TailStepId": steps[1].ID, "EdgeType": "Forward",
	}, nil))
	c, err = i.account.Activate(i.Context(), c.ID, client.Activation{})
	i.must(err)
	return &listening{i, c}
}

// heard waits for what the webhook has brought.
func (l *listening) heard() (answer string) {
	l.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var all []struct {
			ID string `json:"Id"`
		}
		l.must(l.account.Do(l.Context(), "GET", "/cycles/"+string(l.cycle.ID)+"/transactions", nil, &all))
		if len(all) == 0 {
			continue
		}
		var items []client.StepItem
		l.must(l.account.Do(l.Context(), "GET", "/cycles/"+string(l.cycle.ID)+"/transactions/"+all[0].ID, nil, &items))
		if len(items) > 0 && items[0].Response != nil {
			return string(items[0].Response.Body)
		}
	}
	l.Fatal("nothing was heard")
	return ""
}

// stop ends the cycle.
func (l *listening) stop() {
	l.Helper()
	_, err := l.account.Deactivate(l.Context(), l.cycle.ID, false)
	l.must(err)
}
