package store

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem/internal/outage"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Bounds of a commit, and of what waits for one.
const (
	groupEntries = 512
	groupBytes   = 4 << 20
	groupBegun   = groupEntries * 3 / 4 // of what is begun, while something arrives
	groupWaiting = 2048
	groupArrived = 512 // submissions that wait
	groupTime    = 30 * time.Second
)

var errClosed = errors.New("the store is closed")

// group is the group commit: one goroutine takes an entry and whatever else is
// there, and commits these together. There is no timer: groups grow while the
// commit before them runs, so that alone an entry waits for nothing but the
// disk. Where the processors are busy it lets others go first, of whom some are
// about to hand in an entry: on a fast disk groups would hardly grow otherwise.
//
// What is begun goes before what arrives. In one queue with it, each commit of a step would wait behind hundreds of
// submissions, and all workers for commits, so that the more arrived the less ended.
type group struct {
	dialect  Dialect
	unable   *outage.Outage
	waiting  chan *entry // of what is begun
	arriving chan *entry
	quit     chan struct{} // closed: no more entries
	senders  sync.RWMutex  // held for reading while sending, so that none comes after the last
	ended    chan struct{}
}

func startGroup(d Dialect, unable *outage.Outage) *group {
	g := &group{
		dialect: d, unable: unable, waiting: make(chan *entry, groupWaiting), arriving: make(chan *entry, groupArrived),
		quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go g.run()
	return g
}

// send hands in an entry of what is begun, and waits for room.
func (g *group) send(ctx context.Context, e *entry) error { return g.put(ctx, g.waiting, e) }

func (g *group) put(ctx context.Context, queue chan<- *entry, e *entry) error {
	g.senders.RLock()
	defer g.senders.RUnlock()
	if g.stopped() {
		return errClosed
	}
	select {
	case queue <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *group) stopped() bool {
	select {
	case <-g.quit:
		return true
	default:
		return false
	}
}

// stop commits what waits and ends.
func (g *group) stop() {
	close(g.quit)
	g.senders.Lock()
	close(g.waiting)
	close(g.arriving)
	g.senders.Unlock()
	<-g.ended
}

func (g *group) run() {
	defer close(g.ended)
	for waiting, arriving := g.waiting, g.arriving; waiting != nil || arriving != nil; {
		var e *entry
		select {
		case e = <-waiting:
			if e == nil {
				waiting = nil
			}
		case e = <-arriving:
			if e == nil {
				arriving = nil
			}
		}
		if e == nil {
			continue
		}
		runtime.Gosched()
		entries := g.more(e)
		g.commit(entries)
		for _, e := range entries {
			close(e.done)
		}
	}
}

// more is first and what waits behind it, within bounds.
func (g *group) more(first *entry) []*entry {
	entries, size := []*entry{first}, first.size
	drain := func(queue <-chan *entry, most int) {
		for len(entries) < most && size < groupBytes {
			select {
			case e := <-queue:
				if e == nil { // it is closed
					return
				}
				entries, size = append(entries, e), size+e.size
			default:
				return
			}
		}
	}
	drain(g.waiting, groupBegun)
	drain(g.arriving, groupEntries)
	drain(g.waiting, groupEntries)
	return entries
}

// commit commits entries together. If the database refuses one, each is tried
// alone, so that only that one fails; if it cannot write, all fail at once.
func (g *group) commit(entries []*entry) {
	err := g.write(entries)
	if err == nil {
		g.unable.Works()
		return
	}
	if len(entries) > 1 && g.dialect.Refused(err) {
		for _, e := range entries {
			g.commit([]*entry{e})
		}
		return
	}
	if !g.dialect.Refused(err) {
		g.unable.Failed(err)
		err = unavailable(err)
	}
	for _, e := range entries {
		e.err = err
	}
}

func (g *group) write(entries []*entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), groupTime)
	defer cancel()
	return g.dialect.Batch(ctx, func(tx bulk.Tx) error {
		return (&batch{tx: tx, entries: entries, now: time.Now()}).apply(ctx)
	})
}
