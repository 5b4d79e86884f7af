package bare

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver
)

const (
	groupSize = 512

	running   = 1
	succeeded = 2
	failed    = 3

	schema = `CREATE TABLE IF NOT EXISTS execution (
	id INTEGER PRIMARY KEY, work TEXT NOT NULL, status INTEGER NOT NULL,
	input BLOB, output BLOB, created INTEGER NOT NULL, finished INTEGER)`
	insertSQL = `INSERT INTO execution (id, work, status, input, created) VALUES (?, ?, ?, ?, ?)`
	finishSQL = `UPDATE execution SET status = ?, output = ?, finished = ? WHERE id = ?`
)

// journal writes executions to SQLite from one goroutine, in groups: whatever
// waits when the last group is on disk goes into the next.
type journal struct {
	db      *sql.DB
	conn    *sql.Conn
	insertS *sql.Stmt
	finishS *sql.Stmt
	ops     chan op
	last    atomic.Int64
	ended   chan error
}

// op inserts an execution when it has a done channel, else finishes one.
type op struct {
	id     int64
	path   string
	data   []byte
	status int
	done   chan error
}

func openJournal(ctx context.Context, file string) (*journal, error) {
	dsn := (&url.URL{Scheme: "file", Opaque: file, RawQuery: "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)"}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	j := &journal{db: db, ops: make(chan op, 4096), ended: make(chan error, 1)}
	if err := j.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	j.last.Store(time.Now().UnixMicro()) // ids grow from start to start
	go func() { j.ended <- errors.Join(j.run(ctx), j.close()) }()
	return j, nil
}

// close leaves one file: the write-ahead log is emptied into it.
func (j *journal) close() error {
	return errors.Join(j.insertS.Close(), j.finishS.Close(), j.conn.Close(), j.db.Close())
}

func (j *journal) prepare(ctx context.Context) (err error) {
	if j.conn, err = j.db.Conn(ctx); err != nil {
		return err
	}
	if _, err := j.conn.ExecContext(ctx, schema); err != nil {
		return err
	}
	if j.insertS, err = j.conn.PrepareContext(ctx, insertSQL); err != nil {
		return err
	}
	j.finishS, err = j.conn.PrepareContext(ctx, finishSQL)
	return err
}

// insert returns when the execution is on disk.
func (j *journal) insert(ctx context.Context, path string, event []byte) (id int64, err error) {
	o := op{id: j.last.Add(1), path: path, data: event, status: running, done: make(chan error, 1)}
	if err := j.send(ctx, o); err != nil {
		return 0, err
	}
	select {
	case err := <-o.done:
		return o.id, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (j *journal) finish(ctx context.Context, id int64, ok bool, output []byte) error {
	o := op{id: id, data: output, status: succeeded}
	if !ok {
		o.status = failed
	}
	return j.send(ctx, o)
}

func (j *journal) send(ctx context.Context, o op) error {
	select {
	case j.ops <- o:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wait returns when the journal is closed, which the end of its context does.
func (j *journal) wait() error { return <-j.ended }

func (j *journal) run(ctx context.Context) error {
	group := make([]op, 0, groupSize)
	for {
		select {
		case o := <-j.ops:
			group = append(group[:0], o)
		case <-ctx.Done():
			return nil
		}
		for more := true; more && len(group) < groupSize; {
			select {
			case o := <-j.ops:
				group = append(group, o)
			default:
				more = false
			}
		}
		err := j.commit(context.WithoutCancel(ctx), group)
		for _, o := range group {
			if o.done != nil {
				o.done <- err
			}
		}
		if err != nil {
			return fmt.Errorf("commit a group of %d: %w", len(group), err)
		}
	}
}

func (j *journal) commit(ctx context.Context, group []op) error {
	if _, err := j.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := j.write(ctx, group); err != nil {
		_, back := j.conn.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, back)
	}
	_, err := j.conn.ExecContext(ctx, "COMMIT")
	return err
}

func (j *journal) write(ctx context.Context, group []op) (err error) {
	now := time.Now().UnixMicro()
	for _, o := range group {
		if o.done != nil {
			_, err = j.insertS.ExecContext(ctx, o.id, o.path, o.status, o.data, now)
		} else {
			_, err = j.finishS.ExecContext(ctx, o.status, o.data, now, o.id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
