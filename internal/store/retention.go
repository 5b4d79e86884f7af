package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// dedupeHours is how long a key is known; a timer's as long as what it made is
// open, too, for that may be collecting still when a week is over.
const dedupeHours = 25

// expireBatch is how many transactions one commit deletes: few enough that
// nobody who waits for the writer notices.
const expireBatch = 200

// Expire deletes what is past its retention at now, in small commits, until
// nothing is left or ctx is done, and returns how many transactions went.
// Transactions are kept from their end for the hours that their cycle, else their
// account, else its partner sets for successful and for errored ones, incidents
// for those of errored ones; see [tandem.Inherit]. Counts of tasks are kept for
// good.
func (s *Store) Expire(ctx context.Context, now time.Time) (deleted int, err error) {
	limits, err := s.retentions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read retention: %w", err)
	}
	for _, l := range limits {
		n, err := s.expireAccount(ctx, l, now)
		deleted += n
		if err != nil {
			return deleted, fmt.Errorf("expire transactions of account %d: %w", l.account, err)
		}
	}
	err = s.repeat(ctx, `DELETE FROM dedupe WHERE (account, source, key) IN
		(SELECT account, source, key FROM dedupe d WHERE created_at < $1 AND NOT (source LIKE 'timer %' AND EXISTS
			(SELECT 1 FROM txn t WHERE t.account = d.account AND t.id = d.txn AND t.status < 10)) ORDER BY created_at LIMIT $2)`,
		micros(now.Add(-dedupeHours*time.Hour)), expireBatch)
	if err != nil {
		return deleted, fmt.Errorf("expire keys: %w", err)
	}
	if err := s.expireWebhooks(ctx, now); err != nil {
		return deleted, fmt.Errorf("expire what webhooks wait for: %w", err)
	}
	return deleted, nil
}

// retention is for how many hours an account's transactions are kept, unless
// their cycle says something else.
type retention struct {
	account          tandem.AccountID
	success, errored int
	shortest         int // for any of its cycles
}

// retentions gives those of the accounts that have anything to delete.
func (s *Store) retentions(ctx context.Context) ([]retention, error) {
	console, err := s.accountDefaults(ctx)
	if err != nil {
		return nil, err
	}
	return rows(ctx, s.read(), func(r scanner) (l retention, err error) {
		var a tandem.Account
		var cycle tandem.Retention // the shortest of any
		err = r.Scan(&l.account, &a.Partner, &a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours, &cycle.Success, &cycle.Errored)
		in := tandem.Inherit(console[a.Partner], &a, tandem.Retention{})
		of := tandem.Inherit(console[a.Partner], &a, cycle)
		l.success, l.errored = in.SuccessHours, in.ErroredHours
		l.shortest = min(in.SuccessHours, in.ErroredHours, of.SuccessHours, of.ErroredHours)
		return l, err
	}, `SELECT a.id, a.partner, a.retain_success_hours, a.retain_errored_hours, c.success, c.errored
		FROM account a LEFT JOIN (SELECT account, min(retain_success_hours) AS success, min(retain_errored_hours) AS errored FROM cycle
			WHERE retain_success_hours IS NOT NULL OR retain_errored_hours IS NOT NULL GROUP BY account) c ON c.account = a.id
		WHERE EXISTS (SELECT 1 FROM txn WHERE txn.account = a.id) OR EXISTS (SELECT 1 FROM incident WHERE incident.account = a.id)`)
}

// accountDefaults are the defaults of each partner's accounts.
func (s *Store) accountDefaults(ctx context.Context) (map[tandem.PartnerID]tandem.AccountDefaults, error) {
	console := map[tandem.PartnerID]tandem.AccountDefaults{}
	_, err := rows(ctx, s.read(), func(r scanner) (struct{}, error) {
		var p tandem.PartnerID
		var document []byte
		if err := r.Scan(&p, &document); err != nil {
			return struct{}{}, err
		}
		set, err := decodeSettings(document)
		console[p] = set.Account
		return struct{}{}, err
	}, `SELECT id, settings FROM partner`)
	return console, err
}

// What is old, by the hours of its cycle or else those given; an hour is
// 3,600,000,000 microseconds.
const (
	oldTransactions = `SELECT t.id, t.next_seq - 1 FROM txn t LEFT JOIN cycle c ON c.account = t.account AND c.id = t.cycle
		WHERE t.account = $1 AND t.id > $2 AND t.id < $3 AND t.status >= 10 AND t.finished_at <= CAST($4 AS bigint) - 3600000000 *
			CASE WHEN t.errors > 0 OR t.status = 11 THEN COALESCE(c.retain_errored_hours, $5) ELSE COALESCE(c.retain_success_hours, $6) END
		ORDER BY t.id LIMIT $7`
	oldIncidents = `SELECT i.id FROM incident i LEFT JOIN cycle c ON c.account = i.account AND c.id = i.cycle
		WHERE i.account = $1 AND i.created_at <= CAST($2 AS bigint) - 3600000000 * COALESCE(c.retain_errored_hours, $3) ORDER BY i.id LIMIT $4`
)

func (s *Store) expireAccount(ctx context.Context, l retention, now time.Time) (deleted int, err error) {
	for first := tandem.TransactionID(0); ; {
		// What ended by then began before; the id of a transaction tells when.
		old, err := rows(ctx, s.read(), scanRecord, oldTransactions,
			l.account, first, idAt(now.Add(-hours(l.shortest))), micros(now), l.errored, l.success, expireBatch)
		if err != nil {
			return deleted, err
		}
		if len(old) > 0 {
			if err := s.deleteTransactions(ctx, l.account, old); err != nil {
				return deleted, err
			}
			deleted, first = deleted+len(old), old[len(old)-1].id
		}
		if len(old) < expireBatch {
			break
		}
	}
	return deleted, s.repeat(ctx, `DELETE FROM incident WHERE account = $1 AND id IN (`+oldIncidents+`)`, l.account, micros(now), l.errored, expireBatch)
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// idAt is an id that later transactions are above. Ids run ahead of the clock
// when many are made at once, by far less than the second allowed for here.
func idAt(t time.Time) tandem.TransactionID {
	return tandem.TransactionID(firstID(t.Add(time.Second)))
}

// repeat runs a statement that deletes at most expireBatch rows until it finds
// no more.
func (s *Store) repeat(ctx context.Context, statement string, args ...any) error {
	for {
		var n int64
		err := s.write(ctx, func(tx *sql.Tx) error {
			r, err := tx.ExecContext(ctx, statement, args...)
			if err == nil {
				n, err = r.RowsAffected()
			}
			return err
		})
		if err != nil || n < expireBatch {
			return err
		}
	}
}
