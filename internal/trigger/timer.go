package trigger

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// dueBatch is how many timers are read at a time.
const dueBatch = 200

// TimerStore keeps timers.
type TimerStore interface {
	// DueTimers lists at most limit that are due by now, the longest due
	// first.
	DueTimers(ctx context.Context, now time.Time, limit int) ([]tandem.Timer, error)
	// NextTimer is when the first is due; the zero time is never.
	NextTimer(ctx context.Context) (time.Time, error)
	// Busy says whether the last transaction submitted under source is still
	// collecting: its first step has not ended.
	Busy(ctx context.Context, a tandem.AccountID, source string) (bool, error)
	// SkipTimer moves a timer on without a run, and records why, if it has
	// not moved yet.
	SkipTimer(ctx context.Context, at journal.Cursor, why tandem.Incident) error
}

// TimerStart makes the transaction of a cycle that is due.
type TimerStart func(t tandem.Timer, at time.Time) journal.NewTxn

// TimersOptions of [NewTimers].
type TimersOptions struct {
	// RanOnce is told when a cycle that runs once only has been started.
	RanOnce func()
	// Look is how often to look for timers that other nodes have set and left
	// behind; default 30 s.
	Look time.Duration
}

// Timers starts cycles that are due.
type Timers struct {
	log     *slog.Logger
	store   TimerStore
	engine  Submitter
	start   TimerStart
	ranOnce func()
	look    time.Duration
	wake    chan struct{}
}

// NewTimers makes the timers.
func NewTimers(log *slog.Logger, store TimerStore, engine Submitter, start TimerStart, o TimersOptions) *Timers {
	if o.RanOnce == nil {
		o.RanOnce = func() {}
	}
	return &Timers{
		log: log, store: store, engine: engine, start: start, ranOnce: o.RanOnce,
		look: cmp.Or(o.Look, 30*time.Second), wake: make(chan struct{}, 1),
	}
}

// Wake says that a timer was set.
func (t *Timers) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run starts cycles as they are due, until ctx is done.
func (t *Timers) Run(ctx context.Context) error {
	for {
		next, err := t.fire(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			t.log.ErrorContext(ctx, "timers could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.wake:
		case <-time.After(t.wait(next, time.Now())):
		}
	}
}

// retry is the wait when what is due could not be started.
const retry = time.Second

func (t *Timers) wait(next, now time.Time) time.Duration {
	switch {
	case next.IsZero():
		return t.look
	case !next.After(now):
		return retry
	}
	return min(next.Sub(now), t.look)
}

// fire starts all that is due, and says when the next one is. What fails is
// still due, and is tried again.
func (t *Timers) fire(ctx context.Context) (next time.Time, err error) {
	for {
		now := time.Now()
		due, err := t.store.DueTimers(ctx, now, dueBatch)
		if err != nil {
			return now, fmt.Errorf("list due timers: %w", err)
		}
		failed := false
		for _, timer := range due {
			if err := t.run(ctx, timer, now); err != nil {
				failed = true
				t.log.WarnContext(ctx, "due cycle could not be started", "account", timer.Account, "cycle", timer.Cycle, "error", err)
			}
		}
		if len(due) < dueBatch || failed {
			break
		}
	}
	if next, err = t.store.NextTimer(ctx); err != nil {
		return time.Now(), fmt.Errorf("find the next timer: %w", err)
	}
	return next, nil
}

// run starts one cycle that is due, or skips it.
func (t *Timers) run(ctx context.Context, timer tandem.Timer, now time.Time) error {
	cursor := journal.Cursor{Account: timer.Account, Cycle: timer.Cycle, Was: timer.Due, Next: timer.After(now)}
	source := "timer " + string(timer.Cycle)
	if !timer.RunOnce {
		busy, err := t.store.Busy(ctx, timer.Account, source)
		if err != nil {
			return fmt.Errorf("look at the last run: %w", err)
		}
		if busy {
			return t.skip(ctx, cursor, now)
		}
	}
	n := t.start(timer, now)
	// The cursor makes it once; the key is for Busy, and of no other firing.
	n.Cursor, n.Trigger, n.Key = &cursor, source, strconv.FormatInt(now.UnixMicro(), 10)
	if _, err := t.engine.Submit(ctx, n); err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	if timer.RunOnce {
		t.ranOnce()
	}
	return nil
}

func (t *Timers) skip(ctx context.Context, cursor journal.Cursor, now time.Time) error {
	err := t.store.SkipTimer(ctx, cursor, tandem.Incident{
		CycleID: cursor.Cycle, IncidentLevel: tandem.OutcomeWarning, ShortMessage: tandem.IncidentSkipped, Created: now,
		FullMessage: fmt.Sprintf("The run due at %s was skipped: the previous one is still collecting.", cursor.Was.UTC().Format(time.RFC3339)),
	})
	if err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	return nil
}
