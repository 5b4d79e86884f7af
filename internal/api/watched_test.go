package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// log is a partner's audit log, which counts who asks.
type log struct {
	tandem.Changes
	changes []tandem.Change // the newest first
	asked   int
}

func (l *log) ChangesAfter(_ context.Context, _ tandem.PartnerID, after int64, limit int) ([]tandem.Change, error) {
	l.asked++
	end := slices.IndexFunc(l.changes, func(c tandem.Change) bool { return c.ID <= after })
	if end < 0 {
		end = len(l.changes)
	}
	return slices.Clone(l.changes[:min(end, limit)]), nil
}

// happen appends n changes, each in an account of its own.
func (l *log) happen(n int) {
	for range n {
		id := int64(len(l.changes) + 1)
		l.changes = slices.Insert(l.changes, 0, tandem.Change{ID: id, Created: time.Now(), AccountID: fmt.Sprint("a", id), Action: "createCycle"})
	}
}

// watching is n who watch one partner, of whose log nothing is told yet.
func watching(t *testing.T, l *log, poll time.Duration, n int) []*changeWatch {
	t.Helper()
	a := &API{services: Services{Changes: l}, options: Options{Poll: poll}, actions: actionsOf((&API{}).routes())}
	changes := newWatched[tandem.PartnerID, newest]()
	all := make([]*changeWatch, n)
	for i := range all {
		all[i] = &changeWatch{api: a, partner: 1, told: -1, changes: changes.enter(1)}
		t.Cleanup(func() { changes.leave(1) })
	}
	return all
}

func (w *changeWatch) next(t *testing.T) string {
	t.Helper()
	event, err := w.event(context.WithValue(t.Context(), recordKey{}, &record{who: tandem.Principal{Partner: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	return event
}

// However many watch, the database is asked once for all of them.
func TestWatchedIsAskedForOnce(t *testing.T) {
	l := &log{}
	all := watching(t, l, time.Hour, 50)
	l.happen(1)
	for i, w := range all {
		if event := w.next(t); event != "" {
			t.Errorf("%d is told %q of what may not have ended", i, event)
		}
	}
	all[0].changes.asked = time.Time{}
	for i, w := range all {
		if event := w.next(t); !strings.Contains(event, `[{"AccountId":"a1","Subject":"Cycles"}]`) {
			t.Errorf("%d is told %q", i, event)
		}
	}
	if l.asked != 2 {
		t.Errorf("asked %d times", l.asked)
	}
	changes := newWatched[int, int]()
	changes.enter(1)
	changes.enter(1)
	changes.leave(1)
	if len(changes.all) != 1 {
		t.Error("forgotten while somebody watches")
	}
	changes.leave(1)
	if len(changes.all) != 0 {
		t.Error("kept though nobody watches")
	}
}

// Changes come in order, each once; too many of them are everything, however they come.
func TestTooManyChanges(t *testing.T) {
	const everything = "event: changes\ndata: [{\"AccountId\":\"\",\"Subject\":\"\"}]\n\n"
	l := &log{}
	w := watching(t, l, 0, 1)[0]
	for i, step := range []struct {
		happen int
		want   string
	}{
		{0, ""},
		{2, "event: changes\ndata: [{\"AccountId\":\"a1\",\"Subject\":\"Cycles\"},{\"AccountId\":\"a2\",\"Subject\":\"Cycles\"}]\n\n"},
		{0, ""},
		{toldChanges + 1, everything},
		{newestChanges + 1, everything + everything}, // at once, and when what is known of it is settled
		{0, ""},
	} {
		l.happen(step.happen)
		if got := w.next(t) + w.next(t); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	l.happen(newestChanges + 2)
	w.account = &tandem.Account{APIID: "a7"}
	ctx := context.WithValue(t.Context(), recordKey{}, &record{who: tandem.Principal{Partner: 1, Account: 7}})
	if got, err := w.event(ctx); err != nil || got != "event: changes\ndata: [{\"AccountId\":\"a7\",\"Subject\":\"\"}]\n\n" {
		t.Errorf("who is restricted is told %q, %v", got, err)
	}
}
