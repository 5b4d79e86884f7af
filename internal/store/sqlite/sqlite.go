// Package sqlite is what is particular to SQLite: one file in the data folder,
// one process, one writer.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is how many connections read at once.
const readers = 8

// DB is the database in one folder.
type DB struct {
	lock           *os.File
	writer, reader *sql.DB
}

// Open opens or makes the database in dir. It refuses a folder that another
// process has open.
func Open(ctx context.Context, dir string) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{lock: lock}
	file := filepath.Join(dir, "tandem.db")
	if err := private(file); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	// A commit is on disk before it returns. The writing connection alone
	// checkpoints, between commits.
	db.writer, err = connect(ctx, file, 1, "_txlock=immediate", "synchronous(FULL)", "fullfsync(1)", "wal_autocheckpoint(4000)", "cache_size(-65536)")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.reader, err = connect(ctx, file, readers, "mode=ro", "query_only(1)", "cache_size(-16384)")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

var pragma = regexp.MustCompile(`^\w+\(.*\)$`)

func connect(ctx context.Context, file string, conns int, options ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=page_size(4096)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)"
	for _, o := range options {
		if pragma.MatchString(o) {
			o = "_pragma=" + o
		}
		dsn += "&" + o
	}
	c, err := newConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.Close())
	}
	return db, nil
}

// Name implements store.Dialect.
func (*DB) Name() string { return "sqlite" }

// Writer is the one connection that writes.
func (db *DB) Writer() *sql.DB { return db.writer }

// Reader is the connections that only read.
func (db *DB) Reader() *sql.DB { return db.reader }

// Duplicate says that err is a violation of a unique key.
func (*DB) Duplicate(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// Refused says that err lies in what a statement was given, and not in the
// state of the database: another statement may succeed.
func (*DB) Refused(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE:
		return true
	}
	return false
}

// Unable says that the database cannot write at the moment: the disk is full, or
// does not do what it is told to; or somebody else holds the file.
func (*DB) Unable(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// Close closes the connections and lets the folder go.
func (db *DB) Close() error {
	var errs []error
	for _, c := range []*sql.DB{db.reader, db.writer} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(append(errs, db.lock.Close())...)
}

// private keeps the database to the user who runs it, whatever the folder lets
// others do. SQLite gives the files beside it the mode of the database itself;
// those that are there already have the one they were made with.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(file+suffix, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// lockFolder holds dir for this process; the system lets go when it ends.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "tandem.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tryLock(f); err != nil {
		return nil, errors.Join(fmt.Errorf("the data folder %s is in use by another process", dir), err, f.Close())
	}
	return f, nil
}
