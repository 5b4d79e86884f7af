package cycle_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

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
	if err != nil || len(hooks) != 1 || hooks[0].Remote != `{"Id":"9007199254740993"}` {
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

// What a third party calls an id is kept only if it can be one.
func TestWebhookIDsThatAreNone(t *testing.T) {
	w := newWorld(t)
	c := w.add(t, "new-contact.json")
	for _, answer := range []string{`{"id":"a\u0000b"}`, `{"id":{"a":1}}`, `{"id":[1]}`, `{"id":"` + strings.Repeat("x", 1001) + `"}`, `{"id":null}`, `{}`, `x`} {
		w.answer = answer
		_, err := w.Activate(t.Context(), w.account, c.ID, tandem.Activation{})
		wantCode(t, answer, err, tandem.Invalid)
	}
	w.answer = `{"id":"a"}`
	w.activate(t, c, tandem.Activation{})
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
	_, err := w.Activate(ctx, w.account, c.ID, tandem.Activation{Interval: 7})
	var e *tandem.Error
	if !errors.As(err, &e) || e.Code != tandem.Invalid || e.Field != "Interval" {
		t.Errorf("every 7 minutes: %v, want Invalid about Interval", err)
	}
	for _, tt := range []struct {
		name        string
		how         tandem.Activation
		first, last time.Duration // from now
		every       int
	}{
		{"nothing said", tandem.Activation{}, -time.Minute, time.Minute, tandem.UsualInterval},
		{"once, in the past", tandem.Activation{RunOnce: true, StartTime: time.Now().Add(-time.Hour)}, -time.Minute, time.Minute, tandem.UsualInterval},
		{"often, in the past", tandem.Activation{Interval: 30, StartTime: time.Now().Add(-50 * time.Minute)}, 9 * time.Minute, 10 * time.Minute, 30},
		{"often, long ago", tandem.Activation{Interval: 5, StartTime: time.Unix(-1<<35, 0)}, 0, 5 * time.Minute, 5},
		{"often, a moment ago", tandem.Activation{Interval: 5, StartTime: time.Now().Add(-time.Second)}, -time.Minute, 0, 5},
	} {
		got := w.activate(t, c, tt.how)
		if wait := time.Until(got.StartTime); wait < tt.first || wait > tt.last || got.Interval != tt.every {
			t.Errorf("%s: in %s, every %d minutes; want in %s to %s, every %d", tt.name, wait, got.Interval, tt.first, tt.last, tt.every)
		}
		if _, err := w.Deactivate(ctx, w.account, c.ID, false); err != nil {
			t.Fatal(err)
		}
	}

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
	hold, err := w.Stop(t.Context(), w.account, c.ID, "Subscribe: 401")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"changed"}, w.happened()); diff != "" {
		t.Errorf("held before the reason was recorded: %s", diff)
	}
	hold()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Run(ctx); err != nil { // waits for what hold began
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"hold", "Delete Webhook 9007199254740993"}, w.happened()); diff != "" {
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

// A third party that cannot be asked to stop calling keeps no cycle from stopping;
// the cycle tells, and asks once more before it subscribes again.
func TestWebhookThatCannotBeRemoved(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	w.activate(t, c, tandem.Activation{})
	w.fails = tandem.Invalidf("", "The service answered 500.")
	got, err := w.Deactivate(ctx, w.account, c.ID, false)
	if err != nil || got.Status != tandem.CyclePaused {
		t.Fatalf("%+v, %v", got, err)
	}
	const want = "A webhook could not be removed at its third party, which may go on calling it: The service answered 500."
	if got, err = w.Get(ctx, w.account, c.ID); err != nil || got.StopReason != want {
		t.Errorf("%q, %v", got.StopReason, err)
	}
	w.fails = nil
	w.happened()
	if got = w.activate(t, c, tandem.Activation{}); got.StopReason != "" {
		t.Errorf("%q", got.StopReason)
	}
	if diff := cmp.Diff([]string{"Delete Webhook 9007199254740993", "Create Webhook ", "changed", "resume"}, w.happened()); diff != "" {
		t.Error(diff)
	}
}

// An activation that was cut off is made again with the same Idempotency-Key, and
// one after that with another.
func TestWebhookThatIsSubscribedOnce(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := w.add(t, "new-contact.json")
	hooks, err := w.store.Webhooks(ctx, w.account, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.SetWebhookRemote(ctx, hooks[0], "asking:the key of before"); err != nil {
		t.Fatal(err)
	}
	w.activate(t, c, tandem.Activation{})
	if w.key != "the key of before" {
		t.Errorf("asked again with the key %q", w.key)
	}
	if _, err := w.Deactivate(ctx, w.account, c.ID, false); err != nil {
		t.Fatal(err)
	}
	w.fails = tandem.Invalidf("", "no more")
	_, err = w.Activate(ctx, w.account, c.ID, tandem.Activation{})
	wantCode(t, "activate", err, tandem.Invalid)
	second := w.key
	w.fails = nil
	w.activate(t, c, tandem.Activation{})
	if second == "the key of before" || w.key == second || w.key == "" {
		t.Errorf("keys %q and %q", second, w.key)
	}
}
