package usage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// WatchStore is what Watch reads and keeps.
type WatchStore interface {
	Partners(ctx context.Context) ([]tandem.PartnerID, error)
	// PartnerTasks counts the tasks of all of a partner's accounts from the
	// slot first to the slot before end.
	PartnerTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot) (int, error)
	// RaiseAlerts keeps those that their partners have not had yet.
	RaiseAlerts(ctx context.Context, all []tandem.UsageAlert) error
	// Alerts lists those of a period, in the order of their thresholds.
	Alerts(ctx context.Context, p tandem.PartnerID, period tandem.Slot) ([]tandem.UsageAlert, error)
	AlertTold(ctx context.Context, a tandem.UsageAlert) error
}

// Settings are partners' own.
type Settings interface {
	// Get errors: NotFound.
	Get(ctx context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error)
}

const watchEvery = time.Minute

// Watch tells partners when 50, 80 and 100 % of their allowance are used, each
// once in a month, however many nodes watch and whatever crashes. An alert is a
// row first; then its letters are queued, under keys by which a second queuing is
// known; then the row says so.
type Watch struct {
	log      *slog.Logger
	store    WatchStore
	settings Settings
	mail     tandem.Mail
}

// NewWatch makes a watch.
func NewWatch(log *slog.Logger, store WatchStore, settings Settings, mail tandem.Mail) *Watch {
	return &Watch{log: log, store: store, settings: settings, mail: mail}
}

// Run looks every minute until ctx is done.
func (w *Watch) Run(ctx context.Context) error {
	for {
		if err := w.Look(ctx); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "allowances were not looked at", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchEvery):
		}
	}
}

// Look looks at all partners once.
func (w *Watch) Look(ctx context.Context) error {
	partners, err := w.store.Partners(ctx)
	errs := []error{err}
	for _, p := range partners {
		if err := w.look(ctx, p); err != nil {
			errs = append(errs, fmt.Errorf("allowance of partner %d: %w", p, err))
		}
	}
	return errors.Join(errs...)
}

func (w *Watch) look(ctx context.Context, p tandem.PartnerID) error {
	set, err := w.settings.Get(ctx, p)
	if err != nil || set.Task.Allowance <= 0 {
		return err
	}
	now := time.Now()
	month := tandem.CalendarMonths(time.UTC).At(now)
	period := tandem.SlotOf(month.Start)
	used, err := w.store.PartnerTasks(ctx, p, period, tandem.SlotOf(month.End))
	if err != nil {
		return err
	}
	had, err := w.store.Alerts(ctx, p, period)
	if err != nil {
		return err
	}
	if raised := crossed(p, period, used, set.Task.Allowance, now, had); len(raised) > 0 {
		if err := w.store.RaiseAlerts(ctx, raised); err != nil {
			return err
		}
		if had, err = w.store.Alerts(ctx, p, period); err != nil {
			return err
		}
	}
	for _, a := range had {
		if !a.Told {
			if err := w.tell(ctx, a, set.Task.Alerts); err != nil {
				return err
			}
		}
	}
	return nil
}

// crossed are the alerts for the thresholds that are reached and were not. If
// there are several at once, only the highest is told.
func crossed(p tandem.PartnerID, period tandem.Slot, used, allowance int, now time.Time, had []tandem.UsageAlert) (all []tandem.UsageAlert) {
	last := 0
	if len(had) > 0 {
		last = had[len(had)-1].Threshold
	}
	for _, percent := range tandem.AlertThresholds {
		// Divided, since the product may be too large.
		if percent > last && float64(used)/float64(allowance) >= float64(percent)/100 {
			all = append(all, tandem.UsageAlert{Partner: p, Period: period, Threshold: percent, Tasks: used, Allowance: allowance, Raised: now, Told: true})
		}
	}
	if len(all) > 0 {
		all[len(all)-1].Told = false
	}
	return all
}

// tell queues the letters of an alert. Without a mail server it waits for one.
func (w *Watch) tell(ctx context.Context, a tandem.UsageAlert, to []string) error {
	if len(to) > 0 && !w.mail.Ready() {
		return nil
	}
	for _, address := range to {
		err := w.mail.Send(ctx, a.Partner, letter(a, address))
		switch tandem.ErrorCode(err) {
		case tandem.Invalid, tandem.RateLimited:
			w.log.WarnContext(ctx, "an alert was not sent", "partner", a.Partner, "threshold", a.Threshold, "error", err)
		default:
			if err != nil {
				return err
			}
		}
	}
	w.log.InfoContext(ctx, "part of an allowance is used", "partner", a.Partner, "threshold", a.Threshold, "tasks", a.Tasks, "allowance", a.Allowance)
	return w.store.AlertTold(ctx, a)
}

func letter(a tandem.UsageAlert, to string) tandem.Letter {
	month := a.Period.Time().Format("January 2006")
	rest := "Nothing stops when it is used up."
	if a.Tasks >= a.Allowance {
		rest = "Nothing stops: integrations go on as before."
	}
	return tandem.Letter{
		Key: fmt.Sprintf("allowance %d %d %s", a.Period, a.Threshold, strings.ToLower(to)), To: to,
		Subject: fmt.Sprintf("%d %% of the tasks for %s are used", a.Threshold, month),
		Paragraphs: []string{
			fmt.Sprintf("Your accounts have used %d of the %d tasks that were planned for %s (UTC).", a.Tasks, a.Allowance, month),
			rest,
		},
	}
}
