package local

import "context"

// maxResting is how many workers wait for more to do.
const maxResting = 512

// job is a slice that may begin.
type job struct {
	ctx context.Context
	*slice
}

// hand gives a slice to a worker that rests, or to a new one. Workers are kept
// because the stack of a new goroutine has to grow before it can run a slice, which
// costs as much as to map its data. The caller holds e.mu.
func (e *Engine) hand(ctx context.Context, s *slice) {
	select {
	case e.jobs <- job{ctx, s}:
	default:
		go e.work(e.slices, job{ctx, s})
	}
}

// work runs one slice after another until ctx is done, or enough others rest.
func (e *Engine) work(ctx context.Context, j job) {
	for {
		e.run(j.ctx, j.slice)
		j = job{} // lets go of what it ran
		if e.resting.Add(1) > maxResting {
			e.resting.Add(-1)
			return
		}
		select {
		case j = <-e.jobs:
			e.resting.Add(-1)
		case <-ctx.Done():
			return
		}
	}
}
