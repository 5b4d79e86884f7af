package trigger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tandem-ipaas/tandem/internal/journal"
)

// BarrierStore keeps the barriers at which cycles wait for all their transactions.
type BarrierStore interface {
	// ReadyBarriers lists those that can be passed now, and says whether there are
	// any at all.
	ReadyBarriers(ctx context.Context) (ready []journal.Barrier, open bool, err error)
	// DropBarrier ends one that nothing passes.
	DropBarrier(ctx context.Context, b journal.Barrier) error
}

// BarrierStart makes the transaction that goes on from a barrier.
type BarrierStart func(b journal.Barrier, at time.Time) journal.NewTxn

// BarriersOptions of [NewBarriers].
type BarriersOptions struct {
	// First is how soon to look after somebody arrived, and Last how often at most
	// to look while a barrier is open; in between the looks become rarer. Default
	// 100 ms and 5 s.
	First, Last time.Duration
	// Look is how often to look for barriers that other nodes have opened and left
	// behind; default 30 s.
	Look time.Duration
}

// Barriers lets one transaction go on from each step at which a cycle waits for all
// its transactions, when they have ended. While nothing waits so, nobody looks.
type Barriers struct {
	log    *slog.Logger
	store  BarrierStore
	engine Submitter
	start  BarrierStart
	o      BarriersOptions
	wake   chan struct{}
}

// NewBarriers makes the barriers.
func NewBarriers(log *slog.Logger, store BarrierStore, engine Submitter, start BarrierStart, o BarriersOptions) *Barriers {
	o.First, o.Last, o.Look = cmp.Or(o.First, 100*time.Millisecond), cmp.Or(o.Last, 5*time.Second), cmp.Or(o.Look, 30*time.Second)
	return &Barriers{log: log, store: store, engine: engine, start: start, o: o, wake: make(chan struct{}, 1)}
}

// Wake says that somebody arrived at a barrier, or that a cycle was started.
func (b *Barriers) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Run lets transactions go on until ctx is done.
func (b *Barriers) Run(ctx context.Context) error {
	for wait := b.o.First; ; {
		open, moved, err := b.pass(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			b.log.ErrorContext(ctx, "barriers could not be passed", "error", err)
		}
		switch {
		case moved:
			wait = b.o.First
		case open || err != nil:
			wait = min(2*wait, b.o.Last)
		default:
			wait = b.o.Look
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
			continue
		case <-b.wake:
		}
		wait = b.o.First
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait): // many arrive at once
		}
	}
}

// pass lets go on what can, and says whether barriers are open, and whether one
// moved.
func (b *Barriers) pass(ctx context.Context) (open, moved bool, err error) {
	ready, open, err := b.store.ReadyBarriers(ctx)
	if err != nil {
		return true, false, fmt.Errorf("list barriers: %w", err)
	}
	for _, r := range ready {
		if e := b.end(ctx, r); e != nil {
			err = errors.Join(err, fmt.Errorf("pass the barrier of cycle %s: %w", r.Cycle, e))
			continue
		}
		moved = true
	}
	return open, moved, err
}

// end ends a barrier, with the transaction that goes on.
func (b *Barriers) end(ctx context.Context, r journal.Barrier) error {
	if r.Failed {
		b.log.InfoContext(ctx, "nothing goes on from a barrier, as a trigger failed", "account", r.Account, "cycle", r.Cycle, "step", r.Step)
		return b.store.DropBarrier(ctx, r)
	}
	_, err := b.engine.Submit(ctx, b.start(r, time.Now()))
	return err
}
