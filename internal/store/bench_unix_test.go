//go:build unix

package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// body is an event of about 1 KB that differs from one to the next.
func body(n int64) []byte {
	return fmt.Appendf(nil, `{"id":%d,"type":"order.created","first_name":"Ada","last_name":"Lovelace %d","email":"ADA.%d@EXAMPLE.COM","total_cents":%d,
"country":"gb","address":{"line1":"12 St James's Square","line2":"","city":"London","postcode":"SW1Y 4JH"},"lines":[
{"sku":"A-%d","title":"Notes by the translator","quantity":1,"price_cents":%d,"tax_cents":100},{"sku":"B-%d","title":"Sketch of the analytical engine",
"quantity":2,"price_cents":1299,"tax_cents":260},{"sku":"C-%d","title":"Letters to a friend, volume %d","quantity":1,"price_cents":899,"tax_cents":180}],
"note":"Please leave with the neighbour at number %d if nobody answers the door; the bell does not always work.","source":{"channel":"web","campaign":"autumn-%d",
"referrer":"https://books.example.com/list/%d?utm=abc"},"created":"2026-03-04T05:06:07.%06dZ"}`, n, n*7, n*13, n*31%10000, n*3, n*17%5000, n*5, n*11, n%12, n%200, n%9, n*41, n%1000000)
}

// BenchmarkWebhook is what a transaction from a webhook with one further step
// costs: a submission with an item, and a last delta with another. It reports
// the CPU of the process and what is on disk.
func BenchmarkWebhook(b *testing.B) {
	for _, clients := range []int{8, 64, 256} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchmarkWebhook(b, clients) })
	}
}

func benchmarkWebhook(b *testing.B, clients int) {
	dir := b.TempDir()
	s, err := store.Open(b.Context(), "", dir)
	if err != nil {
		b.Fatal(err)
	}
	var done atomic.Int64
	base := tandem.TransactionID(time.Now().UnixMilli()-tandem.EpochMillis) << 22
	cpu := cpuTime()
	b.ResetTimer()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				n := done.Add(1)
				if n > int64(b.N) {
					return
				}
				if err := webhook(b, s, base+tandem.TransactionID(n), n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N)/1000, "cpu-µs/op")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(folderSize(b, dir))/float64(b.N), "disk-B/op")
}

func webhook(b *testing.B, s *store.Store, id tandem.TransactionID, n int64) error {
	account := tandem.AccountID(1 + n%50)
	cycle := tandem.CycleID(fmt.Sprintf("5f0d7c9e-0000-4000-8000-%012d", account))
	now := time.Now()
	in := tandem.StepItem{
		Seq: 1, StepID: "5f0d7c9e-0000-4000-8000-00000000000a", Attempt: 1, Started: now, Finished: now,
		Response: &tandem.Exchange{Status: 200, Body: body(n)},
	}
	if _, err := s.Submit(b.Context(), []journal.NewTxn{{
		ID: id, Account: account, Cycle: cycle, Version: 1,
		Frontier: []byte(`{"pending":[2]}`), Items: []tandem.StepItem{in},
	}}); err != nil {
		return err
	}
	out := tandem.StepItem{
		Seq: 2, Prev: 1, StepID: "5f0d7c9e-0000-4000-8000-00000000000b", Attempt: 1, Tasks: 1, Started: now, Finished: now,
		Request: &tandem.Exchange{Method: "POST", URL: "http://127.0.0.1:9801/sink", Body: body(n)}, Response: &tandem.Exchange{Status: 200, Body: body(n)},
	}
	_, err := s.Commit(b.Context(), journal.Delta{
		Account: account, Txn: id, Cycle: cycle, Items: []tandem.StepItem{out},
		Status: tandem.TransactionCompleted, Meter: []journal.Count{{Cycle: cycle, Method: "m", Slot: 20000, Succeeded: 1}},
	})
	return err
}

func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func folderSize(b *testing.B, dir string) (n int64) {
	err := filepath.Walk(dir, func(_ string, i os.FileInfo, err error) error {
		if err == nil {
			n += i.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
