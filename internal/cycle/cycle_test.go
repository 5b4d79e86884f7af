package cycle_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func TestCreateUpdateDelete(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	_, err := w.Create(ctx, w.account, tandem.CycleUpdate{})
	wantCode(t, "without a name", err, tandem.Invalid)
	c, err := w.Create(ctx, w.account, tandem.CycleUpdate{Name: tandem.Some(" One "), Tags: tandem.Some([]string{"a"})})
	if err != nil || c.Name != "One" || c.Status != tandem.CyclePaused || c.ID == "" {
		t.Fatalf("%+v, %v", c, err)
	}
	_, err = w.Update(ctx, w.account, c.ID, tandem.CycleUpdate{StepErrorAction: tandem.Some(tandem.StepErrorAction("Panic"))})
	wantCode(t, "an unknown error action", err, tandem.Invalid)
	got, err := w.Update(ctx, w.account, c.ID, tandem.CycleUpdate{Description: tandem.Some("text"), StepErrorAction: tandem.Some(tandem.IgnoreError)})
	if err != nil || got.Name != "One" || got.Description != "text" || got.Graph.StepErrorAction != tandem.IgnoreError {
		t.Errorf("%+v, %v", got, err)
	}
	wantCode(t, "by another account", w.Delete(ctx, w.parent, c.ID), tandem.NotFound)
	if err := w.Delete(ctx, w.account, c.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"cancel", "changed"}, w.happened()); diff != "" {
		t.Error(diff)
	}
	_, err = w.Get(ctx, w.account, c.ID)
	wantCode(t, "after it was deleted", err, tandem.NotFound)
}

func TestEditKeepsWhatIsNotEdited(t *testing.T) {
	w := newWorld(t)
	c := w.add(t, "new-contact.json")
	got, err := w.Edit(t.Context(), w.account, c.ID, func(c *tandem.Cycle) error {
		c.Account, c.ID, c.Status, c.Version = 99, "x", tandem.CycleRunning, 7
		c.Connectors["unused"] = 12345
		return nil
	})
	if err != nil || got.Account != w.account || got.ID != c.ID || got.Status != tandem.CyclePaused || got.Version != 1 || len(got.Connectors) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	refused := errors.New("refused")
	if _, err := w.Edit(t.Context(), w.account, c.ID, func(*tandem.Cycle) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("%v, want what edit returned", err)
	}
	_, err = w.Edit(t.Context(), w.account, c.ID, func(c *tandem.Cycle) error { c.Connectors["crm"] = 12345; return nil })
	wantCode(t, "a connector that is not there", err, tandem.Invalid)
	_, err = w.Edit(t.Context(), w.account, c.ID, func(c *tandem.Cycle) error { c.Connectors["crm"] = c.Connectors["mailing"]; return nil })
	wantCode(t, "a connector of another kind", err, tandem.Invalid)
	_, err = w.Edit(t.Context(), w.account, c.ID, func(c *tandem.Cycle) error { c.Graph.Steps[0].ID = "1"; return nil })
	wantCode(t, "a graph that is not sound", err, tandem.Invalid)
}

func TestPrerequisites(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	if missing, err := w.Prerequisites(ctx, w.account, c.ID); err != nil || len(missing) != 0 {
		t.Errorf("of a cycle that is ready: %v, %v", missing, err)
	}
	if _, err := w.connections.Deauthenticate(ctx, w.parent, c.Connectors["crm"]); err != nil {
		t.Fatal(err)
	}
	_, err := w.Edit(ctx, w.account, c.ID, func(c *tandem.Cycle) error { delete(c.Connectors, "mailing"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	missing, err := w.Prerequisites(ctx, w.account, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var codes []tandem.ReasonCode
	for _, m := range missing {
		codes = append(codes, m.ReasonCode)
	}
	if diff := cmp.Diff([]tandem.ReasonCode{tandem.ReasonUnauthenticated, tandem.ReasonUnauthenticated}, codes); diff != "" {
		t.Errorf("%v\n%s", missing, diff)
	}
	_, err = w.Activate(ctx, w.account, c.ID, tandem.Activation{})
	wantCode(t, "activate", err, tandem.Invalid)
	if !strings.Contains(err.Error(), missing[0].Reason) {
		t.Errorf("%v does not tell %q", err, missing[0].Reason)
	}
	if got := w.happened(); len(got) != 0 {
		t.Errorf("a refused activation did %v", got)
	}
}

func TestPrerequisiteOfAProperty(t *testing.T) {
	w := newWorld(t)
	c := w.add(t, "new-contact.json")
	_, err := w.connections.Update(t.Context(), w.parent, c.Connectors["crm"], tandem.ConnectorUpdate{Properties: []tandem.Property{{Name: "BaseUrl"}}})
	if err != nil {
		t.Fatal(err)
	}
	missing, err := w.Prerequisites(t.Context(), w.account, c.ID)
	if err != nil || len(missing) != 1 || missing[0].ReasonCode != tandem.ReasonParameter || !strings.Contains(missing[0].Reason, "BaseUrl") {
		t.Errorf("%v, %v", missing, err)
	}
}
