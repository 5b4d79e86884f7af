package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/outage"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
	"github.com/tandem-ipaas/tandem/internal/store/sqlite"
)

// Store is the database of one installation.
type Store struct {
	dialect Dialect
	group   *group
	packer  *packer
	folder  Blobs // nil: there is none
	bucket  Blobs // comes before the folder; nil: there is none
	files   fileContent
	shared  *fileBucket // where new files go; nil: there is none
	auditor *auditor
	unable  *outage.Outage // to write

	directories directories

	incidentsCame, noticesCame bell
}

// Options of [OpenWith].
type Options struct {
	Disk Disk         // under the folders of blobs and files, with SQLite; nil: the system's
	Log  *slog.Logger // is told when the database cannot write, and when it can again; nil: nobody is

	admit func(context.Context, Dialect) error // refuses a database before it is touched; nil: unmoved
}

// Open opens the database at url, or, if url is "", SQLite in the folder dir,
// and brings its schema up to date. A second process on the same folder, and a
// schema newer than this binary, are refused.
func Open(ctx context.Context, url, dir string) (*Store, error) {
	return OpenWith(ctx, url, dir, Options{})
}

// OpenWith is Open with options.
func OpenWith(ctx context.Context, url, dir string, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Disk == nil {
		o.Disk = osDisk{}
	}
	files, long := fileFolder{filepath.Join(dir, "files"), o.Disk}, blobFolder{filepath.Join(dir, "blobs"), o.Disk}
	if url == "" {
		if err := errors.Join(makeFolder(o.Disk, files.dir), makeFolder(o.Disk, long.dir)); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	d, err := open(ctx, url, dir)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if o.admit == nil {
		o.admit = unmoved
	}
	if err := o.admit(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := migrate(ctx, d); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the database: %w", err), d.Close())
	}
	s := &Store{dialect: d, unable: outage.New(o.Log, "write to the database"), incidentsCame: newBell(), noticesCame: newBell()}
	if s.packer, err = newPacker(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	s.files = fileRows{s}
	if url == "" {
		s.folder, s.files = long, files
		if err := s.sweepFiles(ctx, files); err != nil {
			return nil, errors.Join(fmt.Errorf("sweep the folder of files: %w", err), d.Close())
		}
		if _, err := s.sweepBlobs(ctx, long, inFolder, 0); err != nil {
			return nil, errors.Join(fmt.Errorf("sweep the folder of blobs: %w", err), d.Close())
		}
		// What was at work here was at work in a process that has ended.
		if err := s.endReplays(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("end the calls of the last process: %w", err), d.Close())
		}
		if err := s.endTokenClaims(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("end the claims of the last process: %w", err), d.Close())
		}
		if err := s.endLeases(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("end the leases of the last process: %w", err), d.Close())
		}
	}
	s.group = startGroup(d, s.unable)
	return s, nil
}

func open(ctx context.Context, url, dir string) (Dialect, error) {
	switch {
	case url == "":
		return sqlite.Open(ctx, dir)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return postgres.Open(ctx, url)
	}
	return nil, tandem.Invalidf("database", "database: want a URL that begins with postgres://, or none for SQLite")
}

// Close commits what waits and closes the database.
func (s *Store) Close() error {
	s.group.stop()
	return s.dialect.Close()
}

// Dialect gives the engine for the same database its connection.
func (s *Store) Dialect() Dialect { return s.dialect }

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.dialect.Reader().QueryRowContext(ctx, "SELECT 1").Scan(new(int))
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (s *Store) read() querier { return s.dialect.Reader() }

// write runs do in one transaction, and commits if it returns nil. What it
// changes goes into the audit log, in the same transaction, when ctx is for an act
// that is not there yet: of all that an act changes, the first commit logs it, and
// marks its claim.
func (s *Store) write(ctx context.Context, do func(tx *sql.Tx) error) error {
	n, err := s.noteOf(ctx)
	if err != nil {
		return err
	}
	if err := s.transact(ctx, n, do); err != nil {
		return err
	}
	if n != nil {
		tandem.ActOf(ctx).SetLogged()
	}
	return nil
}

// transact runs do in one transaction, with a note for the audit log unless that
// is nil. Errors: Unavailable, when the database cannot write; do's.
func (s *Store) transact(ctx context.Context, n *note, do func(tx *sql.Tx) error) error {
	err := s.attempt(ctx, n, do)
	switch {
	case s.dialect.Unable(err):
		s.unable.Failed(err)
		return unavailable(err)
	case err == nil:
		s.unable.Works()
	}
	return err
}

func (s *Store) attempt(ctx context.Context, n *note, do func(tx *sql.Tx) error) error {
	tx, err := s.dialect.Writer().BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := noted(ctx, tx, n, do); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func noted(ctx context.Context, tx *sql.Tx, n *note, do func(tx *sql.Tx) error) error {
	if n == nil {
		return do(tx)
	}
	if err := n.name(ctx, tx); err != nil {
		return err
	}
	if n.claim != nil {
		if err := beginReplay(ctx, tx, n.claim); err != nil {
			return err
		}
	}
	if err := do(tx); err != nil {
		return err
	}
	return n.append(ctx, tx)
}

// change writes one statement that must find a row. Errors: NotFound, saying that
// what was not found.
func (s *Store) change(ctx context.Context, what, statement string, args ...any) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, statement, args...)
		return changed(r, err, what)
	})
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// next numbers things of a kind, from 1.
func next(ctx context.Context, q querier, kind string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `INSERT INTO sequence (name, value) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET value = sequence.value + 1 RETURNING value`, kind).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("next %s number: %w", kind, err)
	}
	return n, nil
}

// rows collects what scan reads of each row.
func rows[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rs, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	all := []T{}
	for rs.Next() {
		t, err := scan(rs)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rs.Err()
}

// row reads one row. Errors: NotFound, saying that what was not found.
func row[T any](ctx context.Context, q querier, what string, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	t, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return t, tandem.NotFoundf("%s could not be found.", what)
	}
	return t, err
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dst ...any) error }

// prefixed scans what stands before what another function scans.
type prefixed struct {
	scanner
	first []any
}

// Scan implements scanner.
func (p prefixed) Scan(dst ...any) error { return p.scanner.Scan(append(p.first, dst...)...) }

// changed checks that a statement found its row. Errors: NotFound.
func changed(r sql.Result, err error, what string) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return tandem.NotFoundf("%s could not be found.", what)
	}
	return err
}

// micros is a time as the database holds it.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant is the time that micros gave.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
