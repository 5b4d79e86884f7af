package store_test

import (
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// BenchmarkLogs measures pages of logs of a million calls, one in a thousand of them
// refused, and of a million requests to the webhooks of one account, half of them
// transactions.
func BenchmarkLogs(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) { benchmarkLogs(b, "") })
	b.Run("PostgreSQL", func(b *testing.B) { benchmarkLogs(b, storetest.URL(b)) })
}

func benchmarkLogs(b *testing.B, url string) {
	s, err := store.Open(b.Context(), url, storetest.Folder(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const base = 194_000_000_000 << 22 // in 2026
	for _, statement := range []string{
		`INSERT INTO api_call SELECT n % 50, $1 + n * 4194304, 1, 'GET', '/v1.0/cycles/6f0d7c9e-0000-4000-8000-000000000000/steps', 'listSteps',
			CASE WHEN n % 1000 = 0 THEN 404 ELSE 200 END, 3, 'Client', 'c', '192.0.2.1', 'KQ3ZVXH5WCB2', 1 FROM numbers`,
		`INSERT INTO webhook_request SELECT 7, $1 + n * 4194304, 'cycle', 'step', 'POST', 410, 'The integration is stopped.', 312, 3, 0, '192.0.2.1', 1 FROM numbers WHERE n % 2 = 0`,
		`INSERT INTO txn (account, id, cycle, version, parent, status, epoch, next_seq, children, open, tasks, errors, suspicion, created_at, wake_at, finished_at, begun, received)
			SELECT 8, $1 + n * 4194304, 'cycle', 1, 0, 10, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0 FROM numbers WHERE n % 2 = 1`,
		`INSERT INTO txn (account, id, cycle, version, parent, status, epoch, next_seq, children, open, tasks, errors, suspicion, created_at, wake_at, finished_at, begun, received)
			SELECT 7, $1 + n * 4194304, 'cycle', 1, 0, 10, 0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 313 FROM numbers WHERE n % 2 = 1`,
	} {
		const numbers = `WITH RECURSIVE numbers (n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000) `
		if _, err := s.Dialect().Writer().ExecContext(b.Context(), numbers+statement, int64(base)); err != nil {
			b.Fatal(err)
		}
	}
	if s.Dialect().Name() == "postgres" {
		if _, err := s.Dialect().Writer().ExecContext(b.Context(), "VACUUM ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
	calls := func(f tandem.TrafficFilter) func() (int, error) {
		return func() (int, error) { p, err := s.Calls(b.Context(), 1, f); return len(p.Rows), err }
	}
	of := func(a tandem.AccountID) func(tandem.TrafficFilter) func() (int, error) {
		return func(f tandem.TrafficFilter) func() (int, error) {
			return func() (int, error) { p, err := s.Requests(b.Context(), a, f); return len(p.Rows), err }
		}
	}
	requests, others := of(7), of(8)
	failed, deep := tandem.StatusRange{First: 400, Last: 599}, tandem.PageRequest{Page: 1900}
	early := tandem.LineID(base + 1000*4194304).Made()
	for _, c := range []struct {
		name string
		list func() (int, error)
		rows int
	}{
		{"calls", calls(tandem.TrafficFilter{}), 50},
		{"calls, deep", calls(tandem.TrafficFilter{PageRequest: deep}), 50},
		{"calls of an account", calls(tandem.TrafficFilter{Account: 7}), 50},
		{"calls that failed", calls(tandem.TrafficFilter{Status: failed}), 50},
		{"calls by a method of none", calls(tandem.TrafficFilter{Method: "PUT"}), 0},
		{"calls of long ago", calls(tandem.TrafficFilter{Before: early}), 50},
		{"calls, read on", calls(tandem.TrafficFilter{Past: base + 500_000*4194304, PageRequest: tandem.PageRequest{PageSize: 1000}}), 1000},
		{"requests", requests(tandem.TrafficFilter{}), 50},
		{"requests, deep", requests(tandem.TrafficFilter{PageRequest: deep}), 50},
		{"requests to a cycle", requests(tandem.TrafficFilter{Cycle: "cycle"}), 50},
		{"requests to a cycle, deep", requests(tandem.TrafficFilter{Cycle: "cycle", PageRequest: deep}), 50},
		{"requests, oldest first", requests(tandem.TrafficFilter{PageRequest: tandem.PageRequest{OrderBy: "CreatedOnUtc"}}), 50},
		{"requests, where timers begin all", others(tandem.TrafficFilter{}), 0},
		{"requests refused", requests(tandem.TrafficFilter{Status: failed}), 50},
		{"requests, read on", requests(tandem.TrafficFilter{Past: base + 500_000*4194304, PageRequest: tandem.PageRequest{PageSize: 1000}}), 1000},
	} {
		b.Run(c.name, func(b *testing.B) {
			began := time.Now()
			for b.Loop() {
				if n, err := c.list(); err != nil || n != c.rows {
					b.Fatalf("%d rows, %v", n, err)
				}
			}
			b.ReportMetric(float64(time.Since(began).Microseconds())/1000/float64(b.N), "ms/page")
		})
	}
}
