package app

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/repeat"
	"github.com/tandem-ipaas/tandem/internal/rollout"
)

// poisonHere is the installation with poison in it that the test's own child runs.
const poisonHere = "TANDEM_TEST_POISON"

// poisoned is an installation with two jobs, each with one item that ends the process.
type poisoned struct {
	Data, Database string
	Account        tandem.AccountID
	Txn            tandem.TransactionID // one of those that are run again
}

// deadlyPlace is that of the cycle in its rollout.
const deadlyPlace = 2

// die ends the process as nothing can recover it.
func die() {
	go func() { panic("poison") }()
	select {}
}

type deadlyUpgrader struct{ rollout.Upgrader }

func (d deadlyUpgrader) RollOut(ctx context.Context, r *tandem.Rollout, of tandem.RolloutCycle, end tandem.RolloutEnd) (tandem.RolloutOutcome, error) {
	if of.Place == deadlyPlace {
		die()
	}
	return d.Upgrader.RollOut(ctx, r, of, end)
}

type deadlyRepeater struct {
	repeat.Repeater
	poison tandem.TransactionID
}

func (d deadlyRepeater) Each(ctx context.Context, a tandem.AccountID, do tandem.RepeatAction, f tandem.TransactionFilter, ids []tandem.TransactionID) (tandem.Repeated, error) {
	if slices.Contains(ids, d.poison) {
		die()
	}
	return d.Repeater.Each(ctx, a, do, f, ids)
}

// run runs the installation until both jobs are at their end.
func (p poisoned) run(t *testing.T) {
	a := p.open(t)
	a.rollouts = rollout.NewWorker(a.log, a.store, deadlyUpgrader{a.Designs.(rollout.Upgrader)}, rollout.Options{})
	a.repeats = repeat.NewWorker(a.log, a.store, deadlyRepeater{a.Repeats.(repeat.Repeater), p.Txn})
	db := a.store.Dialect().Writer()
	for _, of := range []string{"rollout", "repeat_job"} { // the time passes that nobody else takes it
		if _, err := db.ExecContext(t.Context(), `UPDATE `+of+` SET leased_until = 0`); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), stopLimit)
	go func() {
		open := 1
		for open > 0 && ctx.Err() == nil {
			time.Sleep(20 * time.Millisecond)
			_ = db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM rollout WHERE ended_at = 0) + (SELECT count(*) FROM repeat_job WHERE ended_at = 0)`).Scan(&open) // or else it is asked again
		}
		stop()
	}()
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

func (p poisoned) open(t *testing.T) *App {
	t.Helper()
	cfg := config(t, p.Database)
	cfg.Data = p.Data
	a, err := New(t.Context(), logger(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// crashes runs the installation in processes of their own, until one ends well.
func (p poisoned) crashes(t *testing.T) (n int) {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for ; n <= 3*tandem.MaxStarts; n++ {
		child := exec.Command(os.Args[0], "-test.run=^TestPoisonousJobs$")
		child.Env = append(os.Environ(), poisonHere+"="+string(text))
		out, err := child.CombinedOutput()
		if err == nil {
			return n
		}
		if !strings.Contains(string(out), "panic: poison") {
			t.Fatalf("the child ended otherwise: %v\n%s", err, out)
		}
	}
	t.Fatalf("%d processes ended, and the next would", n)
	return n
}

// A cycle whose upgrade ends the process, and a transaction that ends it when it is
// run again, are set aside after a few starts, and those after them come to their turn.
func TestPoisonousJobs(t *testing.T) {
	if text := os.Getenv(poisonHere); text != "" {
		var p poisoned
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		p.run(t)
		return
	}
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		const items = 4
		cfg := config(t, database)
		f := newInFlight(t, start(t, cfg))
		for range items - 1 {
			if _, err := f.books.InstallTemplate(t.Context(), f.template); err != nil {
				t.Fatal(err)
			}
		}
		for range items {
			f.send(t)
		}
		close(f.answer)
		f.ran(t, items)
		done, err := f.books.Transactions(t.Context(), f.cycle)
		if err != nil {
			t.Fatal(err)
		}
		f.release(t)
		if err := f.stop(); err != nil {
			t.Fatal(err)
		}

		p := poisoned{Data: cfg.Data, Database: database, Txn: done[1].ID}
		a := p.open(t)
		if err := a.store.Dialect().Writer().QueryRowContext(t.Context(), `SELECT id FROM account WHERE api_id = 'books'`).Scan(&p.Account); err != nil {
			t.Fatal(err)
		}
		r, err := a.Rollouts.Start(t.Context(), f.partner.PartnerID, f.template, tandem.RolloutPlan{})
		if err != nil {
			t.Fatal(err)
		}
		j, err := a.RepeatJobs.Start(t.Context(), p.Account, tandem.RetryTransaction, tandem.TransactionFilter{Status: new(tandem.TransactionCompleted)})
		if err == nil {
			err = a.Close(nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := p.crashes(t); n != 2*tandem.MaxStarts {
			t.Errorf("%d processes ended, not %d at each", n, tandem.MaxStarts)
		}
		p.check(t, r, j, items)
	})
}

// check looks at what has become of so many items of each job.
func (p poisoned) check(t *testing.T, r *tandem.Rollout, j *tandem.RepeatJob, items int) {
	t.Helper()
	a := p.open(t)
	defer a.Close(nil)
	r, err := a.Rollouts.Get(t.Context(), r.Partner, r.Template, r.ID)
	if err != nil || r.State != tandem.RolloutCompleted || r.Counts[tandem.RolloutUpgraded] != items-1 || r.Counts[tandem.RolloutFailed] != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	failed, err := a.Rollouts.Cycles(t.Context(), r.Partner, r.Template, r.ID, tandem.RolloutFilter{Outcome: tandem.RolloutFailed})
	if err != nil || len(failed.Rows) != 1 || failed.Rows[0].Place != deadlyPlace || failed.Rows[0].Reason != "It was set aside: 3 times the server ended while it upgraded this cycle." {
		t.Errorf("%+v, %v", failed.Rows, err)
	}
	j, err = a.RepeatJobs.Get(t.Context(), p.Account, j.ID)
	if err != nil || j.State != tandem.RepeatJobCompleted || j.Done != items-1 || j.Skipped != 1 ||
		j.Reason != "Transaction "+p.Txn.String()+" was set aside: 3 times the server ended while it came to it." {
		t.Errorf("%+v, %v", j, err)
	}
	again, err := a.Transactions.List(t.Context(), p.Account, tandem.TransactionFilter{After: j.Created, Before: time.Now().Add(time.Minute)})
	of := map[tandem.TransactionID]int{}
	for _, x := range again.Rows {
		of[x.RepeatOf]++
	}
	if err != nil || len(again.Rows) != items-1 || len(of) != items-1 || of[p.Txn] > 0 {
		t.Errorf("run again: %+v, %v", again.Rows, err)
	}
}
