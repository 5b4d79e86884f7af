package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// usageTest is a partner with a tree of accounts that used tasks.
type usageTest struct {
	*journalTest
	partner          tandem.PartnerID
	books, shop, pub tandem.AccountID // shop is below books
	day              tandem.Slot      // the first of a day
}

func usage(t *testing.T, s *store.Store) {
	u := &usageTest{journalTest: &journalTest{s: s}, day: 96 * 20_000}
	u.partner = newPartner(t, s, "usage@acme.test")
	other := newAccount(t, s, newPartner(t, s, "usage@other.test"), "books", 0)
	u.books = newAccount(t, s, u.partner, "books", 0).ID
	u.shop = newAccount(t, s, u.partner, "shop", u.books).ID
	u.pub = newAccount(t, s, u.partner, "pub", 0).ID
	u.count(t, u.books, journal.Count{Slot: u.day, Cycle: "b1", Connector: "CRM", Version: "1.0", Method: "get", Succeeded: 5, Failed: 1, Took: 3 * time.Second})
	u.count(t, u.books, journal.Count{Slot: u.day + 1, Cycle: "b1", Connector: "crm", Version: "1.0", Method: "GET", Succeeded: 2})
	u.count(t, u.books, journal.Count{Slot: u.day + 96, Cycle: "b2", Connector: "CRM", Version: "2.0", Method: "get", Succeeded: 7, Took: 7 * time.Millisecond})
	u.count(t, u.shop, journal.Count{Slot: u.day + 1, Cycle: "s1", Connector: "Mail", Version: "1.0", Method: "send", Failed: 20})
	u.count(t, other.ID, journal.Count{Slot: u.day, Cycle: "o1", Connector: "CRM", Version: "1.0", Method: "get", Succeeded: 1000})
	t.Run("of an account and its tree", u.tree)
	t.Run("by account", u.accounts)
	t.Run("by cycle, connector and method", u.lines)
	t.Run("by slot", u.slots)
	t.Run("ledger", u.ledger)
	t.Run("fold", u.fold)
	t.Run("allowance", u.allowance)
	t.Run("alerts", u.alerts)
}

func (u *usageTest) count(t *testing.T, a tandem.AccountID, c ...journal.Count) {
	t.Helper()
	u.submit(t, journal.NewTxn{Account: a, Cycle: c[0].Cycle, Meter: c})
}

func (u *usageTest) tree(t *testing.T) {
	for _, c := range []struct {
		account    tandem.AccountID
		first, end tandem.Slot
		own, tree  int
	}{
		{u.books, u.day, u.day + 97, 15, 35},
		{u.books, u.day + 1, u.day + 96, 2, 22},
		{u.books, u.day, u.day, 0, 0},
		{u.shop, u.day, u.day + 97, 20, 20},
		{u.pub, u.day, u.day + 97, 0, 0},
	} {
		own, tree, err := u.s.Tasks(t.Context(), c.account, c.first, c.end)
		if err != nil || own != c.own || tree != c.tree {
			t.Errorf("account %d from %d to %d: %d and %d, %v; want %d and %d", c.account, c.first-u.day, c.end-u.day, own, tree, err, c.own, c.tree)
		}
	}
	got, err := u.s.TasksOf(t.Context(), u.books, u.day, u.day+1)
	if err != nil || got != (tandem.Tasks{TasksUsed: 6, SuccessfulTasks: 5, IncidentTasks: 1}) {
		t.Errorf("by how they ended: %+v, %v", got, err)
	}
}

func (u *usageTest) accounts(t *testing.T) {
	gone := newAccount(t, u.s, u.partner, "gone", 0)
	if err := u.s.DeleteAccount(t.Context(), u.partner, gone.ID, u.day.Time().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	list := func(first tandem.Slot, f tandem.UsageFilter) (ids []string, total int) {
		t.Helper()
		page, err := u.s.AccountsTasks(t.Context(), u.partner, first, first+96, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
			if first == u.day && r.ID == "shop" && (r.TasksUsed != 20 || r.IncidentTasks != 20 || *r.ParentAccountID != "books" || r.Deleted) || r.ID == "gone" && !r.Deleted {
				t.Errorf("%+v", r)
			}
		}
		return ids, page.Total
	}
	for _, c := range []struct {
		first tandem.Slot
		f     tandem.UsageFilter
		want  []string
		total int
	}{
		{u.day, tandem.UsageFilter{}, []string{"books", "gone", "pub", "shop"}, 4},
		{u.day + 8, tandem.UsageFilter{}, []string{"books", "pub", "shop"}, 3},
		{u.day, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "Id", Descend: true}}, []string{"shop", "pub", "gone", "books"}, 4},
		{u.day, tandem.UsageFilter{PageRequest: tandem.PageRequest{Page: 1, PageSize: 2, OrderBy: "TasksUsed", Descend: true}}, []string{"shop", "books"}, 4},
		{u.day, tandem.UsageFilter{Query: "OOK"}, []string{"books"}, 1},
		{u.day, tandem.UsageFilter{PageRequest: tandem.PageRequest{Page: 3, PageSize: 2}}, nil, 4},
	} {
		ids, total := list(c.first, c.f)
		if diff := cmp.Diff(c.want, ids); diff != "" || total != c.total {
			t.Errorf("%+v: %d (-want +got):\n%s", c.f, total, diff)
		}
	}
	if _, err := u.s.AccountsTasks(t.Context(), u.partner, u.day, u.day, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "Owner"}}); tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("an unknown order: %v", err)
	}
}

func (u *usageTest) lines(t *testing.T) {
	of := func(succeeded, failed int) tandem.Tasks {
		return tandem.Tasks{TasksUsed: succeeded + failed, SuccessfulTasks: succeeded, IncidentTasks: failed}
	}
	b1 := tandem.UsageLine{AccountID: "books", CycleID: "b1", Tasks: of(7, 1), AverageMilliseconds: 500} // of the six that it is known of
	b2 := tandem.UsageLine{AccountID: "books", CycleID: "b2", Tasks: of(7, 0), AverageMilliseconds: 1}
	s1 := tandem.UsageLine{AccountID: "shop", CycleID: "s1", Tasks: of(0, 20)}
	one := tandem.UsageLine{Connector: "CRM", ConnectorVersion: "1.0", Tasks: of(7, 1), AverageMilliseconds: 500}
	two := tandem.UsageLine{Connector: "CRM", ConnectorVersion: "2.0", Tasks: of(7, 0), AverageMilliseconds: 1}
	mail := tandem.UsageLine{Connector: "Mail", ConnectorVersion: "1.0", Tasks: of(0, 20)}
	method := func(l tandem.UsageLine, m string) tandem.UsageLine {
		l.Method = m
		return l
	}
	for _, c := range []struct {
		account tandem.AccountID
		by      tandem.UsageBy
		f       tandem.UsageFilter
		want    []tandem.UsageLine
		total   int
	}{
		{0, tandem.UsageByCycle, tandem.UsageFilter{}, []tandem.UsageLine{b1, b2, s1}, 3},
		{0, tandem.UsageByCycle, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "TasksUsed", Descend: true}}, []tandem.UsageLine{s1, b1, b2}, 3},
		{u.books, tandem.UsageByCycle, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "Name", Descend: true}}, []tandem.UsageLine{b2, b1}, 2},
		{0, tandem.UsageByCycle, tandem.UsageFilter{PageRequest: tandem.PageRequest{Page: 2, PageSize: 2}}, []tandem.UsageLine{s1}, 3},
		{0, tandem.UsageByConnector, tandem.UsageFilter{}, []tandem.UsageLine{one, two, mail}, 3},
		{0, tandem.UsageByConnector, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "IncidentTasks"}}, []tandem.UsageLine{two, one, mail}, 3},
		{0, tandem.UsageByConnector, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "AverageMilliseconds", Descend: true}}, []tandem.UsageLine{one, two, mail}, 3},
		{u.shop, tandem.UsageByConnector, tandem.UsageFilter{}, []tandem.UsageLine{mail}, 1},
		{0, tandem.UsageByConnector, tandem.UsageFilter{Cycle: "b1"}, []tandem.UsageLine{one}, 1},
		{0, tandem.UsageByMethod, tandem.UsageFilter{Connector: "crm"}, []tandem.UsageLine{method(one, "get"), method(two, "get")}, 2},
		{0, tandem.UsageByMethod, tandem.UsageFilter{Method: "SEND"}, []tandem.UsageLine{method(mail, "send")}, 1},
		{u.pub, tandem.UsageByMethod, tandem.UsageFilter{}, []tandem.UsageLine{}, 0},
	} {
		page, err := u.s.UsageLines(t.Context(), u.partner, c.account, c.by, u.day, u.day+97, c.f)
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Rows {
			if page.Rows[i].Connector == "crm" {
				page.Rows[i].Connector = "CRM" // either spelling will do
			}
		}
		if diff := cmp.Diff(c.want, page.Rows); diff != "" || page.Total != c.total {
			t.Errorf("account %d by %s, %+v: %d (-want +got):\n%s", c.account, c.by, c.f, page.Total, diff)
		}
	}
	_, err := u.s.UsageLines(t.Context(), u.partner, 0, tandem.UsageByCycle, u.day, u.day, tandem.UsageFilter{PageRequest: tandem.PageRequest{OrderBy: "Id"}})
	if tandem.ErrorCode(err) != tandem.Invalid {
		t.Errorf("an unknown order: %v", err)
	}
}

func (u *usageTest) slots(t *testing.T) {
	got, err := u.s.UsageSlots(t.Context(), u.partner, 0, u.day+1, u.day+97, tandem.UsageFilter{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[tandem.Slot]tandem.Tasks{
		u.day + 1:  {TasksUsed: 22, SuccessfulTasks: 2, IncidentTasks: 20},
		u.day + 96: {TasksUsed: 7, SuccessfulTasks: 7},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// ledger records tasks, lets some of the records go, and reads what can still be
// compared.
func (u *usageTest) ledger(t *testing.T) {
	hours := 24
	a := tandem.Account{Partner: u.partner, APIID: "ledger", Timezone: "UTC", StepDataSuccessRetentionHours: &hours, StepDataErroredRetentionHours: &hours}
	if err := u.s.CreateAccount(t.Context(), &a, dataKey); err != nil {
		t.Fatal(err)
	}
	record := func(at time.Time, ok bool) (journal.Count, journal.StepCount) {
		t.Helper()
		c := journal.Count{Slot: tandem.SlotOf(at), Cycle: "l1", Connector: "CRM", Version: "1.0", Method: "get", Succeeded: 1}
		s := journal.StepCount{Slot: c.Slot, Cycle: "l1", Version: 3, Step: "a-step", Succeeded: 1}
		it := item(1, tandem.OutcomeSuccess, nil)
		if !ok {
			it.Outcome, c.Succeeded, c.Failed, s.Succeeded, s.Failed = tandem.OutcomeWarning, 0, 1, 0, 1
		}
		it.Started, it.Finished = at, at
		free := it
		free.Seq, free.Tasks = 2, 0
		n := journal.NewTxn{Account: a.ID, Cycle: "l1", Version: 3, Created: at, Meter: []journal.Count{c}, Items: []tandem.StepItem{it, free}}
		id := u.submit(t, n)[0]
		u.commit(t, journal.Delta{Account: a.ID, Cycle: "l1", Txn: id, Status: tandem.TransactionCompleted})
		return c, s
	}
	now := time.Now()
	count1, step1 := record(now, true)
	count2, step2 := record(now, false)
	want := journal.Ledger{Counted: []journal.Count{count1}, Recorded: []journal.StepCount{step1}}
	want.Counted[0].Failed, want.Recorded[0].Failed = count2.Failed, step2.Failed
	got, err := u.s.Ledger(t.Context(), a.ID)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n, err := u.s.Expire(t.Context(), now.Add(25*time.Hour)); n != 2 || err != nil {
		t.Fatalf("expired %d, %v", n, err)
	}
	got, err = u.s.Ledger(t.Context(), a.ID)
	next := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	if !got.Since.Time().Equal(next) || len(got.Counted)+len(got.Recorded) != 0 || err != nil {
		t.Errorf("when the records are gone: %+v, %v; want from %v", got, err, next)
	}
}

func (u *usageTest) fold(t *testing.T) {
	a := newAccount(t, u.s, u.partner, "fold", 0)
	count := func(slot tandem.Slot, cycle tandem.CycleID, n int) {
		u.count(t, a.ID, journal.Count{Slot: slot, Cycle: cycle, Connector: "CRM", Version: "1.0", Method: "get", Succeeded: n, Failed: 1})
	}
	for i := range tandem.Slot(4 * 96) {
		count(u.day+i, "f1", 1)
	}
	count(u.day+50, "f2", 100)
	before := u.day + 3*96
	half := func(s tandem.Slot) tandem.Slot { return s / 48 * 48 }
	fold := func() (n int) {
		t.Helper()
		for ; n < 10; n++ {
			left, err := u.s.UnfoldedAccounts(t.Context(), before, 100)
			if err != nil {
				t.Fatal(err)
			}
			mine := false
			for _, x := range left {
				mine = mine || x.ID == a.ID
			}
			if !mine {
				break
			}
			if err := u.s.FoldTasks(t.Context(), a.ID, before, half); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	rows := func() (n int) {
		t.Helper()
		err := u.s.Dialect().Reader().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM meter WHERE account = $1`, a.ID).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := fold(); n != 3 || rows() != 3*2+1+96 {
		t.Errorf("folded %d days, and %d counts are left", n, rows())
	}
	count(u.day, "f1", 1000) // late: it comes to what is there
	count(before-1, "f1", 10)
	if n := fold(); n != 0 {
		t.Errorf("folded %d days again", n)
	}
	if err := u.s.FoldTasks(t.Context(), a.ID, before, half); err != nil || rows() != 3*2+1+96+1 {
		t.Errorf("at the end: %v, %d counts", err, rows())
	}
	for _, c := range []struct {
		first, end tandem.Slot
		want       int
	}{{u.day, u.day + 48, 2*48 + 1001}, {u.day + 48, u.day + 96, 2*48 + 101}, {u.day, u.day + 4*96, 2*4*96 + 1001 + 101 + 11}, {u.day + 3*96, u.day + 3*96 + 1, 2}} {
		if own, _, err := u.s.Tasks(t.Context(), a.ID, c.first, c.end); own != c.want || err != nil {
			t.Errorf("from %d to %d: %d, %v; want %d", c.first-u.day, c.end-u.day, own, err, c.want)
		}
	}
}

func (u *usageTest) allowance(t *testing.T) {
	p := newPartner(t, u.s, "allowance@acme.test")
	for _, name := range []string{"one", "two"} {
		a := newAccount(t, u.s, p, name, 0)
		for i := range tandem.Slot(10) {
			u.count(t, a.ID, journal.Count{Slot: u.day + i, Cycle: "a", Method: "m", Succeeded: 1, Failed: 1})
		}
	}
	if n, err := u.s.PartnerTasks(t.Context(), p, u.day+1, u.day+9); n != 2*2*8 || err != nil {
		t.Errorf("%d tasks, %v", n, err)
	}
	if known, err := u.s.Partners(t.Context()); !slices.Contains(known, p) || err != nil {
		t.Errorf("partners %v, %v", known, err)
	}
}

func (u *usageTest) alerts(t *testing.T) {
	alert := func(period tandem.Slot, threshold, tasks int) tandem.UsageAlert {
		return tandem.UsageAlert{Partner: u.partner, Period: period, Threshold: threshold, Tasks: tasks, Allowance: 100, Raised: u.day.Time()}
	}
	first := []tandem.UsageAlert{alert(u.day, 50, 85), alert(u.day, 80, 85)}
	first[0].Told = true
	for _, all := range [][]tandem.UsageAlert{first, {alert(u.day, 80, 90), alert(u.day, 100, 101)}, {alert(u.day+1, 50, 51)}} {
		if err := u.s.RaiseAlerts(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Concat(first, []tandem.UsageAlert{alert(u.day, 100, 101)})
	got, err := u.s.Alerts(t.Context(), u.partner, u.day)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if err := u.s.AlertTold(t.Context(), want[1]); err != nil {
		t.Fatal(err)
	}
	want[1].Told = true
	got, err = u.s.Alerts(t.Context(), u.partner, u.day)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("told: %v (-want +got):\n%s", err, diff)
	}
}
