package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/repeat"
	"github.com/tandem-ipaas/tandem/internal/store"
)

type jobJSON struct {
	Id, Action, CycleId, Status, State, Reason, CreatedBy string
	Done, Skipped                                         int
	EndedOnUtc                                            *time.Time
}

// between is a Repeater that does something after each part.
type between struct {
	repeat.Repeater
	after func()
}

func (b between) Each(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, ids []tandem.TransactionID) (tandem.Repeated, error) {
	did, err := b.Repeater.Each(ctx, a, do, f, ids)
	b.after()
	return did, err
}

// backlog is an account whose cycle runs, with transactions.
type backlog struct {
	*world
	cycle string
	all   []tandem.TransactionID
}

const (
	backlogSize = 120
	jobs        = "/v1.0/cycles/transactions/jobs"
)

func newBacklog(t *testing.T, db *store.Store) *backlog {
	w := newWorldOn(t, db, api.Options{})
	id, hook, action := w.built("books")
	w.account("other", "")
	var parameters []struct {
		Parameter struct {
			ID int64 `json:"Id"`
		}
	}
	w.ok(call{method: "GET", path: "/v1.0/steps/" + action.ID + "/parameters", account: "books"}, &parameters)
	w.ok(call{method: "PUT", path: fmt.Sprintf("/v1.0/steps/%s/parameters/%d", action.ID, parameters[0].Parameter.ID), account: "books", body: `{"MappingType":"StaticValue","Value":"1"}`}, nil)
	w.ok(call{method: "PUT", path: "/v1.0/cycles/" + id + "/activate", account: "books"}, nil)
	b := &backlog{world: w, cycle: id}
	for range backlogSize {
		b.all = append(b.all, w.transaction("books", tandem.CycleID(id), tandem.StepID(hook.ID)))
		time.Sleep(2 * time.Millisecond) // ids are of their milliseconds
	}
	return b
}

func (b *backlog) start(body string) (j jobJSON) {
	b.t.Helper()
	if a := b.ok(call{method: "POST", path: jobs, account: "books", body: body}, &j); a.status != 201 || j.State != "Running" {
		b.t.Errorf("%d %+v", a.status, j)
	}
	return j
}

func (b *backlog) read(id string) (j jobJSON) {
	b.t.Helper()
	b.ok(call{method: "GET", path: jobs + "/" + id, account: "books"}, &j)
	return j
}

// count is how many transactions have a status.
func (b *backlog) count(status string) string {
	b.t.Helper()
	a := b.ok(call{method: "GET", path: "/v1.0/cycles/transactions?pageSize=1&status=" + status, account: "books"}, nil)
	return a.header.Get("Total-Records")
}

// work has a node work until nothing is due, or ctx is done.
func (b *backlog) work(ctx context.Context, after func()) {
	w := repeat.NewWorker(slog.New(slog.DiscardHandler), b.db, between{b.services.Repeats.(repeat.Repeater), after})
	if err := w.Flush(ctx); err != nil && ctx.Err() == nil {
		b.t.Error(err)
	}
}

// A job goes on where its node stopped, or died, and does nothing twice.
func TestRepeatJobGoesOn(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		b := newBacklog(t, db)
		for _, id := range b.all {
			b.endsFailed("books", tandem.CycleID(b.cycle), id, nil)
		}
		j := b.start(`{"Action":"Retry","CycleId":"` + b.cycle + `"}`)
		if j.Action != "retry" || j.CycleId != b.cycle || j.Status != "Failed" || j.CreatedBy == "" {
			t.Errorf("%+v", j)
		}
		// Of a node that dies, nobody notes what it did.
		now := time.Now().Add(time.Second)
		dead, err := db.ClaimRepeatJob(t.Context(), now, now)
		if err == nil {
			dead.Doing, dead.Starts = b.all[:50], 1
			err = db.SaveRepeatJob(t.Context(), &dead)
		}
		if err == nil {
			_, err = b.services.Repeats.(repeat.Repeater).Each(t.Context(), dead.Account, dead.Action, dead.Filter, b.all[:50])
		}
		if err != nil {
			t.Fatal(err)
		}
		if j = b.read(j.Id); j.State != "Running" || j.Done != 0 {
			t.Errorf("of a node that died: %+v", j)
		}
		time.Sleep(time.Until(now)) // its lease is over
		b.work(t.Context(), func() {})
		if j = b.read(j.Id); j.State != "Completed" || j.Done != backlogSize || j.Skipped != 0 || j.EndedOnUtc == nil || b.count("Queued") != fmt.Sprint(backlogSize) {
			t.Errorf("%+v, and %s run again", j, b.count("Queued"))
		}

		// One that stops says what it did.
		j = b.start(`{"Action":"drop","Status":"Queued"}`)
		ctx, stop := context.WithCancel(t.Context())
		b.work(ctx, stop)
		if j = b.read(j.Id); j.State != "Running" || j.Done != 100 {
			t.Errorf("stopped: %+v", j)
		}
		b.work(t.Context(), func() {})
		if j = b.read(j.Id); j.State != "Completed" || j.Done != backlogSize || b.count("Cancelled") != fmt.Sprint(backlogSize) {
			t.Errorf("gone on: %+v, and %s are cancelled", j, b.count("Cancelled"))
		}
	})
}

func TestRepeatJobs(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		b := newBacklog(t, db)
		in := func(account, method, path, body string) call {
			return call{method: method, path: jobs + path, account: account, body: body}
		}
		j := b.start(`{"Action":"drop"}`)
		cancel := in("books", "POST", "/"+j.Id+"/cancel", "")
		b.work(t.Context(), func() { b.ok(cancel, nil) })
		if j = b.read(j.Id); j.State != "Cancelled" || j.Done != 100 || b.count("Queued") != "20" {
			t.Errorf("%+v, and %s go on", j, b.count("Queued"))
		}
		b.fails(cancel, 409, "The job is at its end.")
		for _, c := range []call{in("other", "GET", "/"+j.Id, ""), in("other", "POST", "/"+j.Id+"/cancel", ""), in("books", "GET", "/"+tandem.NewGUID(), "")} {
			b.fails(c, 404, "")
		}
		b.fails(in("books", "GET", "/x", ""), 400, "")
		b.fails(in("books", "POST", "", `{"Action":"drop","Status":"Failed"}`), 400, "Status: Failed is not one that can be chosen to drop")
		b.fails(in("books", "POST", "", `{"Action":"drop","CycleId":"`+tandem.NewGUID()+`"}`), 404, "")
		for _, body := range []string{`{}`, `{"Action":"stop"}`} {
			if a := b.do(in("books", "POST", "", body)); a.status != 400 || !strings.Contains(string(a.body), "Action") {
				t.Errorf("%s: %d %s", body, a.status, a.body)
			}
		}

		// A cycle that is stopped meanwhile ends it, and says so.
		j = b.start(`{"Action":"resume","CycleId":"` + b.cycle + `"}`)
		b.ok(call{method: "PUT", path: "/v1.0/cycles/" + b.cycle + "/deactivate", account: "books"}, nil)
		b.work(t.Context(), func() {})
		if j = b.read(j.Id); j.State != "Failed" || !strings.HasPrefix(j.Reason, "The cycle does not run") {
			t.Errorf("%+v", j)
		}
		b.fails(in("books", "POST", "", `{"Action":"resume","CycleId":"`+b.cycle+`"}`), 409, "The cycle does not run: it is Paused. Start it first.")

		for range tandem.MaxRepeatJobs {
			b.start(`{"Action":"retry"}`)
		}
		b.fails(in("books", "POST", "", `{"Action":"retry"}`), 409, "10 such jobs of the account are running. Wait until one of them ends, or cancel it.")
		var all []jobJSON
		b.ok(in("books", "GET", "", ""), &all)
		if len(all) != tandem.MaxRepeatJobs+2 || all[0].State != "Running" || all[tandem.MaxRepeatJobs].State != "Failed" {
			t.Errorf("%+v", all)
		}
	})
}
