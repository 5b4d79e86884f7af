package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Transactions is the records of runs.
type Transactions struct{ *Store }

var _ tandem.Transactions = Transactions{}

// Transactions gives the records of runs.
func (s *Store) Transactions() Transactions { return Transactions{s} }

const transactionColumns = `id, cycle, version, parent, status, created_at, finished_at, wake_at, tasks, errors, children, begun, repeats, unlogged = 1`

func scanTransaction(r scanner) (t tandem.Transaction, err error) {
	var created, finished, wake int64
	err = r.Scan(&t.ID, &t.CycleID, &t.Version, &t.ParentID, &t.Status, &created, &finished, &wake, &t.Tasks, &t.ErrorCount, &t.Children, &t.Begun, &t.RepeatOf, &t.Unlogged)
	t.Created, t.Finished, t.Wake = instant(created), instant(finished), instant(wake)
	return t, err
}

// List implements tandem.Transactions.
func (s Transactions) List(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter) (tandem.Page[tandem.Transaction], error) {
	where := during(a, f)
	if f.Status != nil {
		where.add("status = ", *f.Status)
		where.all = append(where.all, ofStatus(*f.Status))
	}
	if f.Parent != 0 {
		where.add("parent > 0 AND parent = ", f.Parent) // the index has no others
	}
	if is, ok := splits[f.Split]; ok {
		where.all = append(where.all, is)
	}
	return page(ctx, s.read(), scanTransaction, transactionColumns, "txn", where, byTime, f.PageRequest)
}

// ofStatus is true of transactions of a status, in words that say which small
// index has them. Most are completed, and have none.
func ofStatus(s tandem.TransactionStatus) string {
	switch {
	case s < tandem.TransactionCompleted:
		return "status < 10"
	case s > tandem.TransactionCompleted:
		return "status > 10"
	}
	return "status = 10"
}

// splits are the conditions for a place in a split.
var splits = map[tandem.SplitType]string{
	tandem.SplitOutside: "parent = 0 AND children = 0", tandem.SplitParent: "children > 0", tandem.SplitChild: "parent > 0",
}

// Get implements tandem.Transactions.
func (s Transactions) Get(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (*tandem.Transaction, error) {
	t, err := row(ctx, s.read(), "Transaction "+id.String(), scanTransaction,
		`SELECT `+transactionColumns+` FROM txn WHERE account = $1 AND id = $2`, a, id)
	if err != nil {
		return nil, err
	}
	return &t, nil
}

// Find implements tandem.Transactions.
func (s Transactions) Find(ctx context.Context, p tandem.PartnerID, id tandem.TransactionID) (*tandem.TransactionPlace, error) {
	at, err := row(ctx, s.read(), "Transaction "+id.String(), func(r scanner) (at tandem.TransactionPlace, err error) {
		return at, r.Scan(&at.AccountID, &at.AccountName, &at.CycleID)
	}, findTransaction, p, id)
	if err != nil {
		return nil, err
	}
	return &at, nil
}

// findTransaction has the planner begin at the id: the accounts are many.
const findTransaction = `SELECT a.api_id, a.name, t.cycle FROM txn t JOIN account a ON a.id = +t.account AND a.deleted_at = 0
	WHERE t.id = $2 AND +a.partner = $1 LIMIT 1`

// Items implements tandem.Transactions.
func (s Transactions) Items(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) ([]tandem.StepItem, error) {
	t, err := s.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if t.Unlogged {
		return s.items(ctx, a, id, itemColumns+noData)
	}
	return s.Store.Items(ctx, a, id)
}

func scanIncident(r scanner) (i tandem.Incident, err error) {
	var created int64
	err = r.Scan(&i.ID, &i.CycleID, &i.TransactionID, &i.StepID, &i.IncidentLevel, &i.ShortMessage, &i.FullMessage, &created, &i.Version)
	i.Created = instant(created)
	return i, err
}

// Incidents implements tandem.Transactions.
func (s Transactions) Incidents(ctx context.Context, a tandem.AccountID, f tandem.TransactionFilter) (tandem.Page[tandem.Incident], error) {
	where := during(a, f)
	if f.Level != nil {
		where.add("level = ", *f.Level)
	}
	return page(ctx, s.read(), scanIncident, `id, cycle, txn, step, level, short, full_text, created_at,
		COALESCE((SELECT t.version FROM txn t WHERE t.account = incident.account AND t.id = incident.txn), 0)`, "incident", where, byTime, f.PageRequest)
}

// ClearIncidents implements tandem.Transactions.
func (s Transactions) ClearIncidents(ctx context.Context, a tandem.AccountID, id tandem.CycleID) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var there bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cycle WHERE account = $1 AND id = $2 AND deleted_at = 0)`, a, id).Scan(&there)
		if err != nil {
			return err
		}
		if !there {
			return tandem.NotFoundf("Cycle %s could not be found.", id)
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM incident WHERE account = $1 AND cycle = $2`, a, id)
		return err
	})
}

// conditions are what rows must fulfil, all of them.
type conditions struct {
	all  []string
	args []any

	uncounted bool // how many there are is known
}

// add adds a condition that ends with a placeholder for arg.
func (c *conditions) add(condition string, arg any) {
	c.args = append(c.args, arg)
	c.all = append(c.all, fmt.Sprintf("%s$%d", condition, len(c.args)))
}

// in adds a condition that column is one of some values.
func (c *conditions) in(column string, values []string) {
	var places []string
	for _, v := range values {
		c.args = append(c.args, v)
		places = append(places, fmt.Sprintf("$%d", len(c.args)))
	}
	c.all = append(c.all, column+" IN ("+strings.Join(places, ", ")+")")
}

// like adds a condition that column, in lower case, has part in it.
func (c *conditions) like(column, part string) {
	c.args = append(c.args, "%"+likeEscapes.Replace(strings.ToLower(part))+"%")
	c.all = append(c.all, fmt.Sprintf(`%s LIKE $%d ESCAPE '\'`, column, len(c.args)))
}

func (c *conditions) where() string { return " WHERE " + strings.Join(c.all, " AND ") }

// during is what transactions and incidents are both narrowed by.
func during(a tandem.AccountID, f tandem.TransactionFilter) *conditions {
	c := &conditions{}
	c.add("account = ", a)
	if f.Cycle != "" {
		c.add("cycle = ", f.Cycle)
	}
	if !f.After.IsZero() {
		c.add("created_at >= ", micros(f.After))
	}
	if !f.Before.IsZero() {
		c.add("created_at < ", micros(f.Before))
	}
	if f.Past != 0 {
		c.add(map[bool]string{false: "id < ", true: "id > "}[f.Rises()], f.Past)
		c.uncounted = true
	}
	return c
}

// byTime is for tables with ids in order of time, and an index of them: any other
// order would have to read all that there ever was.
var byTime = orders{"": {"id DESC"}, "CreatedOnUtc": {"id"}}
