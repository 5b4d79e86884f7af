package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// sumTest is a partner with accounts whose tasks are counted by the store, and here.
type sumTest struct {
	*journalTest
	partner  tandem.PartnerID
	accounts []*tandem.Account
	now      tandem.Slot
	random   *rand.Rand
	mu       sync.Mutex
	counted  map[tandem.AccountID][]journal.Count
}

// sum tests that counts of all accounts are those of the ledger, however much of it is
// summed up, when, and by how many at once, and however late something is counted.
func sum(t *testing.T, s *store.Store) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	u := &sumTest{
		journalTest: &journalTest{s: s}, partner: newPartner(t, s, "sum@acme.test"), now: tandem.SlotOf(time.Now()),
		random: rand.New(rand.NewPCG(seed, 1)), counted: map[tandem.AccountID][]journal.Count{},
	}
	for i := range 5 {
		u.accounts = append(u.accounts, newAccount(t, s, u.partner, fmt.Sprint("sum", i), 0))
	}
	other := newAccount(t, s, newPartner(t, s, "sum@other.test"), "sum", 0)
	u.submit(t, journal.NewTxn{Account: other.ID, Cycle: "o", Meter: []journal.Count{{Slot: u.now - 96, Cycle: "o", Method: "m", Succeeded: 1000}}})
	for round := range 3 {
		for range 8 {
			u.count(t)
		}
		u.sumUp(t, u.now-tandem.Slot(96*20*(2-round))-6)
		u.compare(t, "summed up", round)
		u.count(t) // perhaps late
		u.compare(t, "counted late", round)
	}
	u.together(t)
	u.fold(t)
	u.purge(t)
}

// count counts something in the last seventy days, of any account.
func (u *sumTest) count(t *testing.T) {
	t.Helper()
	u.mu.Lock()
	a := u.accounts[u.random.IntN(len(u.accounts))].ID
	var all []journal.Count
	for range 1 + u.random.IntN(3) {
		all = append(all, journal.Count{
			Slot: u.now - tandem.Slot(u.random.IntN(70*96)), Cycle: tandem.CycleID(fmt.Sprint("c", u.random.IntN(3))), Connector: fmt.Sprint("C", u.random.IntN(2)), Version: "1.0",
			Method: fmt.Sprint("m", u.random.IntN(2)), Succeeded: u.random.IntN(5), Failed: 1, Took: time.Millisecond,
		})
	}
	u.counted[a] = append(u.counted[a], all...)
	u.mu.Unlock()
	u.submit(t, journal.NewTxn{Account: a, Cycle: "c0", Meter: all})
}

// sumUp sums up to a slot; what others change meanwhile is left for the next time.
func (u *sumTest) sumUp(t *testing.T, before tandem.Slot) {
	t.Helper()
	for range 100 {
		if err := u.s.SumTasks(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if at, err := u.s.Summed(t.Context()); err != nil || at >= before {
			return
		}
	}
	t.Errorf("nothing is summed up")
}

// compare compares all figures in windows of many kinds with what was counted.
func (u *sumTest) compare(t *testing.T, when string, round int) {
	t.Helper()
	for i := range 4 {
		first, end := u.now-tandem.Slot(u.random.IntN(72*96)), u.now+1
		switch i % 4 {
		case 1: // days
			first, end = first/96*96, (u.now-tandem.Slot(u.random.IntN(40*96)))/96*96
		case 2: // anything
			end = u.now - tandem.Slot(u.random.IntN(40*96))
		case 3: // all
			first, end = 0, u.now+1000
		}
		if first > end {
			first, end = end, first
		}
		u.window(t, fmt.Sprintf("round %d, %s, from %d to %d", round, when, first-u.now, end-u.now), first, end)
	}
}

func (u *sumTest) window(t *testing.T, what string, first, end tandem.Slot) {
	t.Helper()
	all, lines := 0, map[string]tandem.Tasks{}
	add := func(key string, c journal.Count) {
		n := lines[key]
		lines[key] = tandem.Tasks{TasksUsed: n.TasksUsed + c.Succeeded + c.Failed, SuccessfulTasks: n.SuccessfulTasks + c.Succeeded, IncidentTasks: n.IncidentTasks + c.Failed}
	}
	for _, a := range u.accounts {
		for _, c := range u.counted[a.ID] {
			if c.Slot < first || c.Slot >= end {
				continue
			}
			all += c.Succeeded + c.Failed
			add(a.APIID, c)
			add(a.APIID+" "+string(c.Cycle), c)
			add(c.Connector+"/", c)
			add(c.Connector+"/"+c.Method, c)
			add(c.Slot.Time().Format(time.DateOnly), c)
		}
	}
	got := map[string]tandem.Tasks{}
	for _, by := range []tandem.UsageBy{tandem.UsageByCycle, tandem.UsageByConnector, tandem.UsageByMethod} {
		page, err := u.s.UsageLines(t.Context(), u.partner, 0, by, first, end, tandem.UsageFilter{PageRequest: tandem.PageRequest{PageSize: 100}})
		if err != nil || page.Total != len(page.Rows) {
			t.Fatalf("%s: %d of %d by %s, %v", what, len(page.Rows), page.Total, by, err)
		}
		for _, l := range page.Rows {
			if by == tandem.UsageByCycle {
				got[l.AccountID+" "+string(l.CycleID)] = l.Tasks
			} else {
				got[l.Connector+"/"+l.Method] = l.Tasks
			}
		}
	}
	accounts, err := u.s.AccountsTasks(t.Context(), u.partner, first, end, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "TasksUsed"}})
	slots, failed := u.s.UsageSlots(t.Context(), u.partner, 0, first, end, tandem.UsageFilter{})
	n, wrong := u.s.PartnerTasks(t.Context(), u.partner, first, end)
	if err := errors.Join(err, failed, wrong); err != nil || n != all {
		t.Fatalf("%s: %d tasks, want %d; %v", what, n, all, err)
	}
	for _, a := range accounts.Rows {
		if a.TasksUsed > 0 {
			got[a.ID] = a.Tasks
		}
	}
	for slot, n := range slots {
		day := slot.Time().Format(time.DateOnly)
		was := got[day]
		got[day] = tandem.Tasks{TasksUsed: was.TasksUsed + n.TasksUsed, SuccessfulTasks: was.SuccessfulTasks + n.SuccessfulTasks, IncidentTasks: was.IncidentTasks + n.IncidentTasks}
	}
	if diff := cmp.Diff(lines, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// together has some count while others sum up.
func (u *sumTest) together(t *testing.T) {
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			for i := range tandem.Slot(4) {
				if err := u.s.SumTasks(t.Context(), u.now-20+i); err != nil {
					t.Error(err)
				}
			}
		})
		group.Go(func() {
			for range 10 {
				u.count(t)
			}
		})
	}
	group.Wait()
	u.sumUp(t, u.now-6)
	u.compare(t, "together", 3)
}

// fold folds what is summed up.
func (u *sumTest) fold(t *testing.T) {
	for _, a := range u.accounts {
		for range 8 {
			if err := u.s.FoldTasks(t.Context(), a.ID, (u.now/96-7)*96, func(s tandem.Slot) tandem.Slot { return s / 96 * 96 }); err != nil {
				t.Fatal(err)
			}
		}
	}
	day := func(ago tandem.Slot) tandem.Slot { return (u.now/96 - ago) * 96 }
	u.window(t, "folded", day(60), day(8))
	u.window(t, "folded, to now", day(70), u.now+1)
	u.sumUp(t, u.now-5)
	u.window(t, "folded, and summed up", day(70), u.now+1)
}

// purge takes an account's counts out of all sums.
func (u *sumTest) purge(t *testing.T) {
	gone := u.accounts[0]
	if err := u.s.DeleteAccount(t.Context(), u.partner, gone.ID, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, err := u.s.PurgeAccounts(t.Context(), time.Now()); n == 0 || err != nil {
		t.Fatalf("purged %d, %v", n, err)
	}
	u.accounts = u.accounts[1:]
	u.window(t, "purged", 0, u.now+1)
	u.sumUp(t, u.now-4)
	u.window(t, "purged, and summed up", 0, u.now+1)
}
