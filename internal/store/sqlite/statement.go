package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
)

// maxKept is how many statements a connection keeps: more than most requests need,
// and of each some ten kilobytes.
const maxKept = 64

// kept are the statements that a connection has prepared and does not use, by their
// text, the last used first. To prepare one takes as long as most queries.
type kept struct {
	of    map[string]*list.Element
	order list.List // of *prepared
}

type prepared struct {
	text string
	stmt driver.Stmt
}

// take gives a statement to whoever runs it, who gives it back.
func (c *connection) take(ctx context.Context, text string) (*prepared, error) {
	if e, ok := c.kept.of[text]; ok {
		delete(c.kept.of, text)
		return c.kept.order.Remove(e).(*prepared), nil
	}
	stmt, err := c.PrepareContext(ctx, text)
	return &prepared{text, stmt}, err
}

// give keeps a statement for the next, in the place of the one that has not been used
// for longest. Where two ran at once one is kept.
func (c *connection) give(p *prepared) error {
	if _, ok := c.kept.of[p.text]; ok {
		return p.stmt.Close()
	}
	c.kept.of[p.text] = c.kept.order.PushFront(p)
	if c.kept.order.Len() <= maxKept {
		return nil
	}
	oldest := c.kept.order.Remove(c.kept.order.Back()).(*prepared)
	delete(c.kept.of, oldest.text)
	return oldest.stmt.Close()
}

// ExecContext implements driver.ExecerContext.
func (c *connection) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	p, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := p.stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return r, errors.Join(err, c.give(p))
}

// QueryContext implements driver.QueryerContext.
func (c *connection) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	p, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := p.stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.give(p))
	}
	return &rows{r.(driverRows), c, p}, nil
}

// rows are those of a statement that is kept when they have been read.
type rows struct {
	driverRows
	c *connection
	p *prepared
}

// driverRows is what is asked of the driver's rows.
type driverRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	err := r.driverRows.Close()
	if r.p != nil {
		err = errors.Join(err, r.c.give(r.p))
		r.p = nil
	}
	return err
}
