package trigger_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// clockwork is timers and an engine in memory, with the rules that the store's
// conformance suite holds the real ones to: a due time moves once.
type clockwork struct {
	mu      sync.Mutex
	timers  map[tandem.CycleID]tandem.Timer
	busy    map[string]bool
	fails   int // so many submissions do
	reads   int
	fired   []string // cycle, and when it was due
	at      []time.Time
	skipped []tandem.Incident
}

func (c *clockwork) set(t tandem.Timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers[t.Cycle] = t
}

func (c *clockwork) DueTimers(_ context.Context, now time.Time, limit int) (due []tandem.Timer, _ error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads++
	for _, t := range c.timers {
		if !t.Due.IsZero() && !t.Due.After(now) && len(due) < limit {
			due = append(due, t)
		}
	}
	slices.SortFunc(due, func(a, b tandem.Timer) int { return a.Due.Compare(b.Due) })
	return due, nil
}

func (c *clockwork) NextTimer(context.Context) (next time.Time, _ error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.timers {
		if !t.Due.IsZero() && (next.IsZero() || t.Due.Before(next)) {
			next = t.Due
		}
	}
	return next, nil
}

func (c *clockwork) Busy(_ context.Context, _ tandem.AccountID, source string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.busy[source], nil
}

func (c *clockwork) move(at journal.Cursor) bool {
	t := c.timers[at.Cycle]
	if !t.Due.Equal(at.Was) {
		return false
	}
	t.Due = at.Next
	c.timers[at.Cycle] = t
	return true
}

func (c *clockwork) SkipTimer(_ context.Context, at journal.Cursor, why tandem.Incident) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.move(at) {
		c.skipped = append(c.skipped, why)
	}
	return nil
}

func (c *clockwork) Submit(_ context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fails > 0 {
		c.fails--
		return nil, errors.New("broken")
	}
	if !c.move(*n[0].Cursor) {
		return []tandem.TransactionID{0}, nil
	}
	c.fired = append(c.fired, string(n[0].Cycle))
	c.at = append(c.at, time.Now())
	return []tandem.TransactionID{1}, nil
}

// minutes after the beginning that cycles were fired at.
func (c *clockwork) minutes(since time.Time) (out []float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, at := range c.at {
		out = append(out, at.Sub(since).Minutes())
	}
	return out
}

// node runs timers until the test's bubble ends.
func (c *clockwork) node(t *testing.T, o trigger.TimersOptions) *trigger.Timers {
	t.Helper()
	timers := trigger.NewTimers(slog.New(slog.DiscardHandler), c, c, func(t tandem.Timer, at time.Time) journal.NewTxn {
		return journal.NewTxn{Account: t.Account, Cycle: t.Cycle, Version: t.Version, Created: at}
	}, o)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- timers.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			t.Error(err)
		}
	})
	return timers
}

func newClockwork() *clockwork {
	return &clockwork{timers: map[tandem.CycleID]tandem.Timer{}, busy: map[string]bool{}}
}

func every(minutes int, due time.Time) tandem.Timer {
	return tandem.Timer{Account: 1, Cycle: "c", Version: 1, Due: due, Schedule: tandem.Schedule{Interval: time.Duration(minutes) * time.Minute}}
}

func TestFiresOnItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.set(every(5, began.Add(2*time.Minute)))
		c.node(t, trigger.TimersOptions{})
		time.Sleep(13 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{2, 7, 12}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestTwoNodesFireOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.set(every(1, began.Add(time.Minute)))
		c.node(t, trigger.TimersOptions{})
		c.node(t, trigger.TimersOptions{})
		time.Sleep(3*time.Minute + time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]float64{1, 2, 3}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// What was missed while nothing ran is made up once, and the times stay.
func TestMissedRunsAreMadeUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.set(every(60, began.Add(-210*time.Minute)))
		c.node(t, trigger.TimersOptions{})
		time.Sleep(91 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{0, 30, 90}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestWakesForANewTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		timers := c.node(t, trigger.TimersOptions{Look: 24 * time.Hour})
		time.Sleep(time.Minute)
		synctest.Wait()
		c.set(every(60, time.Now()))
		timers.Wake()
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{1}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// A timer that another node set, and that ended since, is found.
func TestLooksForForeignTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.node(t, trigger.TimersOptions{Look: 30 * time.Second})
		time.Sleep(time.Second)
		c.set(every(60, began.Add(10*time.Second)))
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{0.5}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestSkipsWhileTheLastOneCollects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.set(every(5, began.Add(5*time.Minute)))
		c.busy["timer c"] = true
		c.node(t, trigger.TimersOptions{})
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		c.mu.Lock()
		if len(c.fired) != 0 || len(c.skipped) != 1 || c.skipped[0].ShortMessage != "Trigger Skipped" || c.skipped[0].IncidentLevel != tandem.OutcomeWarning {
			t.Errorf("fired %v, skipped %+v", c.fired, c.skipped)
		}
		c.busy["timer c"] = false
		c.mu.Unlock()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{10}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestRunsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began, told := newClockwork(), time.Now(), 0
		timer := every(5, began)
		timer.RunOnce = true
		c.busy["timer c"] = true // of an earlier start: no reason to leave the one run out
		c.set(timer)
		c.node(t, trigger.TimersOptions{RanOnce: func() { told++ }})
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := c.minutes(began); len(got) != 1 || told != 1 {
			t.Errorf("fired at %v, told %d times", got, told)
		}
	})
}

// What fails is tried again, without keeping others back, and without haste.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began := newClockwork(), time.Now()
		c.fails = 3
		c.set(every(60, began.Add(time.Minute)))
		c.node(t, trigger.TimersOptions{})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff([]float64{1 + 3.0/60}, c.minutes(began)); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if c.reads > 12 {
			t.Errorf("%d looks at the timers in two minutes", c.reads)
		}
	})
}
