// Package lifecycle starts and stops the parts of a running process.
//
// [Run] runs components, each a function that works until its context is done.
// They start in the order given and stop in the reverse order, one after the
// other, so that what others lean on goes last: the listeners before the engine,
// the engine before what it writes through. One deadline bounds the whole stop;
// when it passes, all that is left is told to end at once, and what does not is
// named in the error rather than waited for. When a component ends by itself,
// well or badly, the others are stopped too.
package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// StopTimeout is how long stopping may take in all, by default. It leaves some of the 30
// seconds that orchestrators give by default.
const StopTimeout = 25 * time.Second

// ErrEnded says that a component returned, without an error of its own, before
// it was asked to stop.
var ErrEnded = errors.New("ended unasked")

// Component is a part of a process.
type Component struct {
	Name string
	// Run works until ctx is done, then ends what it has begun and returns
	// nil. An error, or an earlier return, stops all of them.
	Run func(ctx context.Context) error
}

// Options change how components stop.
type Options struct {
	StopTimeout time.Duration // for all components together; default 25 s
}

// group is a set of components that run together.
type group struct {
	log     *slog.Logger
	timeout time.Duration
	members []*member
}

// member is a component at work.
type member struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
	err    error // once done is closed
}

// Run runs components until ctx is done or one of them ends, then stops them.
//
// Errors: what stopped them, if it was not ctx, and then what failed while
// stopping.
func Run(ctx context.Context, log *slog.Logger, components []Component, o Options) error {
	g := group{log: log, timeout: cmp.Or(o.StopTimeout, StopTimeout)}
	ended := make(chan *member, len(components))
	for _, c := range components {
		// With ctx's values but not its end, which comes to each in turn.
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		m := &member{name: c.Name, cancel: cancel, done: make(chan struct{})}
		g.members = append(g.members, m)
		log.Debug("component started", "component", c.Name)
		go func() {
			m.err = c.Run(own)
			close(m.done)
			ended <- m
		}()
	}
	var first *member
	select {
	case <-ctx.Done():
	case first = <-ended:
	}
	return errors.Join(first.failure(), g.stopAll(first))
}

// stopAll stops the members, the last first, within the time that there is.
func (g *group) stopAll(first *member) error {
	deadline := time.NewTimer(g.timeout)
	defer deadline.Stop()
	var failed []error
	for i, m := range slices.Backward(g.members) {
		m.cancel()
		select {
		case <-m.done:
			g.log.Debug("component stopped", "component", m.name)
			if m != first && m.err != nil {
				failed = append(failed, fmt.Errorf("stop %s: %w", m.name, m.err))
			}
		case <-deadline.C:
			return errors.Join(append(failed, g.abandon(g.members[:i+1]))...)
		}
	}
	return errors.Join(failed...)
}

// abandon tells members to end without waiting for each other, or for us.
func (g *group) abandon(late []*member) error {
	names := make([]string, 0, len(late))
	for _, m := range slices.Backward(late) {
		m.cancel()
		names = append(names, m.name)
	}
	return fmt.Errorf("not stopped after %v: %s", g.timeout, strings.Join(names, ", "))
}

// failure is why a member that ended unasked stops the others; nil for none.
func (m *member) failure() error {
	if m == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", m.name, cmp.Or(m.err, ErrEnded))
}
