package river_test

import (
	"context"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// TestStrayJobs: a node whose connections are lost gives the jobs back that it took and
// knows nothing of, and keeps those that it is at work on.
func TestStrayJobs(t *testing.T) {
	s := openStore(t, pgtest.URL(t))
	db := s.Dialect().Writer()
	exec := func(statement string) (rows int64) {
		t.Helper()
		r, err := db.ExecContext(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		rows, err = r.RowsAffected()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	o := options
	o.Timeout, o.Rescue, o.Lost = time.Minute, 10*time.Minute, 300*time.Millisecond
	began, free := make(chan journal.Txn, 10), make(chan bool)
	works := newEngine(t, s, o)
	stop := start(t, works, func(ctx context.Context, l engine.Lease, n journal.Txn) (engine.Yield, error) {
		began <- n
		if n.Cycle == "slow" {
			<-free
		}
		return finish(ctx, l)
	})
	next := func() journal.Txn {
		t.Helper()
		select {
		case n := <-began:
			return n
		case <-time.After(30 * time.Second):
			t.Fatal("nothing runs")
			return journal.Txn{}
		}
	}
	if _, err := works.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "slow"}); err != nil {
		t.Fatal(err)
	}
	slow := next()
	// The answer of a fetch is lost: the job is out of reach of who fetches, until it is
	// said to be taken.
	exec(`CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.queue := ''elsewhere''; RETURN NEW; END'`)
	exec(`CREATE TRIGGER later BEFORE INSERT ON river_job FOR EACH ROW EXECUTE FUNCTION later()`)
	if _, err := works.Submit(t.Context(), journal.NewTxn{Account: 1, Cycle: "lost"}); err != nil {
		t.Fatal(err)
	}
	for exec(`UPDATE river_job SET queue = 'slices', state = 'running', attempt = 1, attempted_at = now(),
		attempted_by = (SELECT ARRAY['node-' || objid] FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
		WHERE queue = 'elsewhere'`) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	exec(`DROP TRIGGER later ON river_job`)
	if n := exec(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); n != 1 {
		t.Fatalf("%d connections were cut, not one", n)
	}
	if n := next(); n.Cycle != "lost" || n.Epoch != 2 {
		t.Errorf("then %s ran, at epoch %d", n.Cycle, n.Epoch)
	}
	close(free)
	var is int64
	for end := time.Now().Add(30 * time.Second); is == 0; time.Sleep(10 * time.Millisecond) {
		if err := db.QueryRowContext(t.Context(), `SELECT epoch FROM txn WHERE id = $1 AND status >= 10`, slow.ID).Scan(&is); err != nil && time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if is != slow.Epoch {
		t.Errorf("what was at work had a second owner: its epoch was %d, and is %d", slow.Epoch, is)
	}
	stop()
	if len(began) > 0 {
		t.Errorf("%d slices too many", len(began))
	}
}
