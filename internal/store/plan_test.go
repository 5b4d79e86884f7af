package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// SQLite chooses indexes by the statistics that the schema comes with. A long
// history must not be gone through for a few rows of it.
func TestPlans(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list := func(order string, c *conditions) string { return `SELECT id FROM txn` + c.where() + order }
	api, hooks := []lines{{table: "api_call", columns: "*"}}, []lines{requests, begun}
	lineIDs := func(tables []lines, c *conditions) string {
		return someIDs("sqlite", tables, c, " ORDER BY id DESC", 50, 100)
	}
	lines := func(c *summed) string { return `SELECT SUM(m.succeeded)` + c.from() }
	now := tandem.SlotOf(time.Now())
	all, few := &across{table: "txn", by: "t.id"}, &across{table: "txn", by: "t.id", accounts: []tandem.AccountID{1, 2}}
	all.add("+t.account IN (SELECT a.id FROM account a WHERE a.deleted_at = 0 AND a.partner = ", 1)
	all.all[0] += ")"
	byMethod, err := s.countsByMethod(t.Context(), 1, now-96*80+7, now-200)
	if err != nil {
		t.Fatal(err)
	}
	byCycle, err := s.countsByCycle(t.Context(), 1, now-96*80+7, now-200)
	if err != nil {
		t.Fatal(err)
	}
	status := func(of tandem.TransactionStatus) *conditions {
		c := during(1, tandem.TransactionFilter{})
		c.add("status = ", of)
		c.all = append(c.all, ofStatus(of))
		return c
	}
	rising := tandem.PageRequest{OrderBy: "CreatedOnUtc"}
	oldest, err := byTime.by(rising)
	if err != nil {
		t.Fatal(err)
	}
	child := during(1, tandem.TransactionFilter{})
	child.add("parent > 0 AND parent = ", 1)
	onward := during(1, tandem.TransactionFilter{PageRequest: rising, Past: 7})
	ofCycle := during(1, tandem.TransactionFilter{Cycle: "c"})
	byMethodOf := func(account tandem.AccountID) *conditions {
		c := callsOf(1, tandem.TrafficFilter{Account: account})
		c.add("method = ", "PUT")
		return c
	}
	failedOf := func(account tandem.AccountID) *conditions {
		return callsOf(1, tandem.TrafficFilter{Account: account, Status: tandem.StatusRange{First: 400, Last: 599}})
	}
	ofAccount := &conditions{}
	ofAccount.add("account = ", 1)
	for name, q := range map[string]struct {
		query string
		args  []any
		want  []string // in this order or another
	}{
		"figures of a cycle": {countCycle, []any{1, "c"}, []string{"meter_cycle", "incident_cycle", "txn_pending", "txn_cycle"}},
		"activity":           {readActivity, []any{1, 2}, []string{"PRIMARY KEY (account=? AND day>?)"}},
		"usage by method":    {lines(byMethod), byMethod.args, []string{"PRIMARY KEY (partner=? AND day>? AND day<?)", "PRIMARY KEY (account=? AND slot>? AND slot<?)"}},
		"usage by cycle":     {lines(byCycle), byCycle.args, []string{"PRIMARY KEY (account=? AND span=? AND day>? AND day<?)", "PRIMARY KEY (account=? AND slot>? AND slot<?)"}},
		"usage of one":       {lines(meterCounts(1, 7, 1, 2)), meterCounts(1, 7, 1, 2).args, []string{"PRIMARY KEY (account=? AND slot>? AND slot<?)"}},
		"unsummed":           {unsummedAccounts, []any{1, 2, 3, 4}, []string{"PRIMARY KEY (account=? AND slot>? AND slot<?)"}},
		"runs":               {`SELECT 1` + runTables + runsOf(1, 0, 1, 2).where() + ` GROUP BY r.day, r.span`, runsOf(1, 0, 1, 2).args, []string{"PRIMARY KEY (account=? AND day>? AND day<?)"}},
		"runs of one":        {`SELECT 1` + runTables + runsOf(1, 7, 1, 2).where() + ` GROUP BY r.day, r.span`, runsOf(1, 7, 1, 2).args, []string{"PRIMARY KEY (account=? AND day>? AND day<?)"}},
		"failing":            {`SELECT 1` + failingTables + runsOf(1, 0, 1, 2).where() + ` GROUP BY r.account, r.cycle`, runsOf(1, 0, 1, 2).args, []string{"run_failed", "PRIMARY KEY (account=? AND day>? AND day<?)"}},
		"a transaction":      {findTransaction, []any{1, 2}, []string{"txn_id"}},
		"of all accounts":    {all.newest(50, false), []any{1}, []string{"txn_id"}},
		"of few accounts":    {few.newest(50, false), nil, []string{"PRIMARY KEY (account=?)"}},
		"restart":            {nextPending, []any{1, "c", 2}, []string{"txn_pending ((account,cycle,id)>(?,?,?))"}},
		"settle":             {settleCycles, nil, []string{"cycle_not_paused", "txn_pending"}},
		"pending":            {list(" ORDER BY id DESC LIMIT 50", status(tandem.TransactionQueued)), status(tandem.TransactionQueued).args, []string{"txn_pending"}},
		"failed":             {list(" ORDER BY id DESC LIMIT 50", status(tandem.TransactionFailed)), status(tandem.TransactionFailed).args, []string{"txn_failed"}},
		"completed":          {list(" ORDER BY id DESC LIMIT 50", status(tandem.TransactionCompleted)), status(tandem.TransactionCompleted).args, []string{"PRIMARY KEY (account=?)"}},
		"children":           {list(" ORDER BY id DESC LIMIT 50", child), child.args, []string{"txn_child"}},
		"oldest":             {list(oldest, child), child.args, []string{"txn_child"}},
		"oldest of a cycle":  {list(oldest, ofCycle), ofCycle.args, []string{"txn_cycle"}},
		"read on":            {list(oldest, onward), onward.args, []string{"PRIMARY KEY (account=? AND id>?)"}},
		"oldest incidents":   {`SELECT id FROM incident` + ofCycle.where() + oldest, ofCycle.args, []string{"incident_cycle"}},
		"an item":            {`SELECT i.name` + itemsOf + ` AND i.name = $5`, []any{1, "text", 0, "", "k"}, []string{"storage_purpose", "storage_item_1"}},
		"stores that end":    {endConnectorStorage, []any{3}, []string{"storage_connector"}},
		"calls":              {lineIDs(api, callsOf(1, tandem.TrafficFilter{})), []any{1}, []string{"COVERING INDEX api_call_partner"}},
		"calls of one":       {lineIDs(api, callsOf(1, tandem.TrafficFilter{Account: 7})), []any{7, 1}, []string{"COVERING INDEX api_call_account"}},
		"calls by method":    {lineIDs(api, byMethodOf(0)), byMethodOf(0).args, []string{"COVERING INDEX api_call_partner"}},
		"one's by method":    {lineIDs(api, byMethodOf(7)), byMethodOf(7).args, []string{"COVERING INDEX api_call_account"}},
		"failed calls":       {lineIDs(api, failedOf(0)), failedOf(0).args, []string{"COVERING INDEX api_call_failed"}},
		"one's failed calls": {lineIDs(api, failedOf(7)), failedOf(7).args, []string{"COVERING INDEX api_call_account_failed"}},
		"requests":           {lineIDs(asked(hooks, tandem.StatusRange{}), ofAccount), ofAccount.args, []string{"COVERING INDEX sqlite_autoindex_webhook_request_1", "PRIMARY KEY (account=?)"}},
		"requests to one":    {lineIDs(asked(hooks, tandem.StatusRange{}), ofCycle), ofCycle.args, []string{"COVERING INDEX webhook_request_cycle", "COVERING INDEX txn_cycle"}},
		"changes":            {changesAfter, []any{1, 5, 200}, []string{"sqlite_autoindex_audit_1 (partner=? AND seq>?)"}},
		"movement":           {movementOf, []any{1, 2, 3}, []string{"PRIMARY KEY (account=?)", "PRIMARY KEY (account=? AND day>?)", "PRIMARY KEY (account=? AND slot>?)", "c USING INDEX sqlite_autoindex_account_connector_2 (account=?)"}},
		"changed accounts":   {changedAccounts, []any{1, 5}, []string{"account_stamp"}},
	} {
		checkPlan(t, name, planOf(t, s, q.query, q.args...), q.want)
	}
}

// checkPlan: a plan uses all indexes that are wanted, goes through no table, and sorts
// nothing but what is little.
func checkPlan(t *testing.T, name string, plan, want []string) {
	t.Helper()
	for _, index := range want {
		if !slices.ContainsFunc(plan, func(line string) bool { return strings.HasPrefix(line, "S") && strings.Contains(line, index) }) {
			t.Errorf("%s does not use %s:\n%s", name, index, strings.Join(plan, "\n"))
		}
	}
	put := []string{"SCAN CONSTANT ROW", "SCAN 2 CONSTANT ROWS", "SCAN f"} // what is put together, and no table
	if strings.HasPrefix(name, "usage") {
		put = append(put, "SCAN m")
	}
	if name == "movement" {
		put = append(put, "SCAN n", "SCAN ac", "SCAN above")
	}
	if slices.ContainsFunc(plan, func(line string) bool {
		return strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "USING") && !strings.HasPrefix(line, "SCAN (") && !strings.HasPrefix(line, "SCAN of") && !slices.Contains(put, line)
	}) {
		t.Errorf("%s goes through a table:\n%s", name, strings.Join(plan, "\n"))
	}
	bounded := name == "pending" || name == "of few accounts" || name == "changed accounts" // few, or the newest of each
	if !bounded && slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "ORDER BY") }) {
		t.Errorf("%s sorts what it has found:\n%s", name, strings.Join(plan, "\n"))
	}
}

func planOf(t *testing.T, s *Store, query string, args ...any) []string {
	t.Helper()
	plan, err := rows(t.Context(), s.read(), func(r scanner) (line string, err error) {
		var id, parent, unused int
		return line, r.Scan(&id, &parent, &unused, &line)
	}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Figures of many accounts, or templates, are read from indexes, too.
func TestPlanOfFigures(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ofTemplates := &conditions{}
	ofTemplates.add("t.partner = ", 1)
	ofTemplates.in("t.id", []string{"a", "b"})
	for name, q := range map[string]struct {
		query string
		args  []any
		want  []string
	}{
		"installs":           {installsOf + ofTemplates.where() + ` GROUP BY c.template`, ofTemplates.args, []string{"cycle_release (template=?)", "account_1 (id=?)", "template_1 (partner=? AND id=?)"}},
		"cycles of accounts": {fmt.Sprintf(cyclesOfAccounts, "1,2"), nil, []string{"(account=?)"}},
		"runs of accounts":   {fmt.Sprintf(runsOfAccounts, "1,2"), []any{1}, []string{"PRIMARY KEY (account=? AND day>?)"}},
		"last of accounts":   {fmt.Sprintf(lastOfAccounts, "1,2"), nil, []string{"PRIMARY KEY (account=?)"}},
		"tasks of accounts":  {fmt.Sprintf(tasksOfAccounts, "(1, 2), (2, 3)"), nil, []string{"PRIMARY KEY (account=? AND slot>?)"}},
	} {
		checkPlan(t, name, planOf(t, s, q.query, q.args...), q.want)
	}
}

// Who started a transaction is looked up for it and what it was split from, and not
// for all that were started.
func TestPlanOfStarts(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plan := planOf(t, s, startedSource, 1, 2)
	if !slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "dedupe_started (account=? AND txn=?)") }) {
		t.Errorf("it goes through a table:\n%s", strings.Join(plan, "\n"))
	}
}

// Whether a barrier can be passed is seen from what is open of its cycle.
func TestPlanOfBarriers(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plan := planOf(t, s, readyBarriers)
	if !slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "txn_pending (account=? AND cycle=?") }) {
		t.Errorf("it goes through what has ended:\n%s", strings.Join(plan, "\n"))
	}
	if !slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "txn_unjoined (account=? AND cycle=?") }) {
		t.Errorf("it looks for parts of all that has ended:\n%s", strings.Join(plan, "\n"))
	}
}
