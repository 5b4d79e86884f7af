package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Batch runs do in one transaction on the writing connection. It talks to the
// driver itself: what database/sql does for each statement costs as much as
// the statement.
func (db *DB) Batch(ctx context.Context, do func(tx bulk.Tx) error) error {
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take the writing connection: %w", err)
	}
	err = conn.Raw(func(c any) error { return c.(*connection).run(do) })
	return errors.Join(err, conn.Close())
}

type statement struct {
	stmt    driver.Stmt
	changed bool
	columns []int
	args    []driver.NamedValue
	dest    []driver.Value
	row     []int64
}

func (c *connection) run(do func(tx bulk.Tx) error) error {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err := do(c)
	if err == nil {
		if err = c.exec("COMMIT"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit: %w", err)
	}
	// After some errors, such as a full disk, SQLite has rolled back by
	// itself, and says here that there is nothing to roll back.
	_ = c.exec("ROLLBACK")
	return err
}

// exec gives no context that ends: the driver would start a goroutine to watch
// it for each statement.
func (c *connection) exec(text string) error {
	_, err := c.ExecContext(context.Background(), text, nil)
	return err
}

// Each implements bulk.Tx.
func (c *connection) Each(_ context.Context, st *bulk.Statement, rows [][]any, got func([]int64)) error {
	s, err := c.statement(st)
	if err != nil {
		return err
	}
	for n, row := range rows {
		for i, c := range s.columns {
			if c == len(row) {
				s.args[i].Value = int64(n + 1)
			} else {
				s.args[i].Value = row[c]
			}
		}
		if err := s.run(int64(n+1), got); err != nil {
			return err
		}
	}
	return nil
}

func (c *connection) statement(st *bulk.Statement) (*statement, error) {
	if s, ok := c.statements[st]; ok {
		return s, nil
	}
	text, columns := st.Single()
	stmt, err := c.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	s := &statement{stmt: stmt, changed: st.Changed(), columns: columns, args: make([]driver.NamedValue, len(columns))}
	for i := range s.args {
		s.args[i].Ordinal = i + 1
	}
	c.statements[st] = s
	return s, nil
}

// run runs the statement for the row that its arguments are from.
func (s *statement) run(ordinal int64, got func([]int64)) error {
	if got != nil && !s.changed {
		rows, err := s.stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.args)
		if err != nil {
			return err
		}
		return errors.Join(s.read(rows, got), rows.Close())
	}
	r, err := s.stmt.(driver.StmtExecContext).ExecContext(context.Background(), s.args)
	if err != nil || got == nil {
		return err
	}
	n, err := r.RowsAffected()
	if n > 0 {
		got([]int64{ordinal})
	}
	return err
}

func (s *statement) read(rows driver.Rows, got func([]int64)) error {
	if s.dest == nil {
		s.dest = make([]driver.Value, len(rows.Columns()))
		s.row = make([]int64, len(s.dest))
	}
	for {
		err := rows.Next(s.dest)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, v := range s.dest {
			n, ok := v.(int64)
			if !ok {
				return fmt.Errorf("column %s is a %T, not a whole number", rows.Columns()[i], v)
			}
			s.row[i] = n
		}
		got(s.row)
	}
}
