package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

var (
	insertCall = bulk.MustParse(`INSERT INTO api_call (account, id, partner, method, path, operation, status, took, actor_type, actor, address, request, alike) SELECT each.*
		FROM each(account bigint, id bigint, partner bigint, method text, path text, operation text, status bigint, took bigint, actor_type text, actor text,
			address text, request text, alike bigint) WHERE true ON CONFLICT DO NOTHING`)
	insertRequest = bulk.MustParse(`INSERT INTO webhook_request (account, id, cycle, step, method, status, reason, bytes, took, txn, address, alike) SELECT each.*
		FROM each(account bigint, id bigint, cycle text, step text, method text, status bigint, reason text, bytes bigint, took bigint, txn bigint, address text,
			alike bigint) WHERE true ON CONFLICT DO NOTHING`)
)

// AppendCalls writes lines of the API log, in one commit.
func (s *Store) AppendCalls(ctx context.Context, all []tandem.APICall) error {
	lines := make([][]any, len(all))
	for i, c := range all {
		lines[i] = []any{
			int64(c.Account), int64(c.ID), int64(c.Partner), c.Method, c.Path, c.Operation, int64(c.Status), int64(c.Milliseconds), string(c.ActorType), c.ActorID,
			c.Address, c.RequestID, int64(c.Count),
		}
	}
	return s.appendLines(ctx, "API log", insertCall, lines)
}

// AppendRequests writes lines of webhook logs, in one commit.
func (s *Store) AppendRequests(ctx context.Context, all []tandem.WebhookRequest) error {
	lines := make([][]any, len(all))
	for i, r := range all {
		took := 0
		if r.Milliseconds != nil {
			took = *r.Milliseconds
		}
		lines[i] = []any{
			int64(r.Account), int64(r.ID), string(r.CycleID), string(r.StepID), r.Method, int64(r.Status), r.Reason, int64(r.Bytes), int64(took),
			int64(r.TransactionID), r.Address, int64(r.Count),
		}
	}
	return s.appendLines(ctx, "webhook log", insertRequest, lines)
}

func (s *Store) appendLines(ctx context.Context, what string, st *bulk.Statement, lines [][]any) error {
	err := s.dialect.Batch(ctx, func(tx bulk.Tx) error { return tx.Each(ctx, st, lines, nil) })
	if err != nil {
		return fmt.Errorf("append to the %s: %w", what, err)
	}
	return nil
}

// ExpireTraffic deletes, in small commits, the lines of logs that are older than
// records of errors are kept: in their account, or, of what was done in none, by
// default in any of the partner's.
func (s *Store) ExpireTraffic(ctx context.Context, now time.Time) error {
	console, err := s.accountDefaults(ctx)
	if err != nil {
		return fmt.Errorf("read retention: %w", err)
	}
	for p, of := range console {
		kept := tandem.Inherit(of, &tandem.Account{Partner: p}, tandem.Retention{})
		err := s.expireLines(ctx, `api_call`, `account = 0 AND partner = $1`, p, now.Add(-hours(kept.ErroredHours)))
		if err != nil {
			return fmt.Errorf("expire the API log of partner %d: %w", p, err)
		}
	}
	for _, table := range []string{"api_call", "webhook_request"} {
		if err := s.expireTable(ctx, table, console, now); err != nil {
			return err
		}
	}
	return nil
}

// logged is an account with lines, and for how long they are kept.
type logged struct {
	account tandem.AccountID
	hours   int
}

func (s *Store) expireTable(ctx context.Context, table string, console map[tandem.PartnerID]tandem.AccountDefaults, now time.Time) error {
	all, err := rows(ctx, s.read(), func(r scanner) (l logged, err error) {
		var a tandem.Account
		err = r.Scan(&l.account, &a.Partner, &a.StepDataSuccessRetentionHours, &a.StepDataErroredRetentionHours)
		l.hours = tandem.Inherit(console[a.Partner], &a, tandem.Retention{}).ErroredHours
		return l, err
	}, `SELECT a.id, a.partner, a.retain_success_hours, a.retain_errored_hours FROM account a WHERE EXISTS (SELECT 1 FROM `+table+` l WHERE l.account = a.id)`)
	if err != nil {
		return fmt.Errorf("find accounts with lines of %s: %w", table, err)
	}
	for _, l := range all {
		if err := s.expireLines(ctx, table, `account = $1`, l.account, now.Add(-hours(l.hours))); err != nil {
			return fmt.Errorf("expire %s of account %d: %w", table, l.account, err)
		}
	}
	return nil
}

// expireLines deletes the lines of an owner from before a time.
func (s *Store) expireLines(ctx context.Context, table, of string, owner any, before time.Time) error {
	return s.repeat(ctx, `DELETE FROM `+table+` WHERE (account, id) IN (SELECT account, id FROM `+table+` WHERE `+of+` AND id < $2 ORDER BY id LIMIT $3)`,
		owner, firstID(before), expireBatch)
}

// firstID is the first of the time-ordered ids of a time: of transactions, and of lines.
func firstID(t time.Time) int64 { return max(0, t.UnixMilli()-tandem.EpochMillis) << 22 }
