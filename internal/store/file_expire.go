package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	// fileGrace is for how long a file is kept at least: what is called on demand
	// makes files, too, and its caller comes for them.
	fileGrace = 10 * time.Minute
	// fileAbandoned is when nobody is at work any more on what is no file yet.
	fileAbandoned = 24 * time.Hour
)

// ExpireFiles deletes the files that no records can tell of any more at now: those
// that are older than their account keeps any record, and than any of its
// transactions that has not ended. It returns how many went.
func (s *Store) ExpireFiles(ctx context.Context, now time.Time) (deleted int, err error) {
	limits, err := s.fileLimits(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("read how long files are kept: %w", err)
	}
	for _, l := range limits {
		n, err := s.expireFiles(ctx, l, now)
		deleted += n
		if err != nil {
			return deleted, fmt.Errorf("expire files of account %d: %w", l.account, err)
		}
	}
	return deleted, nil
}

// sweepFiles deletes content that no row tells of.
func (s *Store) sweepFiles(ctx context.Context, folder fileFolder) error {
	return folder.sweep(func(a tandem.AccountID, id string) (known bool, err error) {
		err = s.read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM file WHERE account = $1 AND id = $2)`, a, id).Scan(&known)
		return known, err
	})
}

// fileLimit is up to when an account's files are kept.
type fileLimit struct {
	account tandem.AccountID
	oldest  time.Time
}

func (s *Store) expireFiles(ctx context.Context, l fileLimit, now time.Time) (deleted int, _ error) {
	for {
		old, err := rows(ctx, s.read(), scanID[string], `SELECT id FROM file WHERE account = $1 AND (created_at < $2 AND size >= 0 OR created_at < $3 AND size < 0)
			ORDER BY created_at LIMIT $4`, l.account, micros(l.oldest), micros(now.Add(-fileAbandoned)), expireBatch)
		if err != nil {
			return deleted, err
		}
		for _, id := range old {
			if err := s.expireFile(ctx, l.account, id); err != nil {
				return deleted, err
			}
			deleted++
		}
		if len(old) < expireBatch {
			return deleted, nil
		}
	}
}

// expireFile deletes a file, or what is left of one.
func (s *Store) expireFile(ctx context.Context, a tandem.AccountID, id string) error {
	if err := s.DeleteFile(ctx, a, id); err != nil {
		return err
	}
	return s.eraseFile(ctx, a, id)
}

// fileLimits are those of the accounts that have files.
func (s *Store) fileLimits(ctx context.Context, now time.Time) ([]fileLimit, error) {
	console, err := s.accountDefaults(ctx)
	if err != nil {
		return nil, err
	}
	return rows(ctx, s.read(), func(r scanner) (l fileLimit, err error) {
		var a tandem.Account
		var cycle tandem.Retention // the longest of any
		var open *int64
		err = r.Scan(&l.account, &a.Partner, &a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours, &cycle.Success, &cycle.Errored, &open)
		in := tandem.Inherit(console[a.Partner], &a, tandem.Retention{})
		of := tandem.Inherit(console[a.Partner], &a, cycle)
		longest := hours(max(in.SuccessHours, in.ErroredHours, of.SuccessHours, of.ErroredHours))
		l.oldest = now.Add(-max(longest, fileGrace))
		if open != nil {
			if began := tandem.TransactionID(*open).Made().Add(-time.Second); began.Before(l.oldest) {
				l.oldest = began
			}
		}
		return l, err
	}, `SELECT a.id, a.partner, a.retain_success_hours, a.retain_errored_hours, c.success, c.errored,
			(SELECT min(id) FROM txn WHERE txn.account = a.id AND txn.status < 10)
		FROM account a LEFT JOIN (SELECT account, max(retain_success_hours) AS success, max(retain_errored_hours) AS errored FROM cycle
			WHERE retain_success_hours IS NOT NULL OR retain_errored_hours IS NOT NULL GROUP BY account) c ON c.account = a.id
		WHERE EXISTS (SELECT 1 FROM file WHERE file.account = a.id)`)
}
