package enginetest

import (
	"context"
	"sync/atomic"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// beside submits transactions at once, which an engine may begin in one, and more
// afterwards. Of one of them a call hangs; all others go on, slice by slice, and end.
// The one ends when its call has taken as long as it may.
func beside(b *bench) {
	const others, slices = 7, 3
	var hung atomic.Int32
	timeout, hangs, ended := make(chan bool), make(chan bool, 10), make(chan string, 100)
	b.start(256, func(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
		name := string(t.Frontier)
		switch {
		case name == "hangs":
			hung.Add(1)
			hangs <- true
			select {
			case <-timeout:
			case <-ctx.Done():
				return engine.Yield{}, ctx.Err()
			}
		case t.NextSeq < slices:
			return engine.Yield{Kind: engine.Ready}, step(ctx, l, t, name)
		}
		y, err := finish(ctx, l)
		ended <- name
		return y, err
	})
	n := make([]journal.NewTxn, others+1)
	for i := range n {
		n[i].Frontier = []byte("ends")
	}
	n[others/2].Frontier = []byte("hangs")
	id := b.submit(n...)[others/2]
	receive(b, hangs, "the call that hangs")
	for range others {
		receive(b, ended, "those beside it")
	}
	b.submit(journal.NewTxn{Frontier: []byte("ends")}, journal.NewTxn{Frontier: []byte("ends")})
	for range 2 {
		receive(b, ended, "those that come later")
	}
	if s := b.status(id); s != tandem.TransactionQueued || hung.Load() != 1 {
		b.Errorf("what hangs is %s, in slice %d", s, hung.Load())
	}
	close(timeout)
	if name := receive(b, ended, "the one that hung"); name != "hangs" {
		b.Errorf("%s", name)
	}
	if s := b.status(id); s != tandem.TransactionCompleted || hung.Load() != 1 {
		b.Errorf("what hung is %s, after %d slices", s, hung.Load())
	}
}
