package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// What reports over all accounts have to stay fast with.
const (
	reportAccounts     = 10_000
	reportTransactions = 100 // of each
)

// BenchmarkReports measures what the dashboard and the reports ask about 10,000
// accounts, which have 2.4 million rows of usage, as many of runs, and a million
// transactions; on PostgreSQL, too, where there is one. TANDEM_BENCH_FOLDER keeps the
// SQLite between runs.
func BenchmarkReports(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": pgtest.URL} {
		b.Run(name, func(b *testing.B) {
			dir := os.Getenv("TANDEM_BENCH_FOLDER")
			if dir == "" {
				dir = b.TempDir()
			}
			s, err := store.Open(b.Context(), url(b), dir)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			benchReports(b, s)
		})
	}
}

func benchReports(b *testing.B, s *store.Store) {
	now := time.Now()
	p := seedReports(b, s, now)
	slot, day := tandem.SlotOf(now), journal.DayOf(now)
	began := time.Now()
	if err := s.SumTasks(b.Context(), slot-6); err != nil {
		b.Fatal(err)
	}
	b.Logf("summed up in %v", time.Since(began))
	month, week := tandem.SlotOf(now.AddDate(0, 0, -29).Truncate(24*time.Hour)), tandem.Slot(day-6)*96
	lines := func(by tandem.UsageBy, first tandem.Slot, order string) func(context.Context) error {
		return func(ctx context.Context) error {
			f := tandem.UsageFilter{PageRequest: tandem.PageRequest{PageSize: 5, OrderBy: order, Descend: true}}
			_, err := s.UsageLines(ctx, p, 0, by, first, slot+1, f)
			return err
		}
	}
	across := func(f tandem.AcrossFilter) func(context.Context) error {
		return func(ctx context.Context) error { _, err := s.Transactions().Across(ctx, p, f); return err }
	}
	for _, c := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"allowance", func(ctx context.Context) error { _, err := s.PartnerTasks(ctx, p, month, slot+1); return err }},
		{"run days", func(ctx context.Context) error { _, err := s.RunCounts(ctx, p, 0, day, day+1); return err }},
		{"failing cycles", func(ctx context.Context) error {
			_, err := s.CycleRuns(ctx, p, 0, day-1, day+1, tandem.RunFilter{PageRequest: tandem.PageRequest{PageSize: 20}, Failing: true})
			return err
		}},
		{"waiting connectors", func(ctx context.Context) error {
			_, err := s.WaitingConnectors(ctx, p, now, tandem.PageRequest{PageSize: 5})
			return err
		}},
		{"connectors by incidents, week", lines(tandem.UsageByConnector, week, "IncidentTasks")},
		{"connectors by time, week", lines(tandem.UsageByConnector, week, "AverageMilliseconds")},
		{"methods, month", lines(tandem.UsageByMethod, month, "TasksUsed")},
		{"cycles, month", lines(tandem.UsageByCycle, month, "TasksUsed")},
		{"cycles, week", lines(tandem.UsageByCycle, week, "TasksUsed")},
		{"days, month", func(ctx context.Context) error {
			_, err := s.UsageSlots(ctx, p, 0, month, slot+1, tandem.UsageFilter{})
			return err
		}},
		{"accounts by tasks, month", func(ctx context.Context) error {
			_, err := s.AccountsTasks(ctx, p, month, slot+1, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "TasksUsed", Descend: true}})
			return err
		}},
		{"transactions of all", across(tandem.AcrossFilter{})},
		{"failed transactions", across(tandem.AcrossFilter{TransactionFilter: tandem.TransactionFilter{Status: new(tandem.TransactionFailed)}})},
		{"transactions, last page", across(tandem.AcrossFilter{TransactionFilter: tandem.TransactionFilter{PageRequest: tandem.PageRequest{Page: tandem.ReportDepth / 50}}})},
		{"transactions of one", across(tandem.AcrossFilter{Account: "k500"})},
		{"incidents of all", func(ctx context.Context) error {
			_, err := s.Transactions().IncidentsAcross(ctx, p, tandem.AcrossFilter{})
			return err
		}},
		{"find a transaction", func(ctx context.Context) error {
			_, err := s.Transactions().Find(ctx, p, seededTransaction(now, reportAccounts/2, 50))
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if err := c.do(b.Context()); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		})
	}
}

// seededTransaction is the nth of an account, from 1.
func seededTransaction(now time.Time, account, n int) tandem.TransactionID {
	base := (now.Truncate(24*time.Hour).UnixMilli() - tandem.EpochMillis) << 22
	return tandem.TransactionID(base - int64(reportTransactions-n)*(20_000_000<<22) + int64(account))
}

// seedReports fills a store, once.
func seedReports(b *testing.B, s *store.Store, now time.Time) tandem.PartnerID {
	b.Helper()
	db := s.Dialect().Writer()
	var known tandem.PartnerID
	if db.QueryRowContext(b.Context(), `SELECT MIN(id) FROM partner`).Scan(&known) == nil {
		return known
	}
	p, err := s.CreatePartner(b.Context(), "acme", tandem.ConsoleUser{Email: "a@acme.test"}, "", tandem.OAuthClient{ID: "client", SecretHash: []byte{1}})
	if err != nil {
		b.Fatal(err)
	}
	const numbers = `WITH RECURSIVE a (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < %d), n (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < %d), `
	slot, day := tandem.SlotOf(now), journal.DayOf(now)
	empty := map[string]string{"sqlite": `x'00'`, "postgres": `'\x00'::bytea`}[s.Dialect().Name()]
	text := func(pattern, n string) string { return fmt.Sprintf(`'%s' || CAST(%s AS text)`, pattern, n) }
	for _, statement := range []string{
		fmt.Sprintf(numbers, reportAccounts, 0) + `x (y) AS (SELECT 1) INSERT INTO account (id, partner, api_id, parent, name, timezone, next_bill_at, error_webhook_enabled,
			error_webhook_warnings, enabled, data_key, created_at, deleted_at) SELECT i, ` + fmt.Sprint(p) + `, ` + text("k", "i") + `, 0, ` + text("Kunde ", "i") + `, 'UTC', 0, false, false, true, ` + empty + `, 1, 0 FROM a`,
		fmt.Sprintf(numbers, reportAccounts, 1) + `x (y) AS (SELECT 1) INSERT INTO cycle (account, id, version, name, description, tags, labels, shareable, status, stop_reason, template, template_release,
			interval_minutes, start_at, run_once, created_at) SELECT i, ` + text("c", "k") + `, 1, ` + text("Cycle ", "k") + `, '', ` + empty + `, '', false, 'Running', '', '', '', 5, 0, false, 1 FROM a, n`,
		// Of the last week quarters of an hour, in which an account is at work every four hours or so; of what was before days.
		// All of it in the order of time, as it is counted.
		fmt.Sprintf(numbers, reportAccounts, 22) + `c (j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM c WHERE j < 3) INSERT INTO meter (account, slot, cycle, method, connector, version, succeeded, failed, took)
			SELECT i, (` + fmt.Sprint(day) + ` - 8 - k) * 96, ` + text("c", "j / 2") + `, ` + text("m", "j") + `, ` + text("Connector ", "(i + j) % 12") + `, '1.0', 50 + i % 7, CASE WHEN (i + k) % 20 = 0 THEN 1 ELSE 0 END, 500000 FROM a, n, c ORDER BY 2`,
		fmt.Sprintf(numbers, reportAccounts, 36) + `c (j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM c WHERE j < 3) INSERT INTO meter (account, slot, cycle, method, connector, version, succeeded, failed, took)
			SELECT i, ` + fmt.Sprint(slot) + ` - k * 18 - i % 18, ` + text("c", "j / 2") + `, ` + text("m", "j") + `, ` + text("Connector ", "(i + j) % 12") + `, '1.0', 10 + i % 7, CASE WHEN (i + k) % 20 = 0 THEN 1 ELSE 0 END, 100000 FROM a, n, c ORDER BY 2`,
		fmt.Sprintf(numbers, reportAccounts, 29) + `c (j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM c WHERE j < 7) INSERT INTO run_count (account, day, cycle, span, runs, errors)
			SELECT i, ` + fmt.Sprint(day) + ` - k, ` + text("c", "j / 4") + `, 20 + j, 25, CASE WHEN (i + k + j) % 400 = 0 THEN 1 ELSE 0 END FROM a, n, c ORDER BY 2`,
		fmt.Sprintf(numbers, reportAccounts, reportTransactions-1) + `x (y) AS (SELECT 1) INSERT INTO txn (account, id, cycle, version, parent, status, epoch, next_seq, children, open, tasks, errors, suspicion, created_at, wake_at, finished_at)
			SELECT i, ` + fmt.Sprint(int64(seededTransaction(now, 0, 1))) + ` + k * ` + fmt.Sprint(int64(20_000_000)<<22) + ` + i, ` + text("c", "i % 2") + `, 1, 0, CASE WHEN (i + k) % 100 = 0 THEN 11 ELSE 10 END, 1, 2, 0, 0, 2, 0, 0,
			` + fmt.Sprint(now.Truncate(24*time.Hour).UnixMicro()) + ` - (99 - k) * 20000000000, 0, 1 FROM a, n`,
		fmt.Sprintf(numbers, reportAccounts, 19) + `x (y) AS (SELECT 1) INSERT INTO incident (account, id, cycle, txn, step, level, short, full_text, created_at)
			SELECT i, k * 10000 + i, ` + text("c", "i % 2") + `, ` + fmt.Sprint(int64(seededTransaction(now, 0, 1))) + ` + k * ` + fmt.Sprint(int64(100_000_000)<<22) + ` + i, '', 1 + k % 2, 'The third party refused it.', 'It said no.', 1000000 * k FROM a, n`,
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%v: %s", err, statement)
		}
	}
	if s.Dialect().Name() == "postgres" {
		if _, err := db.ExecContext(b.Context(), `VACUUM ANALYZE`); err != nil {
			b.Fatal(err)
		}
	}
	return p
}
