package store

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// Notices lists those of a partner, newest first.
func (s *Store) Notices(ctx context.Context, p tandem.PartnerID, f tandem.NoticeFilter) (tandem.Page[tandem.Notice], error) {
	c := &conditions{}
	c.add("n.partner = ", p)
	if f.Account != 0 {
		c.add("n.account = ", f.Account)
	}
	if f.Kind != "" {
		c.add("n.kind = ", f.Kind)
	}
	if f.State != "" {
		c.add("n.state = ", f.State)
	}
	if !f.After.IsZero() {
		c.add("n.created_at >= ", micros(f.After))
	}
	if !f.Before.IsZero() {
		c.add("n.created_at < ", micros(f.Before))
	}
	show := func(r scanner) (tandem.Notice, error) {
		var apiID string
		n, err := scanNotice(r, &apiID)
		n.AccountID = apiID
		return n, err
	}
	found, err := page(ctx, s.read(), show, noticeColumns+`, COALESCE(a.api_id, '')`, `notice n LEFT JOIN account a ON a.id = n.account`, c,
		orders{"": {"n.created_at DESC", "n.id DESC"}, "CreatedOnUtc": {"n.created_at", "n.id"}}, f.PageRequest)
	if err != nil {
		return found, fmt.Errorf("list notices of partner %d: %w", p, err)
	}
	return found, nil
}

// Receivers lists those of a partner, its own first.
func (s *Store) Receivers(ctx context.Context, p tandem.PartnerID, r tandem.PageRequest) (tandem.Page[tandem.Receiver], error) {
	c := &conditions{}
	c.add("n.partner = ", p)
	show := func(r scanner) (to tandem.Receiver, err error) {
		var next, delivered int64
		err = r.Scan(&to.Partner, &to.Account, &to.Kind, &to.Queued, &to.Skipped, &to.Failures, &to.Reason, &next, &delivered, &to.AccountID)
		if to.Delivered = instant(delivered); to.Queued > 0 {
			to.Next = instant(next)
		}
		return to, err
	}
	found, err := page(ctx, s.read(), show, `n.partner, n.account, n.kind, n.queued, n.skipped, n.failures, n.reason, n.next_at, n.delivered_at, COALESCE(a.api_id, '')`,
		`notice_receiver n LEFT JOIN account a ON a.id = n.account`, c, orders{"": {"n.account", "n.kind"}, "Queued": {"n.queued", "n.account", "n.kind"}}, r)
	if err != nil {
		return found, fmt.Errorf("list receivers of partner %d: %w", p, err)
	}
	return found, nil
}
