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
	// Tasks counts from the day first to the day last, both included (days
	// since 1970-01-01, UTC).
	Tasks(ctx context.Context, a tandem.AccountID, first, last int64) (int, error)
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
	if end.IsZero() {
		end = time.Now()
	}
	end = end.UTC()
	if start.IsZero() {
		start = time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	start = start.UTC()
	if end.Before(start) {
		return tandem.Usage{}, tandem.Invalidf("end", "end: must not be before start")
	}
	n, err := m.store.Tasks(ctx, a.ID, day(start), day(end))
	if err != nil {
		return tandem.Usage{}, fmt.Errorf("usage of account %q: %w", apiID, err)
	}
	return tandem.Usage{ID: a.APIID, TasksUsed: n, StartTime: start, EndTime: end}, nil
}

// day counts days since 1970-01-01, UTC.
func day(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }
