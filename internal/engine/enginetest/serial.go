package enginetest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// acts runs transactions whose frontiers say what they do, slice by slice: their
// names, and then "ready", "wait" a moment, wait an "hour" for a time or for a
// "request", or "split" into two of their kind, the first of which waits a moment.
type acts struct {
	mu     sync.Mutex
	done   []string // names as they end
	parted chan string
}

func newActs() *acts { return &acts{parted: make(chan string, 1000)} }

func (*acts) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

func (a *acts) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	name, left, _ := strings.Cut(string(t.Frontier), " ")
	act, left, _ := strings.Cut(left, " ")
	d := journal.Delta{Frontier: []byte(strings.TrimSpace(name + " " + left))}
	later := func(wait time.Duration) (engine.Yield, error) {
		d.Status, d.Wake = tandem.TransactionWaiting, time.Now().Add(wait).Truncate(time.Microsecond)
		for i := range d.Matches {
			d.Matches[i].Until = d.Wake
		}
		err := l.Commit(ctx, d)
		a.parted <- name
		return engine.Yield{Kind: engine.Until, Wake: d.Wake}, err
	}
	switch act {
	case "ready":
		return engine.Yield{Kind: engine.Ready}, l.Commit(ctx, d)
	case "wait":
		return later(50 * time.Millisecond)
	case "hour":
		return later(time.Hour)
	case "request":
		d.Matches = []journal.Match{{Step: "s", Hash: "h"}}
		return later(time.Hour)
	case "split":
		d.Status = tandem.TransactionSplit
		for _, part := range []string{"1 wait", "2 ready"} {
			d.Children = append(d.Children, journal.NewTxn{Account: t.Account, Cycle: t.Cycle, Frontier: []byte(name + part)})
		}
		return engine.Yield{Kind: engine.Children}, l.Commit(ctx, d)
	}
	y, err := finish(ctx, l)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done = append(a.done, name)
	return y, err
}

func (a *acts) ended() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.done)
}

// expect waits until as many have ended, and compares.
func (a *acts) expect(b *bench, want ...string) {
	b.Helper()
	b.eventually(strings.Join(want, " ")+" end", func() bool { return len(a.ended()) >= len(want) })
	if diff := cmp.Diff(want, a.ended()); diff != "" {
		b.Fatalf("order of ends (-want +got):\n%s", diff)
	}
}

func (b *bench) act(c journal.Cycle, all ...string) (ids []tandem.TransactionID) {
	b.Helper()
	for _, what := range all {
		ids = append(ids, b.submit(journal.NewTxn{Account: c.Account, Cycle: c.ID, Frontier: []byte(what)})...)
	}
	return ids
}

// other is another cycle of the account that has a limit.
var other = journal.Cycle{Account: one.Account, ID: "other"}

// serial: where one runs after the other, they end in the order of their arrival,
// whatever they wait for, or are split into, over an end of the engine.
func serial(b *bench) {
	a := newActs()
	b.limit.one.Store(1)
	b.start(8, a.Slice)
	b.act(one, "a ready ready", "b wait ready", "c split ready", "d", "e split", "f")
	a.expect(b, "a", "b", "c1", "c2", "c", "d", "e1", "e2", "e", "f")

	b.act(one, "g hour", "h split", "i")
	for receive(b, a.parted, "the wait") != "g" { // the others' are over
	}
	b.act(other, "passes")
	a.expect(b, "a", "b", "c1", "c2", "c", "d", "e1", "e2", "e", "f", "passes")
	b.stop()
	b.AgeWaits(b.T, time.Hour)
	b.start(8, a.Slice)
	a.expect(b, "a", "b", "c1", "c2", "c", "d", "e1", "e2", "e", "f", "passes", "g", "h1", "h2", "h", "i")
}

// unblocked: who waits for another's end goes on when that is dropped, or waits for
// nothing but requests, or when the limit is more.
func unblocked(b *bench) {
	a := newActs()
	b.limit.one.Store(1)
	b.start(8, a.Slice)
	id := b.act(one, "a hour", "b", "c request", "d", "e hour", "f", "g split")[0]
	receive(b, a.parted, "the first wait")
	b.act(other, "passes")
	a.expect(b, "passes")
	if err := b.Drop(b.Context(), one.Account, id); err != nil {
		b.Fatal(err)
	}
	a.expect(b, "passes", "b", "d")
	for receive(b, a.parted, "the wait of the fifth") != "e" {
	}
	b.limit.one.Store(3)
	b.eventually("the others pass", func() bool { return len(a.ended()) == 7 })
}
