package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// lineOrders are those of logs: any other would have to read all that there is.
var lineOrders = orders{"": {"id DESC"}, "CreatedOnUtc": {"id"}}

// lines are rows of a table with time-ordered ids: columns of those that a log's
// conditions leave, and these besides.
type lines struct {
	columns, table string
	also           []string
}

func (l lines) from(c *conditions) string {
	all := conditions{all: slices.Concat(c.all, l.also)}
	return " FROM " + l.table + all.where()
}

// someIDs selects ids of lines, some after others, in the order in which the indexes of
// tables have them: SQLite merges these by itself, PostgreSQL where it is told that no
// more than so many are wanted of each, which SQLite would sort.
func someIDs(dialect string, tables []lines, c *conditions, by string, limit, offset int) string {
	each := make([]string, len(tables))
	for i, l := range tables {
		each[i] = "SELECT id" + l.from(c)
		if dialect == "postgres" {
			each[i] = fmt.Sprintf("SELECT id FROM (%s%s LIMIT %d) AS of%d", each[i], by, offset+limit, i)
		}
	}
	return fmt.Sprintf("%s%s LIMIT %d OFFSET %d", strings.Join(each, " UNION ALL "), by, limit, offset)
}

// withStatus are conditions for lines with a status; failures have indexes of their own.
func withStatus(r tandem.StatusRange) []string {
	if r == (tandem.StatusRange{}) {
		return nil
	}
	all := []string{fmt.Sprintf("status BETWEEN %d AND %d", r.First, r.Last)}
	if r.First >= http.StatusBadRequest {
		all = append(all, "status >= 400")
	}
	return all
}

// narrow adds the conditions that a log's own indexes serve, and then the oldest id
// that a list goes back to.
func (s *Store) narrow(ctx context.Context, c *conditions, f tandem.TrafficFilter, tables []lines) error {
	if !f.After.IsZero() {
		c.add("id >= ", firstID(f.After))
	}
	if !f.Before.IsZero() {
		c.add("id < ", firstID(f.Before))
	}
	if f.Past != 0 {
		c.add(map[bool]string{false: "id < ", true: "id > "}[f.Rises()], f.Past)
	}
	if c.uncounted = f.Whole || f.Past != 0; c.uncounted {
		return nil
	}
	floor := int64(0)
	err := s.read().QueryRowContext(ctx, someIDs(s.dialect.Name(), tables, c, " ORDER BY id DESC", 1, tandem.LogDepth-1), c.args...).Scan(&floor)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("find where a list begins: %w", err)
	}
	c.add("id >= ", floor)
	return nil
}

// linePage reads a page of lines of one or more tables. What show selects is looked
// up for the lines of the page alone, which it calls l.
func linePage[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), show string, tables []lines, c *conditions, r tandem.PageRequest) (p tandem.Page[T], err error) {
	q := s.read()
	by, err := lineOrders.by(r)
	if err != nil {
		return p, err
	}
	for _, l := range tables {
		if c.uncounted {
			break
		}
		n := 0
		if err := q.QueryRowContext(ctx, "SELECT count(*)"+l.from(c), c.args...).Scan(&n); err != nil {
			return p, fmt.Errorf("count lines: %w", err)
		}
		p.Total += n
	}
	ids, err := rows(ctx, q, func(r scanner) (id int64, err error) { return id, r.Scan(&id) }, someIDs(s.dialect.Name(), tables, c, by, r.Limit(), r.Offset()), c.args...)
	if err != nil {
		return p, fmt.Errorf("find lines: %w", err)
	}
	if len(ids) == 0 {
		p.Rows = []T{}
		return p, nil
	}
	c.add("id >= ", slices.Min(ids))
	c.add("id <= ", slices.Max(ids))
	selects := make([]string, len(tables))
	for i, l := range tables {
		selects[i] = "SELECT " + l.columns + l.from(c)
	}
	within := "(" + strings.Join(selects, " UNION ALL ") + ") AS l"
	if p.Rows, err = rows(ctx, q, scan, fmt.Sprintf(show, within)+strings.ReplaceAll(by, "id", "l.id"), c.args...); err != nil {
		return p, fmt.Errorf("read lines: %w", err)
	}
	return p, nil
}

// showCalls gives calls with the names of today.
const showCalls = `SELECT l.id, l.account, COALESCE(a.api_id, ''), l.method, l.path, l.operation, l.status, l.took, l.actor_type, l.actor,
	COALESCE(CASE l.actor_type WHEN 'ConsoleUser' THEN (SELECT email FROM console_user u WHERE u.id = CAST(l.actor AS bigint))
		WHEN 'User' THEN (SELECT spelling FROM app_user u WHERE u.id = CAST(l.actor AS bigint))
		ELSE (SELECT name FROM oauth_client o WHERE o.id = l.actor) END, ''), l.address, l.request, l.alike
	FROM %s LEFT JOIN account a ON a.id = l.account`

func scanCall(r scanner) (c tandem.APICall, err error) {
	err = r.Scan(&c.ID, &c.Account, &c.AccountID, &c.Method, &c.Path, &c.Operation, &c.Status, &c.Milliseconds, &c.ActorType, &c.ActorID, &c.Actor,
		&c.Address, &c.RequestID, &c.Count)
	c.Created = c.ID.Made()
	return c, err
}

// callsOf are the conditions that indexes serve.
func callsOf(p tandem.PartnerID, f tandem.TrafficFilter) *conditions {
	c := &conditions{}
	if f.Account == 0 {
		c.add("partner = ", p)
	} else {
		c.add("account = ", f.Account)
		c.add("partner + 0 = ", p) // known of each, and not what is looked for
	}
	if f.Status.First >= http.StatusBadRequest {
		c.all = append(c.all, withStatus(f.Status)...) // few: a list of these goes back further
	}
	return c
}

// Calls lists lines of a partner's API log, newest first. Errors: Invalid (OrderBy).
func (s *Store) Calls(ctx context.Context, p tandem.PartnerID, f tandem.TrafficFilter) (found tandem.Page[tandem.APICall], err error) {
	calls, c := lines{columns: "*", table: "api_call"}, callsOf(p, f)
	if err = s.narrow(ctx, c, f, []lines{calls}); err == nil {
		calls.also = withStatus(f.Status)
		if f.Method != "" {
			c.add("method = ", f.Method)
		}
		if f.RequestID != "" {
			c.add("request = ", f.RequestID)
		}
		found, err = linePage(ctx, s, scanCall, showCalls, []lines{calls}, c, f.PageRequest)
	}
	if err != nil {
		return found, fmt.Errorf("list the API log of partner %d: %w", p, err)
	}
	return found, nil
}

// Where requests to webhooks are: begun has those that began a transaction at once,
// whose item is the last that it was made with.
var (
	begun    = lines{`id, account, cycle, '' AS step, '' AS method, 200 AS status, '' AS reason, received - 1 AS bytes, -1 AS took, id AS txn, '' AS address, 1 AS alike, begun`, "txn", nil}
	requests = lines{`id, account, cycle, step, method, status, reason, bytes, took, txn, address, alike, 0 AS begun`, "webhook_request", nil}
)

const showRequests = `SELECT l.id, l.cycle, COALESCE(y.name, ''), COALESCE(i.step, l.step), l.method, l.status, l.reason, l.bytes, l.took, l.txn, l.address, l.alike
	FROM %s LEFT JOIN cycle y ON y.account = l.account AND y.id = l.cycle AND y.deleted_at = 0
	LEFT JOIN step_item i ON i.account = l.account AND i.txn = l.txn AND i.seq = l.begun AND l.begun > 0`

func scanRequest(r scanner) (w tandem.WebhookRequest, err error) {
	var took int
	err = r.Scan(&w.ID, &w.CycleID, &w.CycleName, &w.StepID, &w.Method, &w.Status, &w.Reason, &w.Bytes, &took, &w.TransactionID, &w.Address, &w.Count)
	if took >= 0 {
		w.Milliseconds = &took
	}
	w.Created = w.ID.Made()
	return w, err
}

// asked leaves of lines with a status those in a range, and of transactions those
// that a request began.
func asked(tables []lines, r tandem.StatusRange) []lines {
	tables[0].also = withStatus(r)
	for i := range tables[1:] {
		tables[1+i].also = []string{"received > 0"}
	}
	return tables
}

// Requests lists the requests to an account's webhooks, newest first: transactions
// that one began at once, and lines for all others. Errors: Invalid (OrderBy).
func (s *Store) Requests(ctx context.Context, a tandem.AccountID, f tandem.TrafficFilter) (found tandem.Page[tandem.WebhookRequest], err error) {
	tables, c := []lines{requests}, &conditions{}
	if f.Status.Has(http.StatusOK) {
		tables = append(tables, begun)
	}
	c.add("account = ", a)
	if f.Cycle != "" {
		c.add("cycle = ", f.Cycle)
	}
	if err = s.narrow(ctx, c, f, tables); err == nil {
		found, err = linePage(ctx, s, scanRequest, showRequests, asked(tables, f.Status), c, f.PageRequest)
	}
	if err != nil {
		return found, fmt.Errorf("list the webhook log of account %d: %w", a, err)
	}
	return found, nil
}
