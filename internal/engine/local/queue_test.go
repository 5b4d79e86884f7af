package local

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// TestWeight compares what is thought of a webhook's transaction with what it
// takes of memory: a bound in bytes that is off by much is none.
func TestWeight(t *testing.T) {
	const n = 5000
	for name, body := range map[string]int{"short": 12, "long": 4000} {
		all := make([]*journal.Txn, n)
		before := heapBytes()
		for i := range all {
			all[i] = webhookTxn(body)
		}
		took := float64(heapBytes()-before) / n
		if w := float64(weight(all[0])); w < 0.7*took || w > 1.4*took {
			t.Errorf("%s: weight %.0f, but it takes %.0f bytes", name, w, took)
		}
		runtime.KeepAlive(all)
	}
}

func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// webhookTxn is a transaction as the request to a webhook leaves it.
func webhookTxn(body int) *journal.Txn {
	headers := map[string]string{}
	for name, size := range map[string]int{"User-Agent": 18, "Content-Length": 2, "Content-Type": 16, "Accept-Encoding": 4, "Idempotency-Key": 8} {
		headers[name] = strings.Repeat("x", size)
	}
	return &journal.Txn{Cycle: "0c2365ca-70aa-4f85-9837-5777fba21f37", Frontier: bytes.Repeat([]byte("x"), 4), Items: []tandem.StepItem{{
		StepID:  "7f4657b6-5cb7-4303-baf2-973558dfca53",
		Request: &tandem.Exchange{Method: "POST", URL: strings.Repeat("x", 56), Headers: headers}, Response: &tandem.Exchange{Body: bytes.Repeat([]byte("x"), body)},
	}}}
}
