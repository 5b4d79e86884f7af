package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// toldName is the sequence with the incident up to which all have been told of.
const toldName = "incident told"

// Untold lists the first n incidents that nobody has been told of, of accounts that
// are there, and up to which of all that is; from is where it began. Ids of
// incidents are given in the order of their commits, so none comes before them
// later. The version of one whose transaction is none, or not kept, is the cycle's
// of now.
func (s *Store) Untold(ctx context.Context, n int) (all []tandem.AccountIncident, from, to int64, err error) {
	if err = s.read().QueryRowContext(ctx, `SELECT value FROM sequence WHERE name = $1`, toldName).Scan(&from); err != nil {
		return nil, 0, 0, fmt.Errorf("read up to where incidents are told of: %w", err)
	}
	all, err = rows(ctx, s.read(), scanAccountIncident, `SELECT i.account, i.id, i.cycle, i.txn, i.step, i.level, i.short, i.full_text, i.created_at, i.item,
			COALESCE((SELECT t.version FROM txn t WHERE t.account = i.account AND t.id = i.txn),
				(SELECT c.version FROM cycle c WHERE c.account = i.account AND c.id = i.cycle), 0),
			COALESCE((SELECT c.name FROM cycle c WHERE c.account = i.account AND c.id = i.cycle), '')
		FROM incident i WHERE i.id > $1 ORDER BY i.id LIMIT $2`, from, n)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("read incidents: %w", err)
	}
	to = from
	if len(all) > 0 {
		to = int64(all[len(all)-1].ID)
	}
	return all, from, to, nil
}

func scanAccountIncident(r scanner) (i tandem.AccountIncident, err error) {
	var created int64
	err = r.Scan(&i.Account, &i.ID, &i.CycleID, &i.TransactionID, &i.StepID, &i.IncidentLevel, &i.ShortMessage, &i.FullMessage, &created, &i.Item, &i.Version, &i.CycleName)
	i.Created = instant(created)
	return i, err
}

// NoticeRoom is how many more notices of incidents may wait for a receiver: an
// account's own, or with 0 the partner's.
func (s *Store) NoticeRoom(ctx context.Context, p tandem.PartnerID, own tandem.AccountID) (int, error) {
	var queued int
	err := s.read().QueryRowContext(ctx, `SELECT COALESCE(max(queued), 0) FROM notice_receiver WHERE partner = $1 AND account = $2 AND kind = $3`, p, own, tandem.ErrorNotice).Scan(&queued)
	if err != nil {
		return 0, fmt.Errorf("count what waits for a receiver of partner %d: %w", p, err)
	}
	return max(tandem.NoticeBacklog-queued, 0), nil
}

// Tell queues notices of the incidents up to to, unless another has done so since
// they were read from from on: then it does nothing, and says so.
func (s *Store) Tell(ctx context.Context, from, to int64, notices []tandem.Notice) (done bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE sequence SET value = $3 WHERE name = $1 AND value = $2`, toldName, from, to)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if done = n == 1; err != nil || !done {
			return err
		}
		return s.queueNotices(ctx, tx, notices)
	})
	if err != nil {
		return false, fmt.Errorf("queue notices: %w", err)
	}
	if done && len(notices) > 0 {
		s.noticesCame.ring()
	}
	return done, nil
}

// queueNotices queues notices, of each receiver in their order, as far as there is
// room; the others are counted.
func (s *Store) queueNotices(ctx context.Context, tx *sql.Tx, all []tandem.Notice) error {
	byReceiver := func(x, y tandem.Notice) int {
		return cmp.Or(cmp.Compare(x.Partner, y.Partner), cmp.Compare(x.Receiver, y.Receiver), cmp.Compare(x.Kind, y.Kind))
	}
	slices.SortStableFunc(all, byReceiver) // nodes wait for each other, and not in a ring
	for len(all) > 0 {
		n := 1
		for n < len(all) && byReceiver(all[0], all[n]) == 0 {
			n++
		}
		if err := s.queueFor(ctx, tx, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// queueFor queues notices for one receiver.
func (s *Store) queueFor(ctx context.Context, tx *sql.Tx, all []tandem.Notice) error {
	of, now := all[0], micros(all[0].Created)
	var queued int
	err := tx.QueryRowContext(ctx, `INSERT INTO notice_receiver (partner, account, kind, queued, skipped, failures, reason, next_at, leased_until, delivered_at)
		VALUES ($1, $2, $3, 0, 0, 0, '', $4, 0, 0) ON CONFLICT (partner, account, kind) DO UPDATE SET kind = excluded.kind RETURNING queued`,
		of.Partner, of.Receiver, of.Kind, now).Scan(&queued)
	if err != nil {
		return err
	}
	room := max(tandem.NoticeBacklog-queued, 0)
	skipped := max(len(all)-room, 0)
	all = all[:len(all)-skipped]
	for _, n := range all {
		_, err := tx.ExecContext(ctx, `INSERT INTO notice (id, partner, account, receiver, kind, cycle, txn, message, state, attempts, status, reason, created_at, next_at, ended_at, payload)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', $10, $10, 0, $11)`,
			n.ID, n.Partner, n.Account, n.Receiver, n.Kind, n.CycleID, n.TransactionID, n.Message, tandem.NoticeQueued, micros(n.Created), s.packer.pack(n.Payload))
		if err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE notice_receiver SET queued = queued + $4, skipped = skipped + $5,
			next_at = CASE WHEN failures = 0 AND next_at > $6 THEN $6 ELSE next_at END
		WHERE partner = $1 AND account = $2 AND kind = $3`, of.Partner, of.Receiver, of.Kind, len(all), skipped, now)
	return err
}

// stopNotice queues a notice of a cycle that an error has stopped, in the commit
// that stops it, if its partner wants to know.
func (s *Store) stopNotice(ctx context.Context, tx *sql.Tx, c *tandem.Cycle) error {
	var p tandem.PartnerID
	var document []byte
	err := tx.QueryRowContext(ctx, `SELECT p.id, p.settings FROM account a JOIN partner p ON p.id = a.partner WHERE a.id = $1`, c.Account).Scan(&p, &document)
	if err != nil {
		return err
	}
	set, err := decodeSettings(document)
	if err != nil || set.Notice.NotificationWebhookURL == nil {
		return err
	}
	n, err := tandem.NewStopNotice(p, c, time.Now())
	if err != nil {
		return err
	}
	return s.queueNotices(ctx, tx, []tandem.Notice{n})
}
