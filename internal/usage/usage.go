package usage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Store is what usage reads.
type Store interface {
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	// Tasks counts an account's, and those of the tree below it and itself,
	// from the slot first to the slot before end; as do the others.
	Tasks(ctx context.Context, a tandem.AccountID, first, end tandem.Slot) (own, tree int, err error)
	TasksOf(ctx context.Context, a tandem.AccountID, first, end tandem.Slot) (tandem.Tasks, error)
	// AccountsTasks errors: Invalid (OrderBy).
	AccountsTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot, f tandem.UsageFilter) (tandem.Page[tandem.AccountUsage], error)
	// UsageLines counts for one account or, if it is 0, all of the partner's,
	// by anything but days. Errors: Invalid (OrderBy).
	UsageLines(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, by tandem.UsageBy, first, end tandem.Slot, f tandem.UsageFilter) (tandem.Page[tandem.UsageLine], error)
	UsageSlots(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end tandem.Slot, f tandem.UsageFilter) (map[tandem.Slot]tandem.Tasks, error)
	// Ledger is what was counted and recorded, in one view.
	Ledger(ctx context.Context, a tandem.AccountID) (journal.Ledger, error)
	// CycleVersion errors: NotFound.
	CycleVersion(ctx context.Context, a tandem.AccountID, id tandem.CycleID, version int64) (*tandem.Cycle, error)
}

// AccountStore lists whose billing periods are counted.
type AccountStore interface {
	// AccountsOf lists accounts by name: all of the partner's or, if root is not "", that
	// and those below it. Errors: NotFound, Invalid (OrderBy).
	AccountsOf(ctx context.Context, p tandem.PartnerID, root string, r tandem.PageRequest) (tandem.Page[tandem.Account], error)
}

// Meter implements tandem.Meter.
type Meter struct {
	store    Store
	accounts AccountStore
}

var _ tandem.Meter = (*Meter)(nil)

// New makes the service.
func New(store Store, accounts AccountStore) *Meter { return &Meter{store, accounts} }

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

// Periods implements tandem.Meter.
func (m *Meter) Periods(ctx context.Context, p tandem.PartnerID, apiID string, r tandem.PageRequest) (tandem.Page[tandem.BillingPeriod], error) {
	var page tandem.Page[tandem.BillingPeriod]
	if r.OrderBy != "" && r.OrderBy != "StartTime" {
		return page, noOrder(r.OrderBy)
	}
	a, err := m.store.Account(ctx, p, apiID)
	if err != nil {
		return page, err
	}
	billing, now := a.Billing(), time.Now()
	var all []tandem.BillingPeriod
	for of := billing.At(now); of.End.After(a.CreatedDate); of = billing.Before(of) {
		all = append(all, tandem.BillingPeriod{StartTime: of.Start, EndTime: of.End, Current: of.End.After(now)})
	}
	if r.Rises() {
		slices.Reverse(all)
	}
	page = pageOf(all, r)
	for i := range page.Rows {
		of := &page.Rows[i]
		if of.Tasks, err = m.store.TasksOf(ctx, a.ID, tandem.SlotOf(of.StartTime), tandem.SlotOf(of.EndTime)); err != nil {
			return page, fmt.Errorf("billing periods of account %q: %w", apiID, err)
		}
	}
	return page, nil
}

// PeriodsAcross implements tandem.Meter.
func (m *Meter) PeriodsAcross(ctx context.Context, p tandem.PartnerID, f tandem.PeriodFilter) (page tandem.Page[tandem.PlacedPeriod], err error) {
	now := time.Now()
	if f.At.IsZero() || f.At.After(now) {
		f.At = now
	}
	accounts, err := m.accounts.AccountsOf(ctx, p, f.Account, f.PageRequest)
	page.Total, page.Rows = accounts.Total, make([]tandem.PlacedPeriod, len(accounts.Rows))
	for i := range accounts.Rows {
		if err != nil {
			break
		}
		a, of := &accounts.Rows[i], &page.Rows[i]
		period := a.Billing().At(f.At)
		*of = tandem.PlacedPeriod{AccountID: a.APIID, AccountName: a.Name, BillingPeriod: tandem.BillingPeriod{StartTime: period.Start, EndTime: period.End, Current: period.End.After(now)}}
		of.Tasks, err = m.store.TasksOf(ctx, a.ID, tandem.SlotOf(period.Start), tandem.SlotOf(period.End))
	}
	if err != nil {
		return page, fmt.Errorf("billing periods of partner %d: %w", p, err)
	}
	return page, nil
}

// Accounts implements tandem.Meter.
func (m *Meter) Accounts(ctx context.Context, p tandem.PartnerID, f tandem.UsageFilter) (tandem.Page[tandem.AccountUsage], error) {
	of, err := windowOf(f.Start, f.End, tandem.CalendarMonths(time.UTC))
	if err != nil {
		return tandem.Page[tandem.AccountUsage]{}, err
	}
	return m.store.AccountsTasks(ctx, p, of.first, of.end, f)
}

// Lines implements tandem.Meter.
func (m *Meter) Lines(ctx context.Context, p tandem.PartnerID, by tandem.UsageBy, f tandem.UsageFilter) (page tandem.Page[tandem.UsageLine], err error) {
	var a tandem.AccountID
	billing := tandem.CalendarMonths(time.UTC)
	if f.Account != "" {
		account, err := m.store.Account(ctx, p, f.Account)
		if err != nil {
			return page, err
		}
		a, billing = account.ID, account.Billing()
	}
	of, err := windowOf(f.Start, f.End, billing)
	if err != nil {
		return page, err
	}
	if by != tandem.UsageByDay {
		return m.store.UsageLines(ctx, p, a, by, of.first, of.end, f)
	}
	days, err := daysOf(of, billing.Zone(), f)
	if err != nil {
		return page, err
	}
	counts, err := m.store.UsageSlots(ctx, p, a, of.first, of.end, f)
	if err != nil {
		return page, err
	}
	return pageOf(days.lines(counts, f), f.PageRequest), nil
}
