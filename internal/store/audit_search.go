package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

const auditColumns = `seq, at, actor_type, actor_id, actor, account_id, account, action, object, sent, outcome, reason, alike, request, address, hash`

// auditTexts is all of an entry that a person would look for.
const auditTexts = `lower(actor || ' ' || account_id || ' ' || account || ' ' || action || ' ' || object || ' ' || sent || ' ' || reason || ' ' || address || ' ' || request)`

// scanAudit reads an entry, with its hash as bytes beside it.
func scanAudit(r scanner) (e chained, err error) {
	var at int64
	err = r.Scan(&e.ID, &at, &e.ActorType, &e.ActorID, &e.Actor, &e.AccountID, &e.Account, &e.Action, &e.Object, &e.Sent, &e.Outcome, &e.Reason,
		&e.Count, &e.RequestID, &e.Address, &e.hash)
	e.Created, e.Hash = instant(at), hex.EncodeToString(e.hash)
	return e, err
}

// chained is an entry as the database has it.
type chained struct {
	tandem.AuditEntry
	hash []byte
}

// span is the part of a partner's log that a search is about.
type span struct {
	first, last int64
	matching    *conditions // of the columns with an index
	containing  *conditions // of texts, with the arguments of both
}

// spanOf narrows a log by time first: times never go back, so that is a range of
// places.
func (s *Store) spanOf(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter) (span, error) {
	at := span{first: 1, matching: &conditions{}}
	err := s.read().QueryRowContext(ctx, `SELECT seq FROM audit_head WHERE partner = $1`, p).Scan(&at.last)
	if err == nil && !f.After.IsZero() {
		at.first, err = s.firstAfter(ctx, p, micros(f.After), at.last+1)
	}
	if err == nil && !f.Before.IsZero() {
		at.last, err = s.firstAfter(ctx, p, micros(f.Before), at.last+1)
		at.last--
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return at, fmt.Errorf("search the audit log of partner %d: %w", p, err)
	}
	at.matching.add("partner = ", p)
	at.matching.add("seq >= ", at.first)
	at.matching.add("seq <= ", at.last)
	for column, want := range map[string]string{"actor": f.Actor, "actor_id": f.ActorID, "action": f.Action} {
		if want != "" {
			at.matching.add(column+" = ", want)
		}
	}
	if f.Account != "" {
		at.matching.in("account_id", tandem.SpellAPIID(f.Account))
	}
	at.containing = &conditions{args: at.matching.args}
	if f.Object != "" {
		at.containing.like("lower(object)", f.Object)
	}
	if f.Text != "" {
		at.containing.like(auditTexts, f.Text)
	}
	return at, nil
}

// firstAfter is the place of the first entry from a time on; end if there is none.
func (s *Store) firstAfter(ctx context.Context, p tandem.PartnerID, from, end int64) (seq int64, err error) {
	err = s.read().QueryRowContext(ctx, `SELECT seq FROM audit WHERE partner = $1 AND at >= $2 ORDER BY at, seq LIMIT 1`, p, from).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return end, nil
	}
	return seq, err
}

// from is where the entries are found, and the arguments for it.
func (at span) from() (text string, args []any) {
	if len(at.containing.all) == 0 {
		return ` FROM audit` + at.matching.where(), at.matching.args
	}
	return fmt.Sprintf(` FROM (SELECT * FROM audit%s ORDER BY seq DESC LIMIT %d) AS newest%s`, at.matching.where(), tandem.AuditTextDepth, at.containing.where()), at.containing.args
}

// Where the arguments have the first and the last place.
const (
	firstArg = 1
	lastArg  = 2
)

// whole says that all entries in the span are found.
func (at span) whole() bool { return len(at.containing.args) == lastArg+1 }

var auditOrders = orders{"": {"seq DESC"}, "CreatedOnUtc": {"seq"}}

// among is where the page r of a list that is total long is, counted from the
// newest on, whichever way round it is wanted.
func among(r tandem.PageRequest, total int) (offset, limit int) {
	offset, limit = r.Offset(), r.Limit()
	if r.Rises() {
		limit = max(min(limit, total-offset), 0)
		offset = max(total-offset-limit, 0)
	}
	return offset, limit
}

// SearchAudit finds entries, the newest first. Errors: Invalid (OrderBy).
func (s *Store) SearchAudit(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter) (page tandem.Page[tandem.AuditEntry], err error) {
	by, err := auditOrders.by(f.PageRequest)
	if err != nil {
		return page, err
	}
	at, err := s.spanOf(ctx, p, f)
	if err != nil {
		return page, err
	}
	from, args := at.from()
	if page.Total = int(max(at.last-at.first+1, 0)); !at.whole() {
		if err := s.read().QueryRowContext(ctx, `SELECT count(*)`+from, args...).Scan(&page.Total); err != nil {
			return page, fmt.Errorf("count audit entries: %w", err)
		}
	}
	offset, limit := among(f.PageRequest, page.Total)
	if at.whole() { // the places are known
		args[lastArg], offset = at.last-int64(offset), 0
	}
	places := fmt.Sprintf(`SELECT seq%s ORDER BY seq DESC LIMIT %d OFFSET %d`, from, limit, offset)
	found, err := rows(ctx, s.read(), scanAudit, `SELECT `+auditColumns+` FROM audit WHERE partner = $1 AND seq IN (`+places+`)`+by, args...)
	if err != nil {
		return page, fmt.Errorf("search the audit log: %w", err)
	}
	page.Rows = make([]tandem.AuditEntry, len(found))
	for i, e := range found {
		page.Rows[i] = e.AuditEntry
	}
	return page, nil
}

// auditBatch is how many entries are read at once.
const auditBatch = 1000

// EachAudit calls do with all that f finds, the newest first. What is appended
// meanwhile is not among it. Errors: Invalid (OrderBy).
func (s *Store) EachAudit(ctx context.Context, p tandem.PartnerID, f tandem.AuditFilter, do func(tandem.AuditEntry) error) error {
	by, err := auditOrders.by(f.PageRequest)
	if err != nil {
		return err
	}
	at, err := s.spanOf(ctx, p, f)
	if err != nil {
		return err
	}
	c := &conditions{all: append(at.matching.all, at.containing.all...), args: at.containing.args}
	for more := true; more; {
		c.args[firstArg], c.args[lastArg] = at.first, at.last
		found, err := rows(ctx, s.read(), scanAudit, fmt.Sprintf(`SELECT %s FROM audit%s%s LIMIT %d`,
			auditColumns, c.where(), by, auditBatch), c.args...)
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		for _, e := range found {
			if err := do(e.AuditEntry); err != nil {
				return err
			}
			if f.Rises() {
				at.first = e.ID + 1
			} else {
				at.last = e.ID - 1
			}
		}
		more = len(found) == auditBatch
	}
	return nil
}
