package enginetest

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Sender is a runner that sends to a third party that takes its time, without end,
// and takes note of what it sends once nobody should.
type Sender struct {
	Began            chan bool // a slice did
	sent, late, busy atomic.Int64
	stopped          atomic.Bool
}

// NewSender makes one of which so many slices may begin unseen.
func NewSender(slices int) *Sender { return &Sender{Began: make(chan bool, slices)} }

// Spoils implements engine.Runner.
func (*Sender) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

// Slice implements engine.Runner.
func (s *Sender) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	s.busy.Add(1)
	defer s.busy.Add(-1)
	for seq := t.NextSeq; ; seq++ {
		if ctx.Err() != nil {
			return engine.Yield{Kind: engine.Ready}, nil
		}
		if s.stopped.Load() {
			s.late.Add(1)
		}
		s.sent.Add(1)
		select {
		case s.Began <- true:
		default:
		}
		select { // the answer
		case <-ctx.Done():
			return engine.Yield{}, ctx.Err()
		case <-time.After(time.Duration(t.ID%40) * time.Millisecond):
		}
		if err := l.Commit(context.WithoutCancel(ctx), journal.Delta{Items: []tandem.StepItem{{Seq: seq, StepID: "step"}}, Frontier: []byte("more")}); err != nil {
			return engine.Yield{}, err
		}
	}
}

// Stopped says that from now on nothing must be sent, and how many are at it still.
func (s *Sender) Stopped() (busy int64) {
	s.stopped.Store(true)
	return s.busy.Load()
}

// Late is how much was sent after that.
func (s *Sender) Late() int64 { return s.late.Load() }

// stopsAll: hundreds of slices are in the middle of a step, and thousands wait; when
// the answer to a stop is there, nothing is sent any more.
func stopsAll(b *bench) {
	const flood, workers = 2000, 300
	for _, s := range []engine.Signal{engine.Hold, engine.Cancel} {
		r := NewSender(flood)
		b.start(2*workers, r.Slice) // an account has half of them
		ids := b.submit(make([]journal.NewTxn, flood)...)
		for range 64 { // River's window of an account
			receive(b, r.Began, "a slice")
		}
		began := time.Now()
		b.signal(one, s)
		if busy := r.Stopped(); busy != 0 {
			b.Errorf("signal %d: %d slices are at work after it", s, busy)
		}
		took := time.Since(began)
		b.submit(journal.NewTxn{}) // comes late
		time.Sleep(100 * time.Millisecond)
		if late := r.Late(); late != 0 && s == engine.Hold {
			b.Errorf("%d requests were sent after the stop, which took %s", late, took)
		}
		want := map[engine.Signal]tandem.TransactionStatus{engine.Hold: tandem.TransactionHeld, engine.Cancel: tandem.TransactionCancelled}[s]
		for _, id := range []tandem.TransactionID{ids[0], ids[flood/2], ids[flood-1]} {
			if got := b.status(id); got != want {
				b.Errorf("signal %d: %s is %s", s, id, got)
			}
		}
		if took > time.Minute {
			b.Errorf("signal %d took %s", s, took)
		}
		b.signal(one, engine.Cancel)
		b.signal(one, engine.Resume)
	}
}
