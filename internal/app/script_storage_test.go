package app

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/storage"
)

// What scripts store is seen by those of the same installed connector, or of the
// same cycle, and by nobody else.
func TestScriptStorage(t *testing.T) {
	r := start(t, config(t, ""))
	ids := map[string]tandem.AccountID{}
	for _, name := range []string{"a", "b"} {
		if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: name, Name: name}); err != nil {
			t.Fatal(err)
		}
		a, err := r.Accounts.Get(t.Context(), r.partner.PartnerID, name)
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = a.ID
	}
	host := scriptStorage{storage.New(r.store, r.vault, storage.Options{})}
	origin := func(account string, connector tandem.AccountConnectorID, cycle tandem.CycleID) invoke.Origin {
		return invoke.Origin{Account: ids[account], Connector: connector, Cycle: cycle}
	}
	do := func(o invoke.Origin, once string, scope script.Scope, operation string, value any) string {
		v, err := host.Storage(t.Context(), o, script.Method, once, script.StorageCall{Scope: scope, Operation: operation, Key: "k", Value: value})
		if err != nil {
			return "error: " + err.Error()
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	here := origin("a", 1, "c")
	for i, tt := range []struct {
		from      invoke.Origin
		once      string
		scope     script.Scope
		operation string
		value     any
		want      string
	}{
		{here, "", script.AllCycles, "set", "of all", `null`},
		{here, "", script.ThisCycle, "set", "of one", `null`},
		{origin("a", 1, "d"), "", script.AllCycles, "get", nil, `"of all"`},
		{origin("a", 1, "d"), "", script.ThisCycle, "get", nil, `null`},
		{origin("a", 2, "c"), "", script.AllCycles, "get", nil, `null`},
		{origin("a", 2, "c"), "", script.ThisCycle, "get", nil, `"of one"`},
		{origin("b", 1, "c"), "", script.AllCycles, "get", nil, `null`},
		{origin("b", 1, "c"), "", script.ThisCycle, "get", nil, `null`},
		{origin("a", 1, ""), "", script.AllCycles, "get", nil, `"of all"`},
		{origin("a", 1, ""), "", script.ThisCycle, "get", nil, `error: cycle_storage is for the steps of cycles: there is none here`},
		{origin("a", 1, "d"), "", script.ThisCycle, "increment", "x", `error: Value: is not a whole number`},
		{origin("a", 1, "d"), "step 1", script.ThisCycle, "increment", nil, `1`},
		{origin("a", 1, "d"), "step 1", script.ThisCycle, "increment", nil, `1`},
		{origin("a", 1, "d"), "step 2", script.ThisCycle, "increment", nil, `2`},
	} {
		if got := do(tt.from, tt.once, tt.scope, tt.operation, tt.value); got != tt.want {
			t.Errorf("%s: %s, want %s", fmt.Sprint(i+1, " ", tt.operation), got, tt.want)
		}
	}
	if v, err := host.Storage(t.Context(), here, script.Step, "", script.StorageCall{Scope: script.AllCycles, Operation: "get", Key: "k"}); v != nil || err != nil {
		t.Errorf("a step's script got %v, %v of what a method's put aside", v, err)
	}
}
