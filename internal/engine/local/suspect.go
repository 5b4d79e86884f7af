package local

import (
	"context"
	"sync"
	"time"
)

// suspectTime is how long a suspect has to itself. What runs for longer waits
// for somebody, and there may be many of these, when the process ended for
// another reason.
const suspectTime = time.Second

// suspectPause is how long to wait when the next suspect may not begin.
const suspectPause = 20 * time.Millisecond

// leaveAlone waits until no suspect is in its first moments, and lets another one
// have its own: until end is called, or they are over.
func (e *Engine) leaveAlone(ctx context.Context) (end func()) {
	select {
	case e.alone <- struct{}{}:
	case <-ctx.Done():
		return func() {}
	}
	end = sync.OnceFunc(func() { <-e.alone })
	time.AfterFunc(suspectTime, end)
	return end
}

// runSuspects runs, one at a time for at least their first moments, what was
// running when the process ended.
func (e *Engine) runSuspects(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		end := e.leaveAlone(ctx)
		begun, more := e.beginSuspect(func(run func()) {
			wg.Go(func() {
				defer end()
				run()
			})
		})
		if begun {
			continue
		}
		end()
		if !more {
			return
		}
		pause(ctx, suspectPause)
	}
}

// beginSuspect has the next suspect run, if it may; more says that there are some.
// Where one transaction runs after the other it waits for its turn, as all others do,
// and is left alone then.
func (e *Engine) beginSuspect(apart func(run func())) (begun, more bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.suspects) > 0 && !e.queue.stopped {
		w := e.suspects[0]
		e.suspects = e.suspects[1:]
		switch {
		case w.cycle.held || w.turn != w.cycle.turn:
		case w.cycle.account.serial():
			e.queue.push(w)
			e.dispatch()
		case !e.mayBegin(w.cycle.account):
			e.suspects = append(e.suspects, w)
			return false, true
		default:
			e.queue.running++
			w.cycle.account.running++
			w.suspect = false
			slice, s := e.begin(w)
			apart(func() { e.run(slice, s) })
			return true, true
		}
	}
	return false, false
}
