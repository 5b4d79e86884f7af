package store

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// fewAccounts are so many of which each is asked for itself.
const fewAccounts = 100

// across is rows of a table that has time-ordered ids, of many accounts: the newest
// come by the index of its ids, or of few accounts by their keys.
type across struct {
	conditions
	table    string
	by       string // the column of ids, or what keeps an index of these from being used
	accounts []tandem.AccountID
}

// acrossOf narrows a table as both lists are.
//
// Errors: NotFound (the account).
func (s *Store) acrossOf(ctx context.Context, table string, p tandem.PartnerID, f tandem.AcrossFilter) (*across, error) {
	c := &across{table: table, by: "t.id"}
	if f.Account != "" {
		a, err := s.Account(ctx, p, f.Account)
		if err != nil {
			return nil, err
		}
		if c.accounts, err = s.Subtree(ctx, a.ID); err != nil {
			return nil, fmt.Errorf("accounts below %q: %w", f.Account, err)
		}
	}
	switch {
	case f.Account != "" && len(c.accounts) <= fewAccounts:
	case f.Account != "":
		c.all = append(c.all, "+t.account IN ("+numbers(c.accounts)+")")
		c.accounts = nil
	default:
		c.conditions.add("+t.account IN (SELECT a.id FROM account a WHERE a.deleted_at = 0 AND a.partner = ", p)
		c.all[len(c.all)-1] += ")"
	}
	if f.Past != 0 {
		c.conditions.add(map[bool]string{false: "t.id < ", true: "t.id > "}[f.Rises()], f.Past)
		c.uncounted = true
	}
	return c, nil
}

// newest selects the accounts and ids of so many rows: the newest, or the oldest.
func (c *across) newest(depth int, rises bool) string {
	way := map[bool]string{false: " DESC", true: ""}[rises]
	one := func(also ...string) string {
		all := conditions{all: append(also, c.all...)}
		return fmt.Sprintf("SELECT t.account, t.id FROM %s t%s ORDER BY %s%s LIMIT %d", c.table, all.where(), c.by, way, depth)
	}
	if len(c.accounts) == 0 {
		return one("1 = 1")
	}
	each := make([]string, len(c.accounts))
	for i, a := range c.accounts {
		each[i] = fmt.Sprintf("SELECT * FROM (%s) AS of%d", one(fmt.Sprintf("t.account = %d", a)), i)
	}
	return fmt.Sprintf("SELECT account, id FROM (%s) AS t ORDER BY t.id%s LIMIT %d", strings.Join(each, " UNION ALL "), way, depth)
}

// acrossPage reads a page; show selects what is shown of the rows that it calls l.
func acrossPage[T any](ctx context.Context, q querier, scan func(scanner) (T, error), show string, c *across, f tandem.AcrossFilter) (page tandem.Page[T], err error) {
	order, err := orders{"": {"l.id DESC"}, "CreatedOnUtc": {"l.id"}}.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	from := c.newest(f.Offset()+f.Limit(), f.Rises())
	if !c.uncounted {
		depth := tandem.ReportDepth
		if f.Whole {
			depth = math.MaxInt32
		}
		all := c.newest(depth, false)
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM ("+all+") AS l", c.args...).Scan(&page.Total); err != nil {
			return page, fmt.Errorf("count: %w", err)
		}
		if !f.Whole && (f.Rises() || f.Offset()+f.Limit() > depth) { // the oldest of the newest is not the oldest of all
			from = all
		}
	}
	page.Rows, err = rows(ctx, q, scan, fmt.Sprintf(show, fmt.Sprintf("(SELECT * FROM (%s) AS l%s LIMIT %d OFFSET %d) AS l", from, order, f.Limit(), f.Offset()))+order, c.args...)
	return page, err
}

const showAcross = `SELECT a.api_id, a.name, COALESCE(y.name, ''), t.id, t.cycle, t.version, t.parent, t.status, t.created_at, t.finished_at, t.wake_at, t.tasks, t.errors,
	t.children, t.begun, t.repeats, t.unlogged = 1 FROM %s JOIN txn t ON t.account = l.account AND t.id = l.id JOIN account a ON a.id = l.account
	LEFT JOIN cycle y ON y.account = l.account AND y.id = t.cycle AND y.deleted_at = 0`

// Across implements tandem.Transactions.
func (s Transactions) Across(ctx context.Context, p tandem.PartnerID, f tandem.AcrossFilter) (page tandem.Page[tandem.PlacedTransaction], err error) {
	c, err := s.acrossOf(ctx, "txn", p, f)
	if err != nil {
		return page, err
	}
	if !f.After.IsZero() {
		c.add("t.id >= ", firstID(f.After))
	}
	if !f.Before.IsZero() {
		c.add("t.id < ", firstID(f.Before))
	}
	if f.Status != nil {
		c.add("t.status = ", *f.Status)
		c.all = append(c.all, "t."+ofStatus(*f.Status))
		if !f.Status.Final() {
			c.by = "t.id + 0" // few are pending: sorted is sooner than looked for among all
		}
	}
	page, err = acrossPage(ctx, s.read(), scanAcross, showAcross, c, f)
	if err != nil {
		return page, fmt.Errorf("transactions of partner %d: %w", p, err)
	}
	return page, nil
}

func scanAcross(r scanner) (t tandem.PlacedTransaction, err error) {
	at := prefixed{r, []any{&t.AccountID, &t.AccountName, &t.CycleName}}
	t.Transaction, err = scanTransaction(at)
	return t, err
}

const showIncidents = `SELECT a.api_id, a.name, l.account, i.id, i.cycle, i.txn, i.step, i.level, i.short, i.full_text, i.created_at,
	COALESCE((SELECT t.version FROM txn t WHERE t.account = l.account AND t.id = i.txn), 0)
	FROM %s JOIN incident i ON i.account = l.account AND i.id = l.id JOIN account a ON a.id = l.account`

// IncidentsAcross implements tandem.Transactions.
func (s Transactions) IncidentsAcross(ctx context.Context, p tandem.PartnerID, f tandem.AcrossFilter) (page tandem.Page[tandem.PlacedIncident], err error) {
	c, err := s.acrossOf(ctx, "incident", p, f)
	if err != nil {
		return page, err
	}
	if !f.After.IsZero() {
		c.add("t.created_at >= ", micros(f.After))
	}
	if !f.Before.IsZero() {
		c.add("t.created_at < ", micros(f.Before))
	}
	if f.Level != nil {
		c.add("t.level = ", *f.Level)
	}
	page, err = acrossPage(ctx, s.read(), func(r scanner) (i tandem.PlacedIncident, err error) {
		i.Incident, err = scanIncident(prefixed{r, []any{&i.AccountID, &i.AccountName, &i.Account}})
		return i, err
	}, showIncidents, c, f)
	if err != nil {
		return page, fmt.Errorf("incidents of partner %d: %w", p, err)
	}
	return page, nil
}

// AccountsOf lists accounts by name: all of a partner's, or one and those below it.
//
// Errors: NotFound (the account), Invalid (OrderBy).
func (s *Store) AccountsOf(ctx context.Context, p tandem.PartnerID, root string, r tandem.PageRequest) (page tandem.Page[tandem.Account], err error) {
	order, err := orderOf(r.OrderBy)
	if err != nil {
		return page, err
	}
	of := map[tandem.AccountID]bool{}
	if root != "" {
		a, err := s.Account(ctx, p, root)
		if err != nil {
			return page, err
		}
		ids, err := s.Subtree(ctx, a.ID)
		if err != nil {
			return page, err
		}
		for _, id := range ids {
			of[id] = true
		}
	}
	d, err := s.accountDirectory(ctx, p)
	if err != nil {
		return page, err
	}
	ids, total := pick(d.ordered[order], func(l *listed) bool { return l.deleted == 0 && (root == "" || of[l.id]) }, r)
	page.Total = total
	page.Rows, err = s.accountsByID(ctx, p, ids)
	return page, err
}
