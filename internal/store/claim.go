package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Suspect suspects a transaction by so much more, durably, in a commit shared
// with others, and returns how much that makes since it last came further: a
// commit of it forgets. Done before a transaction runs, it finds those that take
// the process with them. Errors: journal.ErrFenced, when it is at its end.
func (s *Store) Suspect(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, more int) (suspicion int, err error) {
	e := &entry{suspect: key{a, id}, more: more, done: make(chan struct{})}
	if err := s.await(ctx, e); err != nil {
		return 0, fmt.Errorf("suspect transaction %s: %w", id, err)
	}
	return e.suspicion, nil
}

func (s *Store) await(ctx context.Context, e *entry) error {
	if err := s.group.send(ctx, e); err != nil {
		return err
	}
	<-e.done
	return e.err
}

// ticket is the epochs that a claim is good for: from first to before end.
type ticket struct{ first, end int64 }

// Claim makes the caller the owner of a transaction that can go on now, if its
// epoch is in [first, end), and suspects it as lost until it is given up. The
// commits of an owner before it are fenced from then on. Errors: journal.ErrFenced.
func (s *Store) Claim(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, first, end int64) (journal.Txn, error) {
	e := &entry{suspect: key{a, id}, more: journal.LossSuspicion, claim: &ticket{first, end}, done: make(chan struct{})}
	err := s.await(ctx, e)
	var t journal.Txn
	if err == nil {
		t, err = s.Load(ctx, a, id)
	}
	if err == nil && t.Epoch != e.epoch {
		err = journal.ErrFenced
	}
	if err != nil {
		return journal.Txn{}, fmt.Errorf("claim transaction %s: %w", id, err)
	}
	return t, nil
}

// Admitted reads those transactions of an account that may begin by their admission,
// which made an owner of whoever has their epoch now: they are queued, and in no cycle
// that is held. With them come the step items of those that have few.
func (s *Store) Admitted(ctx context.Context, a tandem.AccountID, ids []tandem.TransactionID) ([]journal.Txn, error) {
	all, err := rows(ctx, s.read(), s.scanTxn, `SELECT `+txnColumns+`, frontier FROM `+eachID+`
		CROSS JOIN LATERAL (SELECT * FROM txn WHERE txn.account = $1 AND txn.id = own.txn_id::bigint LIMIT 1) t
		WHERE status = 0 AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.account = t.account AND hold.cycle = t.cycle)`, a, idsText(ids))
	if err == nil {
		err = s.addItems(ctx, a, all)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is admitted of account %d: %w", a, err)
	}
	return all, nil
}

// eachID is a row for each of the ids of idsText in $2. Of an array PostgreSQL would look
// how long it is, and believe that a short one deserves a plan of its own each time.
const eachID = `jsonb_array_elements_text($2::text::jsonb) AS own(txn_id)`

func idsText(ids []tandem.TransactionID) string {
	text := []byte{'['}
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(id), 10)
	}
	return string(append(text, ']'))
}

// Release gives up the ownership of t, which is to go on at wake (zero: at
// once), with t.Suspicion. It does nothing if t has another owner.
func (s *Store) Release(ctx context.Context, t journal.Txn, wake time.Time) error {
	status := tandem.TransactionQueued
	if !wake.IsZero() {
		status = tandem.TransactionWaiting
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE txn SET status = $4, wake_at = $5, suspicion = $6, admitted = 0, epoch = epoch + 1
			WHERE account = $1 AND id = $2 AND epoch = $3 AND status IN (0, 1)`, t.Account, t.ID, t.Epoch, status, micros(wake), t.Suspicion)
		return err
	})
	if err != nil {
		return fmt.Errorf("release transaction %s: %w", t.ID, err)
	}
	return nil
}

var (
	suspectTxn = bulk.MustParse(`UPDATE txn SET suspicion = suspicion + each.more FROM each(own_account bigint, own_id bigint, more bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status + 0 < 10
		RETURNING each.ordinal, suspicion, epoch`)
	claimTxn = bulk.MustParse(`UPDATE txn SET suspicion = suspicion + each.more, epoch = epoch + 1
		FROM each(own_account bigint, own_id bigint, more bigint, first_epoch bigint, end_epoch bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status + 0 = 0
			AND txn.epoch >= each.first_epoch AND txn.epoch < each.end_epoch
			AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.account = txn.account AND hold.cycle = txn.cycle)
		RETURNING each.ordinal, suspicion, epoch`)
)

// suspect suspects transactions, and makes those who claim owners.
func (b *batch) suspect(ctx context.Context) error {
	var suspects, claims [][]any
	var suspected, claimed []*entry
	for _, e := range b.entries {
		if e.suspect.txn == 0 {
			continue
		}
		e.err = journal.ErrFenced
		row := []any{int64(e.suspect.account), int64(e.suspect.txn), int64(e.more)}
		if e.claim == nil {
			suspects, suspected = append(suspects, row), append(suspected, e)
		} else {
			claims, claimed = append(claims, append(row, e.claim.first, e.claim.end)), append(claimed, e)
		}
	}
	found := func(owners []*entry) func([]int64) {
		return func(r []int64) {
			e := owners[r[0]-1]
			e.suspicion, e.epoch, e.err = int(r[1]), r[2], nil
		}
	}
	if err := b.tx.Each(ctx, suspectTxn, suspects, found(suspected)); err != nil {
		return err
	}
	return b.tx.Each(ctx, claimTxn, claims, found(claimed))
}
