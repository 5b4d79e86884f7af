package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// parked is true of transactions that wait for nothing but requests, at $3. Others
// do not wait for them.
const parked = `(t.status = 1 AND t.wake_at > $3 AND EXISTS (SELECT 1 FROM webhook_match m WHERE m.account = t.account AND m.txn = t.id))`

// The transactions that have turns: those that nothing of the same cycle was split
// into, and then the parts of one. What goes on from a request is by itself.
const (
	oldestRoot = `SELECT t.id, t.status, t.wake_at, t.epoch FROM txn t WHERE t.account = $1 AND t.cycle = $2 AND t.status < 10 AND t.id > $4 AND t.id <= $5
		AND t.epoch >= $6 AND NOT ` + parked + ` AND NOT EXISTS (SELECT 1 FROM txn p WHERE t.parent > 0 AND p.account = t.account AND p.id = t.parent
			AND p.cycle = t.cycle AND p.status < 10 AND NOT EXISTS (SELECT 1 FROM webhook_match m WHERE m.account = p.account AND m.txn = p.id))
		ORDER BY t.id LIMIT 1`
	oldestPart = `SELECT t.id, t.status, t.wake_at, t.epoch FROM txn t WHERE t.account = $1 AND t.cycle || '' = $2 AND t.status < 10 AND t.id > $4 AND t.parent = $5
		AND t.parent > 0 AND NOT ` + parked + ` ORDER BY t.id LIMIT 1`
	openCycles = `WITH RECURSIVE open (cycle) AS (
		SELECT (SELECT cycle FROM txn WHERE account = $1 AND status < 10 ORDER BY cycle LIMIT 1)
		UNION ALL SELECT (SELECT cycle FROM txn WHERE account = $1 AND status < 10 AND cycle > open.cycle ORDER BY cycle LIMIT 1) FROM open WHERE open.cycle IS NOT NULL)
	SELECT cycle FROM open WHERE cycle IS NOT NULL`
)

// skew is by how much the clocks of nodes may differ, in ids: what has begun goes
// before what arrived so little earlier, and has not.
const skew = tandem.TransactionID(100 << 22)

// everything is above all ids.
const everything = tandem.TransactionID(1<<63 - 1)

// candidate is a transaction that may have its turn.
type candidate struct {
	id     tandem.TransactionID
	status tandem.TransactionStatus
	wake   time.Time
	epoch  int64
}

func scanCandidate(r scanner) (o candidate, err error) {
	var wake int64
	err = r.Scan(&o.id, &o.status, &wake, &o.epoch)
	o.wake = instant(wake)
	return o, err
}

// Turn says which transaction of a cycle may run where one runs after the other,
// from its beginning to its end with all its parts, in the order of arrival; root is
// the one that it is a part of, or itself. begun is the root that had its turn
// before, if one is known, which comes to its end first. An id of 0 says that none
// may: whose turn it is waits, or there is none.
func (s *Store) Turn(ctx context.Context, of journal.Cycle, begun tandem.TransactionID) (id, root tandem.TransactionID, err error) {
	t := turns{s: s, of: of, now: time.Now()}
	if begun != 0 {
		if id, ok, err := t.root(ctx, begun); ok || err != nil {
			return id, begun, err
		}
	}
	return t.first(ctx)
}

// first finds the first root that others wait for.
func (t turns) first(ctx context.Context) (id, root tandem.TransactionID, err error) {
	for after := tandem.TransactionID(0); ; {
		r, err := t.oldest(ctx, oldestRoot, after, everything, 0)
		if err != nil || r.id == 0 {
			return 0, 0, err
		}
		after = r.id
		if r, err = t.begun(ctx, r); err != nil {
			return 0, 0, err
		}
		if id, ok, err := t.within(ctx, r); ok || err != nil {
			return id, r.id, err
		}
	}
}

// turns looks for whose turn it is.
type turns struct {
	s      *Store
	of     journal.Cycle
	now    time.Time
	shared bool // by nodes, whose clocks differ
}

func (t turns) oldest(ctx context.Context, query string, after tandem.TransactionID, args ...any) (candidate, error) {
	o, err := scanCandidate(t.s.read().QueryRowContext(ctx, query, append([]any{t.of.Account, t.of.ID, micros(t.now), after}, args...)...))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("whose turn it is in cycle %s: %w", t.of.ID, err)
	}
	return o, err
}

// root looks at one root, if it is one still; ok says that the others wait for it.
func (t turns) root(ctx context.Context, root tandem.TransactionID) (id tandem.TransactionID, ok bool, err error) {
	r, err := t.oldest(ctx, oldestRoot, root-1, root, 0)
	if err != nil || r.id == 0 {
		return 0, false, err
	}
	return t.within(ctx, r)
}

// within finds what may run of a transaction; ok says that others wait for it.
func (t turns) within(ctx context.Context, o candidate) (id tandem.TransactionID, ok bool, err error) {
	switch {
	case o.status == tandem.TransactionQueued, o.status == tandem.TransactionWaiting && !o.wake.After(t.now):
		return o.id, true, nil
	case o.status != tandem.TransactionSplit:
		return 0, true, nil
	}
	for after := tandem.TransactionID(0); ; {
		part, err := t.oldest(ctx, oldestPart, after, o.id)
		if err != nil || part.id == 0 {
			return 0, false, err // all that is left waits for requests
		}
		if id, ok, err := t.within(ctx, part); ok || err != nil {
			return id, ok, err
		}
		after = part.id
	}
}

// begun is the root that was begun by a node whose clock is ahead, rather than r,
// which none has begun.
func (t turns) begun(ctx context.Context, r candidate) (candidate, error) {
	if !t.shared || r.epoch > 0 {
		return r, nil
	}
	early, err := t.oldest(ctx, oldestRoot, r.id, r.id+skew, 1)
	if err != nil || early.id == 0 {
		return r, err
	}
	return early, nil
}

// Next is the oldest transaction of an account that has its turn in its cycle (see
// Turn), and can go on; 0: none.
func (s *Store) Next(ctx context.Context, a tandem.AccountID) (next tandem.TransactionID, err error) {
	cycles, err := rows(ctx, s.read(), scanID[tandem.CycleID], openCycles, a)
	if err != nil {
		return 0, fmt.Errorf("cycles of account %d that run: %w", a, err)
	}
	for _, c := range cycles {
		t := turns{s: s, of: journal.Cycle{Account: a, ID: c}, now: time.Now(), shared: true}
		id, _, err := t.first(ctx)
		if err != nil {
			return 0, err
		}
		if id != 0 && (next == 0 || id < next) {
			next = id
		}
	}
	return next, nil
}
