package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const repeatJobColumns = `account, id, act, cycle, txn_status, after_at, before_at, past, done, skipped, doing, starts, state, reason, created_by, created_at, ended_at, leased_until`

func scanRepeatJob(s scanner) (j tandem.RepeatJob, err error) {
	var status sql.NullInt64
	var after, before, created, ended, lease int64
	var doing []byte
	err = s.Scan(&j.Account, &j.ID, &j.Action, &j.Filter.Cycle, &status, &after, &before, &j.Filter.Past, &j.Done, &j.Skipped, &doing, &j.Starts, &j.State, &j.Reason,
		&j.CreatedBy, &created, &ended, &lease)
	if err == nil && doing != nil {
		err = decode(doing, &j.Doing)
	}
	if status.Valid {
		j.Filter.Status = new(tandem.TransactionStatus(status.Int64))
	}
	j.Filter.After, j.Filter.Before = instant(after), instant(before)
	j.Created, j.Ended, j.Lease = instant(created), instant(ended), instant(lease)
	return j, err
}

func repeatJobName(id tandem.RepeatJobID) string { return fmt.Sprintf("Job %s", id) }

// InsertRepeatJob adds a job that runs, and fills in who began it. Errors: Conflict
// (as many are running as may), NotFound (the account).
func (s *Store) InsertRepeatJob(ctx context.Context, j *tandem.RepeatJob) error {
	var status sql.NullInt64
	if j.Filter.Status != nil {
		status = sql.NullInt64{Int64: int64(*j.Filter.Status), Valid: true}
	}
	return s.write(ctx, func(tx *sql.Tx) (err error) {
		if j.CreatedBy, err = author(ctx, tx); err != nil {
			return err
		}
		// Who begins another at once waits for the account's row, and counts this one.
		did, err := tx.ExecContext(ctx, `UPDATE account SET deleted_at = 0 WHERE id = $1 AND deleted_at = 0`, j.Account)
		if err := changed(did, err, fmt.Sprintf("Account %d", j.Account)); err != nil {
			return err
		}
		var running int
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM repeat_job WHERE account = $1 AND state = 'Running'`, j.Account).Scan(&running)
		if err == nil && running >= tandem.MaxRepeatJobs {
			err = tandem.Conflictf("%d such jobs of the account are running. Wait until one of them ends, or cancel it.", running)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO repeat_job (`+repeatJobColumns+`, next_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, NULL, 0, 'Running', '', $9, $10, 0, 0, 0)`,
			j.Account, j.ID, j.Action, j.Filter.Cycle, status, micros(j.Filter.After), micros(j.Filter.Before), j.Filter.Past, j.CreatedBy, micros(j.Created))
		return err
	})
}

// RepeatJob errors: NotFound.
func (s *Store) RepeatJob(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID) (tandem.RepeatJob, error) {
	return row(ctx, s.read(), repeatJobName(id), scanRepeatJob, `SELECT `+repeatJobColumns+` FROM repeat_job WHERE account = $1 AND id = $2`, a, id)
}

var repeatJobOrders = orders{"": {"CASE WHEN ended_at = 0 THEN 0 ELSE 1 END", "created_at DESC", "id"}, "CreatedOnUtc": {"created_at", "id"}}

// RepeatJobs lists those of an account: first those that are running, then the
// newest. Errors: Invalid (OrderBy).
func (s *Store) RepeatJobs(ctx context.Context, a tandem.AccountID, of tandem.PageRequest) (tandem.Page[tandem.RepeatJob], error) {
	c := &conditions{}
	c.add("account = ", a)
	return page(ctx, s.read(), scanRepeatJob, repeatJobColumns, "repeat_job", c, repeatJobOrders, of)
}

// CancelRepeatJob ends a job. Errors: NotFound, Conflict (it is at its end).
func (s *Store) CancelRepeatJob(ctx context.Context, a tandem.AccountID, id tandem.RepeatJobID, at time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		did, err := tx.ExecContext(ctx, `UPDATE repeat_job SET state = 'Cancelled', ended_at = $3 WHERE account = $1 AND id = $2 AND state = 'Running'`, a, id, micros(at))
		if err := changed(did, err, ""); tandem.ErrorCode(err) != tandem.NotFound {
			return err
		}
		if _, err := row(ctx, tx, repeatJobName(id), scanRepeatJob, `SELECT `+repeatJobColumns+` FROM repeat_job WHERE account = $1 AND id = $2`, a, id); err != nil {
			return err
		}
		return tandem.Conflictf("The job is at its end.")
	})
}

// ClaimRepeatJob takes the job whose turn it is, and nobody else does before lease.
// Those of accounts that are suspended have no turn. Errors: NotFound (there is none).
func (s *Store) ClaimRepeatJob(ctx context.Context, now, lease time.Time) (j tandem.RepeatJob, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		// The condition is there twice, as in ClaimRollout.
		j, err = row(ctx, tx, "A job", scanRepeatJob, `UPDATE repeat_job SET leased_until = $2
			WHERE (account, id) IN (SELECT j.account, j.id FROM repeat_job j JOIN account a ON a.id = j.account AND a.deleted_at = 0 AND a.enabled
					WHERE j.state = 'Running' AND j.next_at <= $1 AND j.leased_until <= $1 ORDER BY j.next_at LIMIT 1)
				AND state = 'Running' AND next_at <= $1 AND leased_until <= $1 RETURNING `+repeatJobColumns, micros(now), micros(lease))
		return err
	})
	return j, err
}

// SaveRepeatJob notes how far the job is that was claimed, and reads its state: one
// that was cancelled meanwhile stays so. Errors: NotFound (the claim is over).
func (s *Store) SaveRepeatJob(ctx context.Context, j *tandem.RepeatJob) error {
	var doing []byte
	if len(j.Doing) > 0 {
		docs, err := encode(j.Doing)
		if err != nil {
			return err
		}
		doing = docs[0]
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		saved, err := row(ctx, tx, repeatJobName(j.ID), scanRepeatJob, `UPDATE repeat_job SET past = $4, done = $5, skipped = $6,
				state = CASE state WHEN 'Running' THEN $7 ELSE state END, reason = CASE state WHEN 'Running' THEN $8 ELSE reason END,
				ended_at = CASE state WHEN 'Running' THEN $9 ELSE ended_at END, doing = $10, starts = $11
			WHERE account = $1 AND id = $2 AND leased_until = $3 RETURNING `+repeatJobColumns,
			j.Account, j.ID, micros(j.Lease), j.Filter.Past, j.Done, j.Skipped, j.State, j.Reason, micros(j.Ended), doing, j.Starts)
		if err == nil {
			*j = saved
		}
		return err
	})
}

// ReleaseRepeatJob gives up a claim: the job goes on at next, with j.Starts.
func (s *Store) ReleaseRepeatJob(ctx context.Context, j *tandem.RepeatJob, next time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE repeat_job SET leased_until = 0, next_at = $4, starts = $5 WHERE account = $1 AND id = $2 AND leased_until = $3`,
			j.Account, j.ID, micros(j.Lease), micros(next), j.Starts)
		return err
	})
}

// ForgetRepeatJobs deletes those that ended before a time.
func (s *Store) ForgetRepeatJobs(ctx context.Context, before time.Time) error {
	return s.repeat(ctx, `DELETE FROM repeat_job WHERE (account, id) IN (SELECT account, id FROM repeat_job WHERE ended_at > 0 AND ended_at < $1 LIMIT $2)`, micros(before), expireBatch)
}

// endLeases ends the claims of rollouts and jobs, when nobody can be at work on them.
func (s *Store) endLeases(ctx context.Context) error {
	return s.transact(ctx, nil, func(tx *sql.Tx) error {
		for _, of := range []string{"rollout", "repeat_job"} {
			if _, err := tx.ExecContext(ctx, `UPDATE `+of+` SET leased_until = 0 WHERE leased_until > 0`); err != nil {
				return err
			}
		}
		return nil
	})
}
