package cycle_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/catalog"
)

const ownMethod = "4b1d9a52-3f0e-4c8e-b1a5-3f2f6c1d7e11"

// own is a connector of the partner's own, with an address.
func own(endpoint string) map[string]json.RawMessage {
	return map[string]json.RawMessage{
		"Name": json.RawMessage(`"Bookshelf CRM"`), "Version": json.RawMessage(`"1.0"`), "ReleaseStatus": json.RawMessage(`"Live"`),
		"UniqueIdentifier": json.RawMessage(`"4b1d9a52-3f0e-4c8e-b1a5-3f2f6c1d7e10"`),
		"Methods":          json.RawMessage(`[{"Name":"List","MethodUniqueIdentifier":"` + ownMethod + `","MethodType":"Action","HttpMethod":"GET","Endpoint":"` + endpoint + `"}]`),
	}
}

// An edit of a partner's own connector is in the plans of cycles that run, and
// breaks none; on other nodes, too, before long.
func TestOwnConnectorIsEdited(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	p, err := w.store.AccountPartner(ctx, w.account)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	customs := catalog.NewCustom(log, w.store, w.library)
	made, err := customs.Create(ctx, p, own("https://own.test/old"))
	if err != nil {
		t.Fatal(err)
	}
	lc, err := w.library.Get(ctx, p, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	ac, err := w.connections.Install(ctx, w.account, lc, tandem.ConnectorInstall{})
	if err != nil {
		t.Fatal(err)
	}
	ref := lc.Ref()
	ref.Ref = "own"
	c := &tandem.Cycle{
		Account: w.account, Name: "own", Connectors: map[string]tandem.AccountConnectorID{"own": ac.ID},
		Graph: tandem.Graph{
			Connectors: []tandem.ConnectorRef{ref},
			Steps:      []tandem.Step{{ID: tandem.StepID(tandem.NewGUID()), Name: "list", ActionType: tandem.ActionStep, Connector: "own", Method: ownMethod}},
		},
	}
	if err := w.Add(ctx, c); err != nil {
		t.Fatal(err)
	}
	// The library's of the same name and version is another connector.
	other := *c
	other.Graph.Connectors = []tandem.ConnectorRef{{Ref: "own", Name: lc.Name, Version: lc.Version}}
	if err := w.Add(ctx, &other); tandem.ErrorCode(err) == "" {
		t.Error("a step calls a method of the partner's own by the name of the library's")
	}

	endpoint := func() string {
		t.Helper()
		plan, _, err := w.Plan(ctx, w.account, c.ID, c.Version)
		if err != nil {
			t.Fatal(err)
		}
		return plan.Trigger.Method.Endpoint
	}
	if got := endpoint(); got != "https://own.test/old" {
		t.Errorf("before the edit: %s", got)
	}
	second, err := catalog.Load(ctx, w.store, nil, connectors.Files) // another node
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Get(ctx, p, made.ID); err != nil {
		t.Fatal(err)
	}
	renamed := own("https://own.test/new")
	renamed["Name"] = json.RawMessage(`"Renamed"`)
	if _, err := customs.Update(ctx, p, made.ID, 0, renamed); err != nil {
		t.Fatal(err)
	}
	if got := endpoint(); got != "https://own.test/new" {
		t.Errorf("after the edit: %s", got)
	}
	until := time.After(20 * time.Second)
	for tick := time.Tick(50 * time.Millisecond); ; {
		r, err := second.Get(ctx, p, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if r.Name == "Renamed" {
			if r.Methods[0].ID != lc.Methods[0].ID {
				t.Errorf("the method's number became %d of %d", r.Methods[0].ID, lc.Methods[0].ID)
			}
			return
		}
		select {
		case <-tick:
		case <-until:
			t.Fatal("the other node did not see the edit")
		}
	}
}
