package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Marks are tables, so that they are there before any other, and are in no
// schema of an installation that may be used.
const (
	markUnfinished = "move_unfinished" // something is being moved here
	markMoved      = "move_done"       // what is here was moved away
)

// findTable finds a table of the schema that is searched first.
var findTable = map[string]string{
	"sqlite":   `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`,
	"postgres": `SELECT count(*) FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace`,
}

func marked(ctx context.Context, d Dialect, name string) (bool, error) {
	var n int
	if err := d.Reader().QueryRowContext(ctx, findTable[d.Name()], name).Scan(&n); err != nil {
		return false, fmt.Errorf("look for the table %s: %w", name, err)
	}
	return n > 0, nil
}

func mark(ctx context.Context, d Dialect, name string) error {
	_, err := d.Writer().ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+name+` (at bigint NOT NULL)`)
	if err == nil {
		_, err = d.Writer().ExecContext(ctx, `INSERT INTO `+name+` (at) VALUES ($1)`, micros(time.Now()))
	}
	return err
}

func unmark(ctx context.Context, d Dialect, name string) error {
	_, err := d.Writer().ExecContext(ctx, `DROP TABLE IF EXISTS `+name)
	return err
}

// Unmoved refuses a database that is being moved, as [Open] does. A node asks once
// more when others can see it. Errors: Conflict.
func (s *Store) Unmoved(ctx context.Context) error { return unmoved(ctx, s.dialect) }

// unmoved refuses a database that a move has left, or has not come to the end of, or
// is at work on. Errors: Conflict.
func unmoved(ctx context.Context, d Dialect) error {
	for name, message := range map[string]string{
		markUnfinished: "A move into this database was cut off. Begin it again with tandem migrate.",
		markMoved:      "This installation was moved to another database by tandem migrate: start with that one. To go back to this one nevertheless, drop the table " + markMoved + " in it.",
	} {
		found, err := marked(ctx, d, name)
		if err != nil {
			return err
		}
		if found {
			return &tandem.Error{Code: tandem.Conflict, Field: "database", Message: message}
		}
	}
	s, ok := d.(sharer)
	if !ok {
		return nil // its folder is locked
	}
	under, err := s.Locked(ctx, sourceLock)
	if err == nil && under {
		err = &tandem.Error{Code: tandem.Conflict, Field: "database", Message: "This installation is being moved to another database by tandem migrate."}
	}
	return err
}

// Idle refuses a database that nodes work over.
type Idle func(ctx context.Context, d Dialect) error

// OpenSource opens what is to be moved: the database at url, or SQLite in the
// folder dir if url is "". It brings the schema up to date, unless idle refuses the
// database before; nil: nothing else can use it. What was moved before can be moved
// again. Errors: NotFound; those of idle.
func OpenSource(ctx context.Context, url, dir string, idle Idle) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, "tandem.db")); url == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, tandem.NotFoundf("%s has no tandem.db: there is nothing to move.", dir)
	}
	return OpenWith(ctx, url, dir, Options{admit: func(ctx context.Context, d Dialect) error {
		tables, err := dataTables(ctx, d)
		if err == nil && len(tables) == 0 {
			err = tandem.NotFoundf("The database to move from is empty.")
		}
		if err != nil || idle == nil {
			return err
		}
		return idle(ctx, d)
	}})
}

// OpenTarget opens the database to move to. It has no tables yet, or what a move
// left that was cut off. Errors: Conflict.
func OpenTarget(ctx context.Context, url, dir string) (*Store, error) {
	return OpenWith(ctx, url, dir, Options{admit: vacant})
}

// vacant refuses a database that is in use by anything, and marks it.
func vacant(ctx context.Context, d Dialect) error {
	begun, err := marked(ctx, d, markUnfinished)
	if err != nil || begun {
		return err
	}
	tables, err := d.(mover).Tables(ctx)
	if err != nil {
		return err
	}
	if len(tables) > 0 {
		return &tandem.Error{Code: tandem.Conflict, Field: "to", Message: fmt.Sprintf("The database to move to is not empty: it has %d tables, such as %s. Make a new one.", len(tables), tables[0].Name)}
	}
	return mark(ctx, d, markUnfinished)
}

// dataTables are the tables with what an installation has: all but those that
// each database has of its own, for its schema's version, and its engine.
func dataTables(ctx context.Context, d Dialect) ([]bulk.Table, error) {
	all, err := d.(mover).Tables(ctx)
	return slices.DeleteFunc(all, func(t bulk.Table) bool {
		return slices.Contains([]string{"goose_db_version", markUnfinished, markMoved}, t.Name) || strings.HasPrefix(t.Name, "river_")
	}), err
}

// inOrder puts tables that others refer to first.
func inOrder(tables []bulk.Table) (ordered []bulk.Table, err error) {
	placed := map[string]bool{}
	for len(ordered) < len(tables) {
		before := len(ordered)
		for _, t := range tables {
			waits := slices.ContainsFunc(t.Needs, func(name string) bool { return !placed[name] })
			if !waits && !placed[t.Name] {
				ordered, placed[t.Name] = append(ordered, t), true
			}
		}
		if len(ordered) == before {
			return nil, errors.New("tables refer to each other in a circle")
		}
	}
	return ordered, nil
}
