// Package outage tells of what fails again and again for one reason: once when it
// begins, and once when it is over, however many meet it in between.
package outage

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// remind is after how long it is told again that something still fails; calm is for
// how long nothing may have failed before it is over: what fails now and then is one
// outage.
const (
	remind = 10 * time.Minute
	calm   = 5 * time.Second
)

// Outage is that of one thing, which may be asked by many at once.
type Outage struct {
	log     *slog.Logger
	what    string
	failing atomic.Bool

	mu                sync.Mutex
	since, told, last time.Time
	failures          int
}

// New makes an outage that is logged under what fails, such as "write to the
// database".
func New(log *slog.Logger, what string) *Outage { return &Outage{log: log, what: what} }

// Failed takes note of a failure.
func (o *Outage) Failed(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failures++
	now := time.Now()
	o.last = now
	if !o.failing.Swap(true) {
		o.since = now
	} else if now.Sub(o.told) < remind {
		return
	}
	o.told = now
	o.log.Error("outage", "what", o.what, "since", o.since, "failures", o.failures, "error", err)
}

// Works takes note that it does. It is cheap as long as it did before.
func (o *Outage) Works() {
	if !o.failing.Load() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Since(o.last) < calm || !o.failing.Swap(false) {
		return
	}
	o.log.Warn("outage over", "what", o.what, "after", time.Since(o.since).Round(time.Millisecond), "failures", o.failures)
	o.failures = 0
}
