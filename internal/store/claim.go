package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// Try records durably, in a commit shared with others, that a transaction is
// about to run once more, and returns how often that was since it last came
// further: a commit of it forgets. It finds those that take the process with
// them. Errors: journal.ErrFenced, when it is at its end.
func (s *Store) Try(ctx context.Context, a tandem.AccountID, id tandem.TransactionID) (tries int, err error) {
	e := &entry{try: key{a, id}, done: make(chan struct{})}
	if err := s.try(ctx, e); err != nil {
		return 0, fmt.Errorf("count a try of transaction %s: %w", id, err)
	}
	return e.tries, nil
}

func (s *Store) try(ctx context.Context, e *entry) error {
	if err := s.group.send(ctx, e); err != nil {
		return err
	}
	<-e.done
	return e.err
}

// ticket is the epochs that a claim is good for: from first to before end.
type ticket struct{ first, end int64 }

// Claim makes the caller the owner of a transaction that can go on now, if its
// epoch is in [first, end), and counts a try. The commits of an owner before it
// are fenced from then on. Errors: journal.ErrFenced.
func (s *Store) Claim(ctx context.Context, a tandem.AccountID, id tandem.TransactionID, first, end int64) (journal.Txn, error) {
	e := &entry{try: key{a, id}, claim: &ticket{first, end}, done: make(chan struct{})}
	err := s.try(ctx, e)
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

// Release gives up the ownership of t, which is to go on at wake (zero: at
// once), with t.Tries counted. It does nothing if t has another owner.
func (s *Store) Release(ctx context.Context, t journal.Txn, wake time.Time) error {
	status := tandem.TransactionQueued
	if !wake.IsZero() {
		status = tandem.TransactionWaiting
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE txn SET status = $4, wake_at = $5, tries = $6, admitted = 0, epoch = epoch + 1
			WHERE account = $1 AND id = $2 AND epoch = $3 AND status IN (0, 1)`, t.Account, t.ID, t.Epoch, status, micros(wake), t.Tries)
		return err
	})
	if err != nil {
		return fmt.Errorf("release transaction %s: %w", t.ID, err)
	}
	return nil
}

var (
	countTry = bulk.MustParse(`UPDATE txn SET tries = tries + 1 FROM each(own_account bigint, own_id bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status < 10
		RETURNING each.ordinal, tries, epoch`)
	claimTxn = bulk.MustParse(`UPDATE txn SET tries = tries + 1, epoch = epoch + 1
		FROM each(own_account bigint, own_id bigint, first_epoch bigint, end_epoch bigint)
		WHERE txn.account = each.own_account AND txn.id = each.own_id AND txn.status = 0
			AND txn.epoch >= each.first_epoch AND txn.epoch < each.end_epoch
			AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.account = txn.account AND hold.cycle = txn.cycle)
		RETURNING each.ordinal, tries, epoch`)
)

// countTries counts tries, and makes those who claim owners.
func (b *batch) countTries(ctx context.Context) error {
	var tries, claims [][]any
	var tried, claimed []*entry
	for _, e := range b.entries {
		if e.try.txn == 0 {
			continue
		}
		e.err = journal.ErrFenced
		row := []any{int64(e.try.account), int64(e.try.txn)}
		if e.claim == nil {
			tries, tried = append(tries, row), append(tried, e)
		} else {
			claims, claimed = append(claims, append(row, e.claim.first, e.claim.end)), append(claimed, e)
		}
	}
	counted := func(owners []*entry) func([]int64) {
		return func(r []int64) {
			e := owners[r[0]-1]
			e.tries, e.epoch, e.err = int(r[1]), r[2], nil
		}
	}
	if err := b.tx.Each(ctx, countTry, tries, counted(tried)); err != nil {
		return err
	}
	return b.tx.Each(ctx, claimTxn, claims, counted(claimed))
}
