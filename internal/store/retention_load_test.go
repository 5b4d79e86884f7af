package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Transactions of the test that ended long ago: many, with two items each, and behind
// them a long one, and one that is pending since then.
const (
	oldMany = 50_000
	oldLong = 5 * deleteBatch
	fewer   = 4 // commits, after one of which it is waited for others: most of the time is theirs
)

// after is a dialect that does something after each commit of whoever has it.
type after struct {
	Dialect
	do func()
}

// Batch implements Dialect.
func (a *after) Batch(ctx context.Context, do func(bulk.Tx) error) error {
	err := a.Dialect.Batch(ctx, do)
	if err == nil {
		a.do()
	}
	return err
}

func fillOld(t *testing.T, s *Store) {
	t.Helper()
	const (
		txn  = `INSERT INTO txn (account, id, cycle, version, parent, status, epoch, next_seq, children, open, tasks, errors, suspicion, created_at, wake_at, finished_at) `
		item = `INSERT INTO step_item (account, txn, seq, prev, step, attempt, outcome, exit, message, tasks, started_at, finished_at, blob) `
		upTo = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `
	)
	for _, statement := range []string{
		txn + fmt.Sprintf(upTo, oldMany) + `SELECT 1, i, 'old', 1, 0, 10, 0, 3, 0, 0, 2, 0, 0, 1, 0, 1 FROM n`,
		item + fmt.Sprintf(upTo, oldMany) + `SELECT 1, n.i, s.seq, s.seq - 1, 'step', 1, 0, '', '', 1, 1, 1, 0 FROM n, (SELECT 1 AS seq UNION ALL SELECT 2) s`,
		txn + fmt.Sprintf(`SELECT 1, %d, 'old', 1, 0, 11, 0, %d, 0, 0, 0, 1, 0, 1, 0, 1`, oldMany+1, oldLong+1),
		item + fmt.Sprintf(upTo, oldLong) + fmt.Sprintf(`SELECT 1, %d, i, i - 1, 'step', 1, 0, '', '', 0, 1, 1, 0 FROM n`, oldMany+1),
		txn + fmt.Sprintf(`SELECT 1, %d, 'old', 1, 0, 1, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0`, oldMany+2),
		item + fmt.Sprintf(`SELECT 1, %d, 1, 0, 'step', 1, 0, '', '', 0, 1, 1, 0`, oldMany+2),
		`INSERT INTO meter (account, slot, cycle, method, connector, version, succeeded, failed) VALUES (1, 1, 'old', 'm', 'c', 'v', 100000, 0)`,
	} {
		if _, err := s.dialect.Writer().ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// oldRows counts the rows of the transactions that ended, of which the first go first.
func oldRows(t *testing.T, s *Store) int {
	t.Helper()
	var first, long int
	err := s.read().QueryRowContext(t.Context(), `SELECT (SELECT min(id) FROM txn WHERE account = 1), (SELECT count(*) FROM step_item WHERE account = 1 AND txn = $1)`, oldMany+1).Scan(&first, &long)
	if err != nil {
		t.Fatal(err)
	}
	return 3*max(0, oldMany+1-first) + min(1, max(0, oldMany+2-first)) + long
}

// flood has transactions arrive and end until stop, each with a signal on ended, and
// counts them.
func flood(t *testing.T, s *Store, stop *atomic.Bool, ended chan<- struct{}) (sent int) {
	defer close(ended)
	for first := idAt(time.Now()); !stop.Load(); sent++ {
		id := first + tandem.TransactionID(sent)
		n := journal.NewTxn{ID: id, Account: 1, Cycle: "new", Items: []tandem.StepItem{answered(1, []byte("new"))}}
		_, err := s.Submit(context.Background(), []journal.NewTxn{n})
		if err == nil {
			_, err = s.Commit(context.Background(), journal.Delta{Account: 1, Cycle: "new", Txn: id, Status: tandem.TransactionCompleted})
		}
		if err != nil {
			t.Error(err)
			return sent
		}
		select {
		case ended <- struct{}{}:
		default:
		}
	}
	return sent
}

// TestRetentionUnderLoad: 50,000 old transactions are deleted while others arrive and
// end, in small commits with room for those of the others between any two. Nothing
// else goes with them.
func TestRetentionUnderLoad(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			opened(t, make(), func(s *Store) { retainUnderLoad(t, s) })
		})
	}
}

func retainUnderLoad(t *testing.T, s *Store) {
	fillOld(t, s)
	var stop atomic.Bool
	ended, done := make(chan struct{}, 1), make(chan int, 1)
	go func() { done <- flood(t, s, &stop, ended) }()

	left, commits, most := oldRows(t, s), 0, 0
	whole := s.dialect
	s.dialect = &after{whole, func() {
		now := oldRows(t, s)
		most, left, commits = max(most, left-now), now, commits+1
		if commits%fewer == 0 {
			<-ended // may have been there before
			<-ended
		}
	}}
	deleted, err := s.expireAccount(t.Context(), retention{account: 1, success: 1, errored: 1, shortest: 1}, time.Now())
	s.dialect = whole
	stop.Store(true)
	sent := <-done

	if deleted != oldMany+1 || err != nil || left != 0 {
		t.Errorf("%d transactions deleted, %d rows left, %v", deleted, left, err)
	}
	if bound := deleteBatch + expireBatch; most > bound || commits < (3*oldMany+oldLong)/bound {
		t.Errorf("%d commits, of which one deleted %d rows; want at most %d", commits, most, bound)
	}
	var pending, kept, tasks int
	err = s.read().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM txn t JOIN step_item i ON i.account = t.account AND i.txn = t.id WHERE t.account = 1 AND t.cycle = 'old'),
		(SELECT count(*) FROM txn WHERE account = 1 AND cycle = 'new' AND status = 10), (SELECT sum(succeeded) FROM meter WHERE account = 1)`).Scan(&pending, &kept, &tasks)
	if err != nil || pending != 1 || tasks != 100_000 || kept != sent || sent < commits/fewer {
		t.Errorf("%d are pending, %d are kept, %d tasks are counted, %v", pending, kept, tasks, err)
	}
}
