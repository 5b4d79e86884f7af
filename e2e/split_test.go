package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

const (
	splitItems = 5000
	splitKills = 20
	leastKills = 3                // that have to meet work
	noWork     = 20 * time.Second // after so long without a request there is none left
)

// TestKillSplit kills the server while a list of items is made transactions of.
func TestKillSplit(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir()), freeAddresses(t, 1))
	f.sink.items, f.sink.slow = splitItems, 5*time.Millisecond
	f.withWebhook("split.json")
	if !f.post(http.DefaultClient, f.addresses[0], "list them") {
		t.Fatal("the webhook was not taken")
	}
	f.killSplit(t, splitKills, time.Minute)
}

// TestKillPoll does the same while a timer's trigger reads a list page by page.
func TestKillPoll(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir()), freeAddresses(t, 1))
	f.poll(t)
	f.killSplit(t, splitKills, time.Minute)
}

// TestKillPollPostgres does the same to two nodes over one PostgreSQL.
func TestKillPollPostgres(t *testing.T) {
	t.Parallel()
	f := newFlood(t, install(t, "--data", t.TempDir(), "--database", pgtest.URL(t)), freeAddresses(t, 2), "--slice-timeout", "5s")
	f.poll(t)
	f.killSplit(t, leastKills, time.Minute) // after each kill the window of the account is full for some seconds
}

// poll starts a cycle that runs once.
func (f *flood) poll(t *testing.T) {
	f.sink.items, f.sink.slow = splitItems, 25*time.Millisecond
	a, cycle := newCycle(t, f.in, f.base(), "poll.json", f.sink.URL)
	_, err := a.Activate(t.Context(), cycle, client.Activation{RunOnce: true})
	must(t, err)
}

// killSplit kills nodes at most so many times, each time at work, and checks that
// each item came under one key, and that the transactions are one with the list
// and one for each item, all at their end.
func (f *flood) killSplit(t *testing.T, most int, limit time.Duration) {
	kills := 0
	for ; kills < most && len(f.sink.keys()) < f.sink.items && f.sink.busy(noWork); kills++ {
		f.killNode(kills, 0)
	}
	waitIdle(t, f.in, f.base(), limit)
	checkLedger(t, f.in, f.base(), int64(f.sink.items))
	t.Logf("%d kills met work; %d pages, %d deliveries", kills, f.sink.pages.Load(), f.sink.calls.Load())
	if kills < leastKills {
		t.Errorf("only %d kills met work: hardly anything was tested", kills)
	}
	came := f.sink.byEvent()
	for i := range splitItems {
		if keys := came[fmt.Sprintf("item-%d", i)]; len(keys) != 1 {
			t.Errorf("item %d came under %d keys", i, len(keys))
		}
	}
	f.checkSplit(t)
}

// checkSplit looks at the records.
func (f *flood) checkSplit(t *testing.T) {
	a := f.in.partner(f.base()).Account(account)
	var parents []tandem.Transaction
	must(t, a.Do(t.Context(), "GET", "/cycles/transactions?splitType=Parent", nil, &parents))
	if len(parents) != 1 || parents[0].Status != tandem.TransactionCompleted || parents[0].Children != splitItems {
		t.Fatalf("the transactions with the list are %+v; want one, completed, with %d children", parents, splitItems)
	}
	children := 0
	for page := 1; ; page++ {
		var some []tandem.Transaction
		must(t, a.Do(t.Context(), "GET", fmt.Sprintf("/transactions/%s/transactions?pageSize=1000&page=%d", parents[0].ID, page), nil, &some))
		for _, c := range some {
			if c.Status != tandem.TransactionCompleted {
				t.Errorf("child %s is %s", c.ID, c.Status)
			}
		}
		if children += len(some); len(some) < 1000 {
			break
		}
	}
	if children != splitItems {
		t.Errorf("%d children are recorded, not %d", children, splitItems)
	}
}
