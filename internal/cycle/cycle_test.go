package cycle_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
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
	_, err = w.Restore(ctx, w.parent, c.ID)
	wantCode(t, "restored by another account", err, tandem.NotFound)
	back, err := w.Restore(ctx, w.account, c.ID)
	if diff := cmp.Diff(got, back); err != nil || diff != "" {
		t.Errorf("restored: %v, -want +got\n%s", err, diff)
	}
}

// A PUT says which of several ways of old and new clients a setting is.
func TestSettings(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.Create(ctx, w.account, tandem.CycleUpdate{Name: tandem.Some("One")})
	if err != nil {
		t.Fatal(err)
	}
	type state struct {
		action tandem.StepErrorAction
		omit   bool
		hours  string
	}
	hours := func(n *int) string {
		if n == nil {
			return "inherited"
		}
		return strconv.Itoa(*n)
	}
	null := tandem.Optional[int]{Set: true, Null: true}
	for _, tt := range []struct {
		what string
		u    tandem.CycleUpdate
		want state
	}{
		{"nothing", tandem.CycleUpdate{}, state{"", false, "inherited"}},
		{"go on", tandem.CycleUpdate{ContinueOnStepError: tandem.Some(true)}, state{tandem.IgnoreError, false, "inherited"}},
		{"do not", tandem.CycleUpdate{ContinueOnStepError: tandem.Some(false)}, state{tandem.StopTransaction, false, "inherited"}},
		{"the new word", tandem.CycleUpdate{StepErrorAction: tandem.Some(tandem.StopIntegration), ContinueOnStepError: tandem.Some(true)}, state{tandem.StopIntegration, false, "inherited"}},
		{"do not, which it does not", tandem.CycleUpdate{ContinueOnStepError: tandem.Some(false)}, state{tandem.StopIntegration, false, "inherited"}},
		{"what was read, but one", tandem.CycleUpdate{StepErrorAction: tandem.Some(tandem.StopIntegration), ContinueOnStepError: tandem.Some(true)}, state{tandem.IgnoreError, false, "inherited"}},
		{"what was read, but the other", tandem.CycleUpdate{StepErrorAction: tandem.Some(tandem.StopIntegration), ContinueOnStepError: tandem.Some(true)}, state{tandem.StopIntegration, false, "inherited"}},
		{"no requests", tandem.CycleUpdate{LogStepDataRequests: tandem.Some(false)}, state{tandem.StopIntegration, true, "inherited"}},
		{"hours", tandem.CycleUpdate{StepDataErroredRetentionHours: tandem.Some(0)}, state{tandem.StopIntegration, true, "0"}},
		{"too many hours", tandem.CycleUpdate{StepDataErroredRetentionHours: tandem.Some(745)}, state{tandem.StopIntegration, true, "744"}},
		{"all again", tandem.CycleUpdate{StepDataErroredRetentionHours: null, LogStepDataRequests: tandem.Optional[bool]{Set: true, Null: true}}, state{tandem.StopIntegration, false, "inherited"}},
	} {
		c, err := w.Update(ctx, w.account, c.ID, tt.u)
		if err != nil {
			t.Fatal(err)
		}
		got := state{c.Graph.StepErrorAction, c.Graph.OmitRequests, hours(c.Retention.Errored)}
		if got != tt.want || c.Retention.Success != nil {
			t.Errorf("%s: %+v, want %+v", tt.what, got, tt.want)
		}
	}
	_, err = w.Update(ctx, w.account, c.ID, tandem.CycleUpdate{StepDataSuccessRetentionHours: tandem.Some(-10)})
	if e := (*tandem.Error)(nil); !errors.As(err, &e) || e.Message != "StepDataSuccessRetentionHours (-10): must be non negative" {
		t.Errorf("hours below zero: %v", err)
	}
}

func TestCopy(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	w.activate(t, c, tandem.Activation{})
	_, err := w.Copy(ctx, w.parent, c.ID, "")
	wantCode(t, "by another account", err, tandem.NotFound)
	got, err := w.Copy(ctx, w.account, c.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Copy of "+c.Name || got.Status != tandem.CyclePaused || got.ID == c.ID || len(got.Connectors) != len(c.Connectors) {
		t.Errorf("%+v", got)
	}
	for i, s := range got.Graph.Steps {
		if s.ID == c.Graph.Steps[i].ID || s.Name != c.Graph.Steps[i].Name {
			t.Errorf("step %+v", s)
		}
	}
	if missing, err := w.Prerequisites(ctx, w.account, got.ID); err != nil || len(missing) != 0 {
		t.Errorf("the copy is not ready: %v, %v", missing, err)
	}
	long, err := w.Copy(ctx, w.account, got.ID, strings.Repeat("ä", tandem.MaxName))
	if err != nil {
		t.Fatal(err)
	}
	if long, err = w.Copy(ctx, w.account, long.ID, ""); err != nil || utf8.RuneCountInString(long.Name) != tandem.MaxName || !strings.HasPrefix(long.Name, "Copy of ä") {
		t.Errorf("a long name: %+v, %v", long, err)
	}
}

// A running cycle goes on to another release if that can run and is started by
// the same webhook.
func TestMove(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	move := func(do func(*tandem.Cycle)) (*tandem.Cycle, error) {
		return w.Move(ctx, w.account, c.ID, func(c *tandem.Cycle) error {
			c.TemplateReleaseID = "next"
			do(c)
			return nil
		})
	}
	w.activate(t, c, tandem.Activation{})
	w.happened()
	for what, do := range map[string]func(*tandem.Cycle){
		"another trigger":           func(c *tandem.Cycle) { c.Graph = workflow.Renew(c.Graph, map[tandem.StepID]tandem.StepID{}) },
		"a connector is missing":    func(c *tandem.Cycle) { delete(c.Connectors, "mailing") },
		"a graph that is not sound": func(c *tandem.Cycle) { c.Graph.Steps[0].Method = tandem.NewGUID() },
		"a step that cannot run": func(c *tandem.Cycle) {
			c.Graph.Steps[2].ActionType, c.Graph.Steps[2].Connector, c.Graph.Steps[2].Method = tandem.DelayStep, "", ""
		},
	} {
		_, err := move(do)
		wantCode(t, what, err, tandem.Invalid)
		if missing := tandem.Unready(nil); what == "a connector is missing" && (!errors.As(err, &missing) || missing[0].ReasonCode != tandem.ReasonUnauthenticated) {
			t.Errorf("%s: %v does not come with %v", what, err, missing)
		}
	}
	if got, err := w.Get(ctx, w.account, c.ID); err != nil || got.Version != 1 || got.TemplateReleaseID != "" {
		t.Errorf("a refusal changed it: %+v, %v", got, err)
	}
	got, err := move(func(c *tandem.Cycle) { c.Graph.Steps[0].Name = "Renamed" })
	if err != nil || got.Version != 2 || got.Status != tandem.CycleRunning || got.TemplateReleaseID != "next" {
		t.Errorf("%+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{"changed"}, w.happened()); diff != "" {
		t.Errorf("neither third party nor engine need do anything: %s", diff)
	}
	for version, want := range map[int64]string{1: "New Contact", 2: "Renamed"} {
		if p, _, err := w.Plan(ctx, w.account, c.ID, version); err != nil || p.Trigger.Name != want {
			t.Errorf("version %d: %v", version, err)
		}
	}
	_, err = w.Edit(ctx, w.account, c.ID, func(*tandem.Cycle) error { return nil })
	wantCode(t, "edit it", err, tandem.Conflict)
	if _, err := w.Deactivate(ctx, w.account, c.ID, true); err != nil {
		t.Fatal(err)
	}
	_, err = move(func(*tandem.Cycle) {})
	wantCode(t, "while it finishes", err, tandem.Conflict)
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
	if err != nil || len(missing) != 1 || missing[0].ReasonCode != tandem.ReasonParameter || !strings.HasSuffix(missing[0].Reason, "its property Address.") {
		t.Errorf("%v, %v", missing, err)
	}
	if _, err := w.connections.Deauthenticate(t.Context(), w.parent, c.Connectors["crm"]); err != nil {
		t.Fatal(err)
	}
	// It is told beside the credentials, not only once these are there.
	missing, err = w.Prerequisites(t.Context(), w.account, c.ID)
	if err != nil || len(missing) != 2 || missing[0].ReasonCode != tandem.ReasonUnauthenticated || missing[1].ReasonCode != tandem.ReasonParameter {
		t.Errorf("without credentials: %v, %v", missing, err)
	}
}
