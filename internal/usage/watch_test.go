package usage_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/usage"
)

// desk is a partner with an allowance, and what it is told.
type desk struct {
	set    tandem.TaskSettings
	counts map[tandem.Slot]int
	asked  int // how often
	alerts []tandem.UsageAlert
	away   bool  // there is no mail server
	fails  error // of the next letter, or of noting that it was told
	sent   map[string]string
}

func (d *desk) Partners(context.Context) ([]tandem.PartnerID, error) {
	return []tandem.PartnerID{1, 2}, nil
}

func (d *desk) Get(_ context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error) {
	if p == 2 {
		return tandem.PartnerSettings{}, nil // without an allowance
	}
	return tandem.PartnerSettings{Task: d.set}, nil
}

func (d *desk) PartnerTasks(_ context.Context, p tandem.PartnerID, first, end tandem.Slot) (n int, err error) {
	if p == 2 {
		return 0, errors.New("nobody wants to know")
	}
	d.asked++
	for slot, of := range d.counts {
		if slot >= first && slot < end {
			n += of
		}
	}
	return n, nil
}

func (d *desk) RaiseAlerts(_ context.Context, all []tandem.UsageAlert) error {
	d.alerts = append(d.alerts, all...)
	return nil
}

func (d *desk) Alerts(_ context.Context, _ tandem.PartnerID, period tandem.Slot) (all []tandem.UsageAlert, err error) {
	for _, a := range d.alerts {
		if a.Period == period {
			all = append(all, a)
		}
	}
	return all, nil
}

func (d *desk) AlertTold(_ context.Context, a tandem.UsageAlert) error {
	for i := range d.alerts {
		if d.alerts[i].Period == a.Period && d.alerts[i].Threshold == a.Threshold {
			d.alerts[i].Told = true
		}
	}
	return nil
}

func (d *desk) Ready() bool { return !d.away }

func (d *desk) Send(_ context.Context, _ tandem.PartnerID, l tandem.Letter) error {
	err := d.fails
	d.fails = nil
	if err == nil {
		d.sent[l.Key] = l.To + ": " + l.Subject
	}
	return err
}

// told are the letters since the last call.
func (d *desk) told() []string {
	var all []string
	for _, key := range []string{"50", "80", "100"} {
		for of, text := range d.sent {
			var period int
			var threshold, to string
			if _, err := fmt.Sscanf(of, "allowance %d %s %s", &period, &threshold, &to); err == nil && threshold == key {
				all = append(all, text)
			}
		}
	}
	clear(d.sent)
	return all
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // now is 2000-01-01
		d := &desk{set: tandem.TaskSettings{Allowance: 1000, Alerts: []string{"ada@acme.test"}}, counts: map[tandem.Slot]int{}, sent: map[string]string{}}
		watch := func() *usage.Watch { return usage.NewWatch(slog.New(slog.DiscardHandler), d, d, d) }
		w := watch()
		look := func(what string, used int, want ...string) {
			t.Helper()
			d.counts[tandem.SlotOf(time.Now())] += used
			if err := w.Look(t.Context()); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if diff := cmp.Diff(want, d.told()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		look("one less", 499)
		look("half of it", 1, "ada@acme.test: 50 % of the tasks for January 2000 are used")
		look("the same again", 0)
		time.Sleep(5 * time.Hour)
		look("some hours later", 299)
		time.Sleep(5 * time.Hour)
		d.away = true
		look("without a mail server", 1)
		d.away = false
		w = watch() // it starts again
		look("with one", 0, "ada@acme.test: 80 % of the tasks for January 2000 are used")
		time.Sleep(5 * time.Hour)
		look("nothing more", 0)
		look("far beyond it", 5000, "ada@acme.test: 100 % of the tasks for January 2000 are used")
		look("beyond the last", 5000)
		time.Sleep(31 * 24 * time.Hour)
		look("in the next month", 850, "ada@acme.test: 80 % of the tasks for February 2000 are used")
		d.fails = errors.New("the database is away")
		d.counts[tandem.SlotOf(time.Now())] += 1000
		if err := w.Look(t.Context()); err == nil {
			t.Error("nobody was told, and nobody knows")
		}
		look("after a failure", 0, "ada@acme.test: 100 % of the tasks for February 2000 are used")
		if len(d.alerts) != 6 || !d.alerts[3].Told || d.alerts[3].Threshold != 50 {
			t.Errorf("alerts %+v", d.alerts)
		}
	})
}

// TestWatchRuns lets it look by itself.
func TestWatchRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{set: tandem.TaskSettings{Allowance: 1, Alerts: []string{"ada@acme.test"}}, counts: map[tandem.Slot]int{}, sent: map[string]string{}}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- usage.NewWatch(slog.New(slog.DiscardHandler), d, d, d).Run(ctx) }()
		synctest.Wait()
		before := d.asked
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if n := d.asked - before; before != 1 || n != 10 {
			t.Errorf("it looked %d times at first, and %d times in ten minutes", before, n)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
