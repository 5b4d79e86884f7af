package utility

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// statements are the operations on databases, by name.
var statements = map[string]func(*query) (any, *invoke.Error){
	"query":   (*query).query,
	"execute": (*query).execute,
	"insert":  (*query).insert,
	"tables":  (*query).tables,
	"columns": (*query).columns,
}

// query is an operation on a database at work, on one connection.
type query struct {
	*input
	ctx     context.Context
	kind    *database
	conn    *sql.Conn
	session *session
	options *NetworkOptions
}

// statement makes an operation of something that is done to a database.
func (n *network) statement(d *database, do func(*query) (any, *invoke.Error)) invoke.BuiltIn {
	return func(ctx context.Context, o invoke.Operation) (any, error) {
		in := &input{Operation: &o}
		timeout := time.Duration(in.number("Timeout", 30, 1, 60)) * time.Second
		s, end := begin(ctx, n.dialer, span{min(timeout, n.options.Timeout), n.options.Timeout}, n.options.MaxReply)
		defer end()
		db, failed := d.connect(s, in, n.options.Roots)
		if failed != nil {
			return nil, conceal(failed, o.Password, o.Key)
		}
		defer db.Close()
		q := &query{input: in, ctx: s.ctx, kind: d, session: s, options: &n.options}
		answer, failed := q.run(db, timeout, do)
		if failed != nil {
			return nil, conceal(failed, o.Password, o.Key)
		}
		return answer, nil
	}
}

func (q *query) run(db *sql.DB, timeout time.Duration, do func(*query) (any, *invoke.Error)) (any, *invoke.Error) {
	conn, err := db.Conn(q.ctx)
	if err != nil {
		return nil, q.failed(err)
	}
	defer conn.Close()
	for _, statement := range q.kind.prepare(timeout) {
		if _, err := conn.ExecContext(q.ctx, statement); err != nil && q.ctx.Err() != nil {
			return nil, q.failed(err)
		} // that a server does not know it is no error
	}
	q.conn = conn
	return do(q)
}

// within does something in a transaction; one that only reads is rolled back.
func (q *query) within(reads bool, do func(tx *sql.Tx) *invoke.Error) *invoke.Error {
	tx, err := q.conn.BeginTx(q.ctx, &sql.TxOptions{ReadOnly: reads && q.kind.readOnly})
	if err != nil {
		return q.failed(err)
	}
	if failed := do(tx); failed != nil || reads {
		_ = tx.Rollback() // the connection ends anyway
		return failed
	}
	if err := tx.Commit(); err != nil {
		return q.failed(err)
	}
	return nil
}

// query runs a statement that reads, and gives its rows.
func (q *query) query() (any, *invoke.Error) {
	text, args := q.bound(q.required("Query"))
	limit := q.number("Limit", min(1000, q.options.MaxRows), 1, q.options.MaxRows)
	if err := q.mayRead(text); err != nil {
		return nil, err
	}
	var rows []any
	var more bool
	err := q.within(true, func(tx *sql.Tx) (err *invoke.Error) {
		rows, more, err = q.read(tx, limit, text, args...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"Rows": rows, "More": more}, nil
}

// execute runs a statement that changes something.
func (q *query) execute() (any, *invoke.Error) {
	text, args := q.bound(q.required("Statement"))
	if err := q.mayWrite(); err != nil {
		return nil, err
	}
	affected := int64(0)
	err := q.within(false, func(tx *sql.Tx) *invoke.Error {
		r, err := tx.ExecContext(q.ctx, text, args...)
		if err != nil {
			return q.failed(err)
		}
		affected, _ = r.RowsAffected() // some statements have none
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"RowsAffected": whole(affected)}, nil
}

// mayRead refuses, where the connector is read only and the database cannot see to
// it, what does more than read.
func (q *query) mayRead(text string) *invoke.Error {
	if !q.kind.readOnly && q.yes("ReadOnly", false) {
		if found := q.kind.syntax.onlyReads(text); found != "" {
			q.fail("the connector is read only, and Query takes one statement that reads, SELECT or WITH: it has %s", found)
		}
	}
	return q.err
}

func (q *query) mayWrite() *invoke.Error {
	if q.yes("ReadOnly", false) {
		q.fail("the connector is read only")
	}
	return q.err
}

// bound is a statement with the marks of its database in place of the names of the
// parameters that were given, and their values in that order. The values are sent
// beside the statement: they are never part of its text.
func (q *query) bound(text string) (string, []any) {
	given, _ := q.member("Parameters").(map[string]any)
	values := map[string]any{}
	for name, v := range given {
		values[name] = v
	}
	for _, name := range splitList(q.text("ParameterNames")) {
		if _, ok := values[name]; !ok {
			values[name] = nil
		}
	}
	text, names := q.kind.bind(text, func(name string) bool { _, ok := values[name]; return ok })
	args := make([]any, len(names))
	for i, name := range names {
		args[i] = q.kind.value(values[name])
	}
	return text, args
}

// failed tells what the database said.
func (q *query) failed(err error) *invoke.Error {
	if e := q.session.unreached(err); e != nil {
		return e
	}
	if e := q.kind.failed(err); e != nil {
		return e
	}
	return lost(err)
}

func whole(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }
