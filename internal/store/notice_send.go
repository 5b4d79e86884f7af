package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// ClaimReceivers takes up to n receivers that may be told something at now, those
// first that have waited longest. Nobody else takes them before lease.
func (s *Store) ClaimReceivers(ctx context.Context, now, lease time.Time, n int) (all []tandem.Receiver, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		// The condition is there twice: of two nodes that have found the same row,
		// the second looks again when the first has changed it.
		all, err = rows(ctx, tx, scanReceiver, `UPDATE notice_receiver SET leased_until = $2
			WHERE (partner, account, kind) IN (SELECT partner, account, kind FROM notice_receiver
					WHERE queued > 0 AND next_at <= $1 AND leased_until <= $1 ORDER BY next_at LIMIT $3)
				AND queued > 0 AND next_at <= $1 AND leased_until <= $1 RETURNING `+receiverColumns, micros(now), micros(lease), n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim receivers of notices: %w", err)
	}
	return all, nil
}

const receiverColumns = `partner, account, kind, queued, skipped, failures, reason, next_at, delivered_at`

func scanReceiver(r scanner) (to tandem.Receiver, err error) {
	var next, delivered int64
	err = r.Scan(&to.Partner, &to.Account, &to.Kind, &to.Queued, &to.Skipped, &to.Failures, &to.Reason, &next, &delivered)
	to.Next, to.Delivered = instant(next), instant(delivered)
	return to, err
}

const noticeColumns = `n.id, n.partner, n.account, n.receiver, n.kind, n.cycle, n.txn, n.message, n.state, n.attempts, n.status, n.reason, n.created_at, n.next_at, n.ended_at`

func scanNotice(r scanner, more ...any) (n tandem.Notice, err error) {
	var created, next, ended int64
	err = r.Scan(append([]any{&n.ID, &n.Partner, &n.Account, &n.Receiver, &n.Kind, &n.CycleID, &n.TransactionID, &n.Message,
		&n.State, &n.Attempts, &n.Status, &n.Reason, &created, &next, &ended}, more...)...)
	n.Created, n.Next, n.Ended = instant(created), instant(next), instant(ended)
	if ended != 0 {
		n.Next = time.Time{}
	}
	return n, err
}

// DueNotices lists the first n notices that a receiver is to be told at now, with
// their payloads, the oldest first.
func (s *Store) DueNotices(ctx context.Context, to tandem.Receiver, now time.Time, n int) ([]tandem.Notice, error) {
	all, err := rows(ctx, s.read(), func(r scanner) (tandem.Notice, error) {
		var packed []byte
		n, err := scanNotice(r, &packed)
		if err == nil {
			n.Payload, err = s.packer.unpack(packed)
		}
		return n, err
	}, `SELECT `+noticeColumns+`, n.payload FROM notice n WHERE n.partner = $1 AND n.receiver = $2 AND n.kind = $3 AND n.ended_at = 0 AND n.next_at <= $4
		ORDER BY n.next_at, n.created_at, n.txn LIMIT $5`, to.Partner, to.Account, to.Kind, micros(now), n)
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	return all, nil
}

// EndNotice brings a notice to the end that n says, and forgets what it says. One
// that was delivered ends the failures of its receiver.
func (s *Store) EndNotice(ctx context.Context, n tandem.Notice) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE notice SET state = $2, attempts = $3, status = $4, reason = $5, ended_at = $6, payload = NULL WHERE id = $1 AND ended_at = 0`,
			n.ID, n.State, n.Attempts, n.Status, n.Reason, micros(n.Ended))
		if err != nil {
			return err
		}
		if ended, err := r.RowsAffected(); err != nil || ended == 0 {
			return err
		}
		done := `queued = queued - 1`
		args := []any{n.Partner, n.Receiver, n.Kind}
		if n.State == tandem.NoticeDelivered {
			done += `, skipped = 0, failures = 0, reason = '', delivered_at = $4`
			args = append(args, micros(n.Ended))
		}
		_, err = tx.ExecContext(ctx, `UPDATE notice_receiver SET `+done+` WHERE partner = $1 AND account = $2 AND kind = $3`, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note what became of notice %s: %w", n.ID, err)
	}
	return nil
}

// DeferNotice notes an attempt at a notice that failed, and when the next is.
func (s *Store) DeferNotice(ctx context.Context, n tandem.Notice) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE notice SET attempts = $2, status = $3, reason = $4, next_at = $5 WHERE id = $1 AND ended_at = 0`,
			n.ID, n.Attempts, n.Status, n.Reason, micros(n.Next))
		return err
	})
	if err != nil {
		return fmt.Errorf("put notice %s off: %w", n.ID, err)
	}
	return nil
}

// ReleaseReceiver gives up a claim. to says how often the receiver failed by now,
// why, and when it may be told more; at the zero time, when a notice is due.
func (s *Store) ReleaseReceiver(ctx context.Context, to tandem.Receiver) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		// First the row's lock: who queues notices has it, and then all are seen.
		_, err := tx.ExecContext(ctx, `UPDATE notice_receiver SET leased_until = 0, failures = $4, reason = $5 WHERE partner = $1 AND account = $2 AND kind = $3`,
			to.Partner, to.Account, to.Kind, to.Failures, to.Reason)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE notice_receiver SET
				queued = (SELECT count(*) FROM notice n WHERE n.partner = $1 AND n.receiver = $2 AND n.kind = $3 AND n.ended_at = 0),
				next_at = CASE WHEN CAST($4 AS bigint) > 0 THEN $4
					ELSE COALESCE((SELECT min(n.next_at) FROM notice n WHERE n.partner = $1 AND n.receiver = $2 AND n.kind = $3 AND n.ended_at = 0), 0) END
			WHERE partner = $1 AND account = $2 AND kind = $3`, to.Partner, to.Account, to.Kind, micros(to.Next))
		return err
	})
	if err != nil {
		return fmt.Errorf("release the receiver of account %d of partner %d: %w", to.Account, to.Partner, err)
	}
	return nil
}

// ForgetNotices deletes those that ended before a time.
func (s *Store) ForgetNotices(ctx context.Context, before time.Time) error {
	return s.repeat(ctx, `DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE ended_at > 0 AND ended_at < $1 ORDER BY ended_at LIMIT $2)`,
		micros(before), expireBatch)
}
