package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Batch runs do in one transaction. A statement of which nothing comes back is sent
// with the next one of which something does, or with the commit: the way there and
// back costs as much as a statement.
func (db *DB) Batch(ctx context.Context, do func(tx bulk.Tx) error) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Release() // if its transaction is not at its end, it is closed
	b := &batch{db: db, conn: conn.Conn(), next: &pgx.Batch{}}
	if err = do(b); err == nil {
		err = b.commit(ctx)
	}
	if err != nil && b.conn.PgConn().TxStatus() != idle {
		_, rollback := b.conn.Exec(ctx, "rollback")
		err = errors.Join(err, rollback)
	}
	return err
}

// idle is the status of a connection that has no transaction.
const idle = 'I'

type batch struct {
	db    *DB
	conn  *pgx.Conn
	begun bool
	next  *pgx.Batch // to be sent
}

// Each implements bulk.Tx.
func (b *batch) Each(ctx context.Context, st *bulk.Statement, rows [][]any, got func([]int64)) error {
	if len(rows) == 0 {
		return nil
	}
	args, err := columns(st, rows)
	if err != nil {
		return err
	}
	if !b.begun {
		b.next.Queue("begin")
		b.begun = true
	}
	if b.next.Queue(b.db.arrays(st), args...); got == nil {
		return nil
	}
	return b.send(ctx, func(rs pgx.Rows) error { return whole(rs, got) })
}

// commit sends what is left, and commits.
func (b *batch) commit(ctx context.Context) error {
	if !b.begun {
		return nil
	}
	b.next.Queue("commit")
	return b.send(ctx, func(rs pgx.Rows) error {
		rs.Close()
		if rs.Err() == nil && rs.CommandTag().String() == "ROLLBACK" {
			return pgx.ErrTxCommitRollback
		}
		return rs.Err()
	})
}

// send sends what is queued, and reads what comes back of the last.
func (b *batch) send(ctx context.Context, read func(pgx.Rows) error) (err error) {
	sent := b.next
	b.next = &pgx.Batch{}
	rs := b.conn.SendBatch(ctx, sent)
	defer func() {
		if closed := rs.Close(); err == nil {
			err = closed
		}
	}()
	for _, q := range sent.QueuedQueries[:sent.Len()-1] {
		if _, err := rs.Exec(); err != nil {
			return fmt.Errorf("%.40q…: %w", q.SQL, err)
		}
	}
	last, err := rs.Query()
	if err != nil {
		return err
	}
	return read(last)
}

// whole hands on rows of whole numbers.
func whole(rs pgx.Rows, got func([]int64)) error {
	defer rs.Close()
	row := make([]int64, len(rs.FieldDescriptions()))
	dst := make([]any, len(row))
	for i := range row {
		dst[i] = &row[i]
	}
	for rs.Next() {
		if err := rs.Scan(dst...); err != nil {
			return err
		}
		got(row)
	}
	return rs.Err()
}

// arrays is st's text, made once.
func (db *DB) arrays(st *bulk.Statement) string {
	if text, ok := db.texts.Load(st); ok {
		return text.(string)
	}
	text, _ := db.texts.LoadOrStore(st, st.Arrays())
	return text.(string)
}

// columns turns rows into an array for each column.
func columns(st *bulk.Statement, rows [][]any) ([]any, error) {
	args := make([]any, len(st.Columns))
	for i, c := range st.Columns {
		switch c.Type {
		case "bigint":
			args[i] = pick[int64](rows, i)
		case "text":
			args[i] = pick[string](rows, i)
		case "bytea":
			args[i] = pick[[]byte](rows, i)
		default:
			return nil, fmt.Errorf("column %s: no arrays of %s", c.Name, c.Type)
		}
	}
	return args, nil
}

func pick[T any](rows [][]any, i int) []T {
	all := make([]T, len(rows))
	for n, row := range rows {
		all[n] = row[i].(T)
	}
	return all
}
