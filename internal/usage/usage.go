// Package usage tells how many tasks accounts have used.
//
// A task is one executed step that calls a method, successful or not. Tasks are
// counted in the commit of the step that used them, by account and day, so that
// the figures are exact whatever crashes; this package adds them up.
package usage

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Store is what usage reads.
type Store interface {
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	// Tasks counts an account's, and those of the tree below it and itself,
	// from the slot first to the slot before end.
	Tasks(ctx context.Context, a tandem.AccountID, first, end tandem.Slot) (own, tree int, err error)
}

// Meter implements tandem.Meter.
type Meter struct{ store Store }

var _ tandem.Meter = (*Meter)(nil)

// New makes the service.
func New(store Store) *Meter { return &Meter{store: store} }

// Usage implements tandem.Meter.
func (m *Meter) Usage(ctx context.Context, p tandem.PartnerID, apiID string, start, end time.Time) (tandem.Usage, error) {
	a, err := m.store.Account(ctx, p, apiID)
	if err != nil {
		return tandem.Usage{}, err
	}
	of, err := windowOf(start, end, a.Billing())
	if err != nil {
		return tandem.Usage{}, err
	}
	own, tree, err := m.store.Tasks(ctx, a.ID, of.first, of.end)
	if err != nil {
		return tandem.Usage{}, fmt.Errorf("usage of account %q: %w", apiID, err)
	}
	return tandem.Usage{ID: a.APIID, TasksUsed: own, TreeTasksUsed: tree, StartTime: of.start, EndTime: of.until}, nil
}

// window is a time in whole slots.
type window struct {
	first, end   tandem.Slot
	start, until time.Time // as it is shown: not beyond now
}

// windowOf is the window from start, rounded down, to end, rounded up. Without
// these it is from the beginning of the billing period, and to now.
//
// Errors: Invalid (end before start).
func windowOf(start, end time.Time, by tandem.Billing) (window, error) {
	now := time.Now().UTC()
	if end.IsZero() {
		end = now
	}
	if start.IsZero() {
		start = by.At(end).Start
	}
	if end.Before(start) {
		return window{}, tandem.Invalidf("end", "end: must not be before start")
	}
	w := window{first: tandem.SlotOf(start), end: tandem.SlotEnd(end)}
	w.start, w.until = w.first.Time(), w.end.Time()
	if w.until.After(now) {
		w.until = end.UTC() // its last slot is not over
	}
	return w, nil
}
