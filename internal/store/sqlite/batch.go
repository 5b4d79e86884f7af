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
	err = conn.Raw(func(c any) error { return db.prepared.on(c.(driverConn)).run(do) })
	return errors.Join(err, conn.Close())
}

type driverConn interface {
	driver.ExecerContext
	driver.ConnPrepareContext
}

// prepared is the statements of the writing connection, kept between batches.
// Only the holder of that connection uses it.
type prepared struct {
	conn       driverConn
	statements map[*bulk.Statement]*statement
}

type statement struct {
	stmt    driver.Stmt
	changed bool
	columns []int
	args    []driver.NamedValue
	dest    []driver.Value
	row     []int64
}

// on is p for conn: empty if the pool has made a new connection.
func (p *prepared) on(conn driverConn) *prepared {
	if p.conn != conn {
		p.conn, p.statements = conn, map[*bulk.Statement]*statement{}
	}
	return p
}

func (p *prepared) close() error {
	var errs []error
	for _, s := range p.statements {
		errs = append(errs, s.stmt.Close())
	}
	p.conn, p.statements = nil, nil
	return errors.Join(errs...)
}

func (p *prepared) run(do func(tx bulk.Tx) error) error {
	if err := p.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err := do(p)
	if err == nil {
		if err = p.exec("COMMIT"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit: %w", err)
	}
	// After some errors, such as a full disk, SQLite has rolled back by
	// itself, and says here that there is nothing to roll back.
	_ = p.exec("ROLLBACK")
	return err
}

// exec gives no context that ends: the driver would start a goroutine to watch
// it for each statement.
func (p *prepared) exec(text string) error {
	_, err := p.conn.ExecContext(context.Background(), text, nil)
	return err
}

// Each implements bulk.Tx.
func (p *prepared) Each(_ context.Context, st *bulk.Statement, rows [][]any, got func([]int64)) error {
	s, err := p.statement(st)
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

func (p *prepared) statement(st *bulk.Statement) (*statement, error) {
	if s, ok := p.statements[st]; ok {
		return s, nil
	}
	text, columns := st.Single()
	stmt, err := p.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	s := &statement{stmt: stmt, changed: st.Changed(), columns: columns, args: make([]driver.NamedValue, len(columns))}
	for i := range s.args {
		s.args[i].Ordinal = i + 1
	}
	p.statements[st] = s
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
