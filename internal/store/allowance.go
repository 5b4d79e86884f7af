package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// Partners lists all.
func (s *Store) Partners(ctx context.Context) ([]tandem.PartnerID, error) {
	return rows(ctx, s.read(), scanID[tandem.PartnerID], `SELECT id FROM partner ORDER BY id`)
}

// PartnerTasks counts the tasks of all of a partner's accounts from the slot first to
// the slot before end.
func (s *Store) PartnerTasks(ctx context.Context, p tandem.PartnerID, first, end tandem.Slot) (n int, err error) {
	c, err := s.countsByMethod(ctx, p, first, end)
	if err == nil {
		err = s.read().QueryRowContext(ctx, `SELECT COALESCE(SUM(m.succeeded + m.failed), 0)`+c.from(), c.args...).Scan(&n)
	}
	if err != nil {
		return 0, fmt.Errorf("tasks of partner %d: %w", p, err)
	}
	return n, nil
}

// RaiseAlerts keeps alerts, unless their partners have had them in their periods.
func (s *Store) RaiseAlerts(ctx context.Context, all []tandem.UsageAlert) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, a := range all {
			_, err := tx.ExecContext(ctx, `INSERT INTO usage_alert (partner, period, threshold, tasks, allowance, raised_at, told) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (partner, period, threshold) DO NOTHING`, a.Partner, a.Period, a.Threshold, a.Tasks, a.Allowance, micros(a.Raised), a.Told)
			if err != nil {
				return fmt.Errorf("raise an alert of partner %d: %w", a.Partner, err)
			}
		}
		return nil
	})
}

// Alerts lists those of a period, in the order of their thresholds.
func (s *Store) Alerts(ctx context.Context, p tandem.PartnerID, period tandem.Slot) ([]tandem.UsageAlert, error) {
	return rows(ctx, s.read(), func(r scanner) (a tandem.UsageAlert, err error) {
		var raised int64
		err = r.Scan(&a.Partner, &a.Period, &a.Threshold, &a.Tasks, &a.Allowance, &raised, &a.Told)
		a.Raised = instant(raised)
		return a, err
	}, `SELECT partner, period, threshold, tasks, allowance, raised_at, told FROM usage_alert WHERE partner = $1 AND period = $2 ORDER BY threshold`, p, period)
}

// AlertTold notes that the letters of an alert are queued.
func (s *Store) AlertTold(ctx context.Context, a tandem.UsageAlert) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE usage_alert SET told = true WHERE partner = $1 AND period = $2 AND threshold = $3`, a.Partner, a.Period, a.Threshold)
		return err
	})
}
