package cycle_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// world is the service on a real database with the sample connectors, and
// stand-ins for the engine and the third parties that write down what happens.
type world struct {
	*cycle.Cycles
	store           *store.Store
	library         *catalog.Library
	connections     *connection.Connectors
	account, parent tandem.AccountID

	mu      sync.Mutex
	happens []string
	answer  string // of a third party
	fails   error  // what it says instead
}

func (w *world) note(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.happens = append(w.happens, strings.Join(words, " "))
}

// happened gives what did since it was last asked.
func (w *world) happened() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.happens
	w.happens = nil
	return all
}

func (w *world) Hold(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("hold")
	return nil
}

func (w *world) Resume(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("resume")
	return nil
}

func (w *world) Cancel(context.Context, tandem.AccountID, tandem.CycleID) error {
	w.note("cancel")
	return nil
}

func (w *world) CallHook(_ context.Context, h cycle.HookCall) ([]byte, error) {
	w.note(h.Method.Name, h.ID)
	return []byte(w.answer), w.fails
}

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx, log := t.Context(), slog.New(slog.DiscardHandler)
	w := &world{store: storetest.SQLite(t), answer: `{"id": 9007199254740993}`}
	v, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.library, err = catalog.Load(ctx, w.store, connectors.Files); err != nil {
		t.Fatal(err)
	}
	p, err := w.store.CreatePartner(ctx, "p", tandem.ConsoleUser{Email: "a@b.test"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	account := func(name string, parent tandem.AccountID) tandem.AccountID {
		a := &tandem.Account{Partner: p, APIID: name, Name: name, Timezone: "UTC", ParentID: parent}
		if err := w.store.CreateAccount(ctx, a, v.NewDataKey); err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	w.parent = account("parent", 0)
	w.account = account("account", w.parent)
	w.connections = connection.New(log, w.store, v, w.library, connection.Options{})
	w.Cycles = cycle.New(log, w.store, w.store, w.store, w.library, w.connections, w, w, "https://tandem.test/", cycle.Options{
		Changed:     func(tandem.AccountID, tandem.CycleID) { w.note("changed") },
		SettleEvery: time.Millisecond,
	})
	return w
}

// graph is that of a sample template.
func graph(t *testing.T, file string) tandem.Graph {
	t.Helper()
	data, err := templates.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var f tandem.TemplateFile
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f.Graph
}

// connect installs what a graph needs in the parent account.
func (w *world) connect(t *testing.T, g *tandem.Graph) map[string]tandem.AccountConnectorID {
	t.Helper()
	bound := map[string]tandem.AccountConnectorID{}
	for _, ref := range g.Connectors {
		lc, err := w.library.Release(ref)
		if err != nil {
			t.Fatal(err)
		}
		ac, err := w.connections.Install(t.Context(), w.parent, lc, tandem.ConnectorInstall{
			AuthValue: "YTpi", Properties: []tandem.Property{{Name: "BaseUrl", Value: "https://third.test"}}, // a:b
		})
		if err != nil {
			t.Fatal(err)
		}
		bound[ref.Ref] = ac.ID
	}
	return bound
}

// add makes a cycle of a sample template, ready to run.
func (w *world) add(t *testing.T, file string) *tandem.Cycle {
	t.Helper()
	c := &tandem.Cycle{Account: w.account, Name: file, Graph: graph(t, file)}
	for i := range c.Graph.Variables {
		c.Graph.Variables[i].Value = "list-1"
	}
	c.Connectors = w.connect(t, &c.Graph)
	if err := w.Add(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) activate(t *testing.T, c *tandem.Cycle, how tandem.Activation) *tandem.Cycle {
	t.Helper()
	got, err := w.Activate(t.Context(), w.account, c.ID, how)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantCode(t *testing.T, what string, err error, code tandem.Code) {
	t.Helper()
	if !errors.Is(err, &tandem.Error{Code: code}) {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

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

func TestWebhookLife(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	got := w.activate(t, c, tandem.Activation{})
	if got.Status != tandem.CycleRunning || got.Interval != 0 || !got.StartTime.IsZero() {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"Create Webhook ", "changed", "resume"}, w.happened()); diff != "" {
		t.Error(diff)
	}
	hooks, err := w.store.Webhooks(ctx, w.account, c.ID)
	if err != nil || len(hooks) != 1 || hooks[0].Remote != "9007199254740993" {
		t.Errorf("%+v, %v, want the id to the last digit", hooks, err)
	}
	urls, err := w.WebhookURLs(ctx, w.account, c.ID)
	if want := "https://tandem.test/api/webhook/" + hooks[0].Key; err != nil || urls[hooks[0].Step] != want {
		t.Errorf("%v, %v, want %s", urls, err, want)
	}

	_, err = w.Activate(ctx, w.account, c.ID, tandem.Activation{})
	wantCode(t, "activate again", err, tandem.Conflict)
	_, err = w.Update(ctx, w.account, c.ID, tandem.CycleUpdate{Name: tandem.Some("x")})
	wantCode(t, "update", err, tandem.Conflict)
	wantCode(t, "delete", w.Delete(ctx, w.account, c.ID), tandem.Conflict)
	wantCode(t, "delete its connector", w.connections.Delete(ctx, w.parent, c.Connectors["crm"]), tandem.Conflict)
	w.happened()

	got, err = w.Deactivate(ctx, w.account, c.ID, false)
	if err != nil || got.Status != tandem.CyclePaused || got.StopReason != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{"changed", "hold", "Delete Webhook 9007199254740993"}, w.happened()); diff != "" {
		t.Error(diff)
	}
	if hooks, err = w.store.Webhooks(ctx, w.account, c.ID); err != nil || hooks[0].Remote != "" {
		t.Errorf("%+v, %v", hooks, err)
	}
	if _, err = w.Deactivate(ctx, w.account, c.ID, true); err != nil {
		t.Errorf("deactivate one that is paused: %v", err)
	}
}

func TestWebhookThatCannotBeInstalled(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		fails  error
		want   string
	}{
		"refused":  {"", tandem.Invalidf("", "The service answered 403: no more webhooks."), "403: no more webhooks"},
		"no id":    {`{"ok":true}`, nil, "has no id"},
		"not JSON": {`<html>`, nil, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.add(t, "new-contact.json")
			w.answer, w.fails = tt.answer, tt.fails
			_, err := w.Activate(t.Context(), w.account, c.ID, tandem.Activation{})
			wantCode(t, "activate", err, tandem.Invalid)
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v does not tell %q", err, tt.want)
			}
			if got, err := w.Get(t.Context(), w.account, c.ID); err != nil || got.Status != tandem.CyclePaused {
				t.Errorf("%+v, %v, want it paused", got, err)
			}
			if slices.Contains(w.happened(), "resume") {
				t.Error("what was held went on")
			}
		})
	}
}

func TestSchedule(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "changed-contacts.json")
	later := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	for field, how := range map[string]tandem.Activation{
		"Interval":  {Interval: 7},
		"StartTime": {Interval: 5, StartTime: time.Now().Add(-time.Hour)},
	} {
		_, err := w.Activate(ctx, w.account, c.ID, how)
		var e *tandem.Error
		if !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != field {
			t.Errorf("%+v: %v, want Invalid about %s", how, err, field)
		}
	}
	_, err := w.Activate(ctx, w.account, c.ID, tandem.Activation{})
	wantCode(t, "a timer without an interval", err, tandem.Invalid)

	got := w.activate(t, c, tandem.Activation{Interval: 15, StartTime: later})
	if next, err := w.store.NextTimer(ctx); err != nil || !next.Equal(later) || got.Interval != 15 {
		t.Errorf("due at %s, %v, want %s", next, err, later)
	}
	if _, err := w.Deactivate(ctx, w.account, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if next, err := w.store.NextTimer(ctx); err != nil || !next.IsZero() {
		t.Errorf("due at %s, %v, when it is stopped", next, err)
	}
	if got = w.activate(t, c, tandem.Activation{}); got.Interval != 15 || time.Since(got.StartTime) > time.Minute {
		t.Errorf("%+v, want the interval that was set, from now", got)
	}

	_, err = w.Activate(ctx, w.account, w.add(t, "new-contact.json").ID, tandem.Activation{RunOnce: true})
	wantCode(t, "run a webhook once", err, tandem.Invalid)
}

func TestPlanOfAnOldVersion(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	w.activate(t, c, tandem.Activation{})
	if _, err := w.Deactivate(ctx, w.account, c.ID, false); err != nil {
		t.Fatal(err)
	}
	_, err := w.Edit(ctx, w.account, c.ID, func(c *tandem.Cycle) error { c.Graph.Steps[0].Name = "Renamed"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[int64]string{1: "New Contact", 2: "Renamed"} {
		p, of, err := w.Plan(ctx, w.account, c.ID, version)
		if err != nil {
			t.Fatal(err)
		}
		if p.Trigger.Name != want || of.Version != version || len(of.Connectors) != 2 {
			t.Errorf("version %d begins with %q, want %q", of.Version, p.Trigger.Name, want)
		}
		if again, _, err := w.Plan(ctx, w.account, c.ID, version); err != nil || again != p {
			t.Errorf("version %d was compiled again", version)
		}
	}
	_, _, err = w.Plan(ctx, w.parent, c.ID, 1)
	wantCode(t, "by another account", err, tandem.NotFound)
}

func TestStopByAnError(t *testing.T) {
	w := newWorld(t)
	c := w.add(t, "new-contact.json")
	w.activate(t, c, tandem.Activation{})
	w.happened()
	if err := w.Stop(t.Context(), w.account, c.ID, "Subscribe: 401"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Run(ctx); err != nil { // waits for what Stop began
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"changed", "hold", "Delete Webhook 9007199254740993"}, w.happened()); diff != "" {
		t.Error(diff)
	}
	got, err := w.Get(t.Context(), w.account, c.ID)
	if err != nil || got.Status != tandem.CyclePaused || got.StopReason != "Subscribe: 401" {
		t.Errorf("%+v, %v", got, err)
	}
	if got = w.activate(t, c, tandem.Activation{}); got.StopReason != "" {
		t.Errorf("the reason is still there after a start: %q", got.StopReason)
	}
}

func TestHalt(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	one, two := w.add(t, "new-contact.json"), w.add(t, "changed-contacts.json")
	w.activate(t, one, tandem.Activation{})
	w.activate(t, two, tandem.Activation{Interval: 60})
	if err := w.Halt(ctx, w.account); err != nil {
		t.Fatal(err)
	}
	for _, id := range []tandem.CycleID{one.ID, two.ID} {
		if c, err := w.Get(ctx, w.account, id); err != nil || c.Status != tandem.CyclePaused {
			t.Errorf("%+v, %v, want it paused", c, err)
		}
	}
}

func TestFinishingEndsPaused(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	w.activate(t, c, tandem.Activation{})
	id := tandem.TransactionID(1)
	if _, err := w.store.Submit(ctx, []journal.NewTxn{{ID: id, Account: w.account, Cycle: c.ID, Version: 1}}); err != nil {
		t.Fatal(err)
	}
	got, err := w.Deactivate(ctx, w.account, c.ID, true)
	if err != nil || got.Status != tandem.CycleFinishing {
		t.Fatalf("%+v, %v", got, err)
	}
	if slices.Contains(w.happened(), "hold") {
		t.Error("what it is to finish is held")
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- w.Run(ctx) }()
	if _, err := w.store.Commit(ctx, journal.Delta{Account: w.account, Txn: id, Cycle: c.ID, Status: tandem.TransactionCompleted}); err != nil {
		t.Fatal(err)
	}
	for got.Status != tandem.CyclePaused {
		if got, err = w.Get(ctx, w.account, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
}

// A process that ends between starting a cycle and letting go on what was held
// leaves that to whichever looks next.
func TestStartThatWasCutOff(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	for _, status := range []tandem.CycleStatus{tandem.CycleRunning, tandem.CyclePaused, tandem.CycleRunning} {
		_, err := w.store.ChangeCycle(ctx, w.account, c.ID, func(c *tandem.Cycle) error { c.Status = status; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- w.Run(ctx) }()
	for !slices.Contains(w.happened(), "resume") {
		if ctx.Err() != nil {
			t.Fatal("it never went on")
		}
		runtime.Gosched()
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
}
