package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// mover is what a dialect does for a move from one database to another.
type mover interface {
	// Tables describes all tables, in the order of their names.
	Tables(ctx context.Context) ([]bulk.Table, error)
	// Copy puts rows into a table, until next gives nil.
	Copy(ctx context.Context, t bulk.Table, next func() ([]any, error)) error
	// Clear deletes all rows of tables, of which none refers to an earlier one.
	Clear(ctx context.Context, tables []bulk.Table) error
}

// MoveOptions of [Move].
type MoveOptions struct {
	Rehearse bool           // the source stays as it is, and can be started
	Idle     Idle           // is asked of the source when no node can start on it any more; nil: nothing else can use it
	Progress func(Progress) // is told now and then, and at the end of each table; nil: nobody
}

// Progress is how far a table is.
type Progress struct {
	Table    string
	Rows, Of int64
	Done     bool // and the rows that arrived are the same
}

// Moved is what was moved.
type Moved struct {
	Tables  int
	Rows    int64
	Files   int64
	Missing []string // contents that the source itself did not have any more
}

// moveLock keeps two from moving into one database at once, and sourceLock nodes from
// starting on one that is moved.
const (
	moveLock   = 0x74616e64656d0004
	sourceLock = 0x74616e64656d0005
)

// Move copies all that one installation has into another database, and compares
// row by row what arrived. Both must be opened for it ([OpenSource],
// [OpenTarget]). Until it has ended well the target cannot be used, but to begin
// again; afterwards the source cannot.
func Move(ctx context.Context, from, to *Store, o MoveOptions) (Moved, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	m := &move{from: from, to: to, o: o}
	err := alone(ctx, to.dialect, moveLock, m.run)
	return m.moved, err
}

// move is one that is under way.
type move struct {
	from, to *Store
	o        MoveOptions
	moved    Moved
	marked   bool      // the source is, or may be, and was not before
	told     time.Time // when progress was
}

func (m *move) run(ctx context.Context) error {
	// Somebody else may have ended a move while this one waited for its turn.
	if begun, err := marked(ctx, m.to.dialect, markUnfinished); err != nil || !begun {
		return errors.Join(err, errOccupied)
	}
	if err := alone(ctx, m.from.dialect, sourceLock, m.copy); err != nil {
		return errors.Join(err, m.restore(ctx))
	}
	if err := unmark(ctx, m.to.dialect, markUnfinished); err != nil {
		return errors.Join(fmt.Errorf("make the target usable: %w", err), m.restore(ctx))
	}
	return nil
}

// copy copies everything, and marks the source at the end: of two that go on, both
// would do the same work. A node that starts looks for the lock and the mark when it
// can be seen by Idle, and so one of them sees the other.
func (m *move) copy(ctx context.Context) error {
	if m.o.Idle != nil {
		if err := m.o.Idle(ctx, m.from.dialect); err != nil {
			return err
		}
	}
	tables, err := m.tables(ctx)
	if err != nil {
		return err
	}
	backwards := slices.Clone(tables)
	slices.Reverse(backwards)
	if err := m.to.dialect.(mover).Clear(ctx, backwards); err != nil {
		return err
	}
	if err := m.files(ctx); err != nil {
		return err
	}
	for _, t := range tables {
		if t.Name == contentTable {
			continue // has what the files hold
		}
		if err := m.table(ctx, t); err != nil {
			return err
		}
	}
	if m.o.Rehearse {
		return nil
	}
	before, err := marked(ctx, m.from.dialect, markMoved)
	if err == nil {
		m.marked = !before
		err = mark(ctx, m.from.dialect, markMoved)
	}
	if err != nil {
		return fmt.Errorf("mark the source: %w", err)
	}
	return nil
}

// restore makes the source usable again.
func (m *move) restore(ctx context.Context) error {
	if !m.marked {
		return nil
	}
	return unmark(context.WithoutCancel(ctx), m.from.dialect, markMoved)
}

// tables are those that both databases have, in the order that foreign keys ask
// for: which must be all.
func (m *move) tables(ctx context.Context) ([]bulk.Table, error) {
	from, err := dataTables(ctx, m.from.dialect)
	if err != nil {
		return nil, fmt.Errorf("describe the source: %w", err)
	}
	to, err := dataTables(ctx, m.to.dialect)
	if err != nil {
		return nil, fmt.Errorf("describe the target: %w", err)
	}
	alike := func(a, b bulk.Table) bool { return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) }
	if !slices.EqualFunc(from, to, alike) {
		return nil, errors.New("the two databases have not the same tables and columns: one of them was changed by hand")
	}
	return inOrder(to)
}

// table copies one, and compares what arrived.
func (m *move) table(ctx context.Context, t bulk.Table) error {
	p := Progress{Table: t.Name}
	if err := m.from.read().QueryRowContext(ctx, `SELECT count(*) FROM "`+t.Name+`"`).Scan(&p.Of); err != nil {
		return fmt.Errorf("count table %s: %w", t.Name, err)
	}
	source, err := m.from.readTable(ctx, t)
	if err != nil {
		return err
	}
	err = m.to.dialect.(mover).Copy(ctx, t, func() ([]any, error) {
		row, err := source.next(ctx)
		if err != nil || row == nil {
			return nil, err
		}
		if p.Rows++; time.Since(m.told) > tellEvery {
			m.tell(p)
		}
		return m.to.shorten(ctx, t, row)
	})
	if err = errors.Join(err, source.rows.Close()); err != nil {
		return err
	}
	m.moved.Missing = append(m.moved.Missing, source.missing...)
	arrived, err := m.to.sumTable(ctx, t)
	if err != nil {
		return err
	}
	if arrived != source.sum || source.sum.rows != p.Of {
		return fmt.Errorf("table %s: of %d rows %d were read and %d arrived, and they are not the same: is something else writing?", t.Name, p.Of, source.sum.rows, arrived.rows)
	}
	p.Done = true
	m.tell(p)
	m.moved.Tables++
	m.moved.Rows += p.Of
	return nil
}

// tellEvery is the time after which progress in one table is told.
const tellEvery = 2 * time.Second

func (m *move) tell(p Progress) {
	m.told = time.Now()
	m.o.Progress(p)
}

// errOccupied is a target that something else is in.
var errOccupied = &tandem.Error{Code: tandem.Conflict, Field: "to", Message: "The database to move to is not empty."}
