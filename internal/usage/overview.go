package usage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cache"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// OverviewStore is what an overview reads.
type OverviewStore interface {
	// Account errors: NotFound.
	Account(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	// PartnerTasks counts the tasks of all of a partner's accounts from the
	// slot first to the slot before end.
	PartnerTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot) (int, error)
	// RunCounts counts runs by day, in their order, and span: from the day first to the day
	// before end, of one account or, if it is 0, all of the partner's.
	RunCounts(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64) ([]journal.RunCount, error)
	// RunDays are days that are known already, by day; all up to the last of them are, and
	// of one that is missing there were no runs. LastRunDay is -1 if there is none.
	RunDays(ctx context.Context, p tandem.PartnerID, first, end int64) (map[int64]tandem.RunDay, error)
	LastRunDay(ctx context.Context, p tandem.PartnerID) (int64, error)
	// CycleRuns errors: Invalid (OrderBy).
	CycleRuns(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64, f tandem.RunFilter) (tandem.Page[tandem.CycleRuns], error)
	// AccountActivity counts tasks since the slot that period gives. Errors: Invalid (OrderBy).
	AccountActivity(ctx context.Context, p tandem.PartnerID, f tandem.Search, period func(*tandem.Account) tandem.Slot) (tandem.Page[tandem.AccountActivity], error)
	// WaitingConnectors lists those that wait at a time. Errors: Invalid (OrderBy).
	WaitingConnectors(ctx context.Context, p tandem.PartnerID, at time.Time, r tandem.PageRequest) (tandem.Page[tandem.WaitingConnector], error)
}

// usualDays is how many days an overview is of, today included.
const usualDays = 30

// What is kept of what was counted, so that it is not counted each time.
const (
	keptPartners = 1_000
	keptMoment   = 5 * time.Second // what still changes
	secondsOfDay = 24 * 60 * 60
)

// Overview implements tandem.Overview.
type Overview struct {
	store    OverviewStore
	settings Settings

	used *cache.Cache[tandem.PartnerID, tandem.AllowanceUse]
}

var _ tandem.Overview = (*Overview)(nil)

// NewOverview makes the service.
func NewOverview(store OverviewStore, settings Settings) *Overview {
	return &Overview{store: store, settings: settings, used: cache.New[tandem.PartnerID, tandem.AllowanceUse](keptPartners, keptMoment)}
}

// Allowance implements tandem.Overview.
func (o *Overview) Allowance(ctx context.Context, p tandem.PartnerID) (tandem.AllowanceUse, error) {
	use, err := o.used.Load(p, func() (tandem.AllowanceUse, error) { return o.use(ctx, p, time.Now()) })
	if err != nil {
		return use, fmt.Errorf("tasks of partner %d: %w", p, err)
	}
	settings, err := o.settings.Get(ctx, p)
	if err != nil {
		return use, fmt.Errorf("allowance of partner %d: %w", p, err)
	}
	use.Allowance = settings.Task.Allowance
	return use, nil
}

// use counts the tasks of the month that now lies in.
func (o *Overview) use(ctx context.Context, p tandem.PartnerID, now time.Time) (tandem.AllowanceUse, error) {
	month := tandem.CalendarMonths(time.UTC).At(now)
	used, err := o.store.PartnerTasks(ctx, p, tandem.SlotOf(month.Start), tandem.SlotOf(now)+1)
	return tandem.AllowanceUse{TasksUsed: used, StartTime: month.Start, EndTime: month.End}, err
}

// Days implements tandem.Overview.
func (o *Overview) Days(ctx context.Context, p tandem.PartnerID, f tandem.RunFilter) (page tandem.Page[tandem.RunDay], err error) {
	order, known := dayOrders[f.OrderBy]
	if !known {
		return page, noOrder(f.OrderBy)
	}
	a, first, end, err := o.window(ctx, p, f)
	if err != nil {
		return page, err
	}
	all, err := o.days(ctx, p, a, first, end)
	if err != nil {
		return page, err
	}
	slices.SortStableFunc(all, order)
	if f.Descend {
		slices.Reverse(all)
	}
	return pageOf(all, f.PageRequest), nil
}

var dayOrders = map[string]func(a, b tandem.RunDay) int{
	"":       byDay,
	"Day":    byDay,
	"Runs":   func(a, b tandem.RunDay) int { return cmp.Or(cmp.Compare(a.Runs, b.Runs), byDay(a, b)) },
	"Errors": func(a, b tandem.RunDay) int { return cmp.Or(cmp.Compare(a.Errors, b.Errors), byDay(a, b)) },
	"P95Milliseconds": func(a, b tandem.RunDay) int {
		return cmp.Or(cmp.Compare(a.P95Milliseconds, b.P95Milliseconds), byDay(a, b))
	},
}

func byDay(a, b tandem.RunDay) int { return cmp.Compare(a.Day, b.Day) }

// days counts each day, but for those that are known.
func (o *Overview) days(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, first, end int64) ([]tandem.RunDay, error) {
	all := make([]tandem.RunDay, 0, end-first)
	if a == 0 {
		last, err := o.store.LastRunDay(ctx, p)
		if err != nil {
			return nil, err
		}
		known, err := o.store.RunDays(ctx, p, first, min(end, last+1))
		if err != nil {
			return nil, err
		}
		for ; first < min(end, last+1); first++ {
			all = append(all, cmp.Or(known[first], dayOf(first, nil)))
		}
	}
	counts, err := o.store.RunCounts(ctx, p, a, first, end)
	if err != nil {
		return nil, err
	}
	for day := first; day < end; day++ {
		var d tandem.RunDay
		d, counts = firstDay(day, counts)
		all = append(all, d)
	}
	return all, nil
}

// firstDay adds up the counts of a day, with which all begin, and gives the others.
func firstDay(day int64, all []journal.RunCount) (tandem.RunDay, []journal.RunCount) {
	n := 0
	for n < len(all) && all[n].Day == day {
		n++
	}
	return dayOf(day, all[:n]), all[n:]
}

// dayOf adds the counts of a day up.
func dayOf(day int64, counts []journal.RunCount) tandem.RunDay {
	d := tandem.RunDay{Day: journal.DayStart(day).Format(time.DateOnly)}
	for _, n := range counts {
		d.Runs += n.Runs
		d.Errors += n.Errors
	}
	so := 0
	for _, n := range counts {
		if so += n.Runs; so*100 >= d.Runs*95 {
			d.P95Milliseconds = int(n.Span.Longest().Milliseconds())
			break
		}
	}
	return d
}

// Cycles implements tandem.Overview.
func (o *Overview) Cycles(ctx context.Context, p tandem.PartnerID, f tandem.RunFilter) (page tandem.Page[tandem.CycleRuns], err error) {
	a, first, end, err := o.window(ctx, p, f)
	if err != nil {
		return page, err
	}
	return o.store.CycleRuns(ctx, p, a, first, end, f)
}

// Accounts implements tandem.Overview.
func (o *Overview) Accounts(ctx context.Context, p tandem.PartnerID, f tandem.Search) (tandem.Page[tandem.AccountActivity], error) {
	now := time.Now()
	return o.store.AccountActivity(ctx, p, f, func(a *tandem.Account) tandem.Slot { return tandem.SlotOf(a.Billing().At(now).Start) })
}

// Waits implements tandem.Overview.
func (o *Overview) Waits(ctx context.Context, p tandem.PartnerID, r tandem.PageRequest) (tandem.Page[tandem.WaitingConnector], error) {
	return o.store.WaitingConnectors(ctx, p, time.Now(), r)
}

// window is the account that f is of, or 0, and its days: end is not included.
//
// Errors: NotFound (the account), Invalid (end before start, too many days).
func (o *Overview) window(ctx context.Context, p tandem.PartnerID, f tandem.RunFilter) (a tandem.AccountID, first, end int64, err error) {
	if f.Account != "" {
		of, err := o.store.Account(ctx, p, f.Account)
		if err != nil {
			return 0, 0, 0, err
		}
		a = of.ID
	}
	now := time.Now()
	if f.End.IsZero() || f.End.After(now) {
		f.End = now
	}
	end = (f.End.Unix() + secondsOfDay - 1) / secondsOfDay
	if first = end - usualDays; !f.Start.IsZero() {
		first = journal.DayOf(f.Start)
	}
	switch {
	case first > end:
		return 0, 0, 0, tandem.Invalidf("end", "end: must not be before start")
	case end-first > maxDays:
		return 0, 0, 0, tandem.Invalidf("start", "start: at most %d days can be asked for", maxDays)
	}
	return a, first, end, nil
}
