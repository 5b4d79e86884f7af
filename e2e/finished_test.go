package e2e

import (
	"database/sql"
	"errors"
	"testing"
)

// finished remembers transactions that are at their end, which must not change.
type finished struct {
	t    testing.TB
	db   *sql.DB // the servers' database, beside them
	last int64   // transaction of which it knows
	rows map[int64]ending
}

// ending is what is remembered of a transaction.
type ending struct{ status, tasks, errors, next, at, items int64 }

func newFinished(t testing.TB, driver, source string) *finished {
	db, err := sql.Open(driver, source)
	must(t, err)
	db.SetMaxIdleConns(-1) // who keeps SQLite's file open keeps its index, which a server is to make anew
	t.Cleanup(func() { db.Close() })
	return &finished{t: t, db: db, rows: map[int64]ending{}}
}

const endings = `SELECT id, status, tasks, errors, next_seq, finished_at,
	(SELECT count(*) FROM step_item i WHERE i.account = t.account AND i.txn = t.id)
	FROM txn t WHERE status >= 10 AND id > $1 ORDER BY id`

// remember looks for what has ended of what is new.
func (f *finished) remember() {
	f.each(f.last, func(id int64, e ending) {
		f.rows[id], f.last = e, id
	})
}

// check compares all that is remembered with what is there.
func (f *finished) check() {
	f.t.Helper()
	there := 0
	f.each(0, func(id int64, is ending) {
		was, known := f.rows[id]
		if !known {
			return
		}
		if there++; was != is {
			f.t.Errorf("transaction %d, which had ended, has changed: %+v, now %+v", id, was, is)
		}
	})
	if there != len(f.rows) || there == 0 {
		f.t.Errorf("%d of %d transactions that had ended are there", there, len(f.rows))
	}
}

func (f *finished) each(after int64, do func(int64, ending)) {
	f.t.Helper()
	rows, err := f.db.QueryContext(f.t.Context(), endings, after)
	must(f.t, err)
	for rows.Next() {
		var id int64
		var e ending
		must(f.t, rows.Scan(&id, &e.status, &e.tasks, &e.errors, &e.next, &e.at, &e.items))
		do(id, e)
	}
	must(f.t, errors.Join(rows.Err(), rows.Close()))
}
