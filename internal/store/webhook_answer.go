package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

var (
	// insertAnswer keeps the first answer, and nothing for who is not there any more.
	insertAnswer = bulk.MustParse(`INSERT INTO webhook_answer (account, txn, created_at, data)
		SELECT each.account, each.txn, each.created_at, each.data FROM each(account bigint, txn bigint, created_at bigint, data bytea)
		WHERE EXISTS (SELECT 1 FROM txn t WHERE t.account = each.account AND t.id = each.txn) ORDER BY each.ordinal ON CONFLICT DO NOTHING`)
	deleteAnswers = bulk.MustParse(`DELETE FROM webhook_answer WHERE (account, txn) IN (SELECT each.account, each.txn FROM each(account bigint, txn bigint))`)
)

// answer keeps what transactions tell their callers.
func (b *batch) answer(ctx context.Context) error {
	var inserts [][]any
	for e := range b.deltas {
		at := b.now
		if e.delta.Unlogged {
			at = at.Add(unloggedAnswer - dedupeHours*time.Hour)
		}
		for i := range e.answers {
			inserts = append(inserts, []any{int64(e.delta.Account), int64(e.delta.Answers[i].To), micros(at), e.answers[i]})
		}
	}
	return b.tx.Each(ctx, insertAnswer, inserts, nil)
}

// packAnswers prepares the answers of a delta.
func (s *Store) packAnswers(all []journal.Answer) (packed [][]byte) {
	for i := range all {
		packed = append(packed, s.packer.pack(appendExchanges(nil, nil, &all[i].Response)))
	}
	return packed
}

// answersAtOnce is how many callers one query is about.
const answersAtOnce = 100

// Answers gives, of callers, those for whom there is an answer, or none any more.
func (s *Store) Answers(ctx context.Context, of []journal.Caller) (found []journal.Answered, err error) {
	for len(of) > 0 {
		some := of[:min(len(of), answersAtOnce)]
		of = of[len(some):]
		var places strings.Builder
		args := make([]any, 0, 2*len(some))
		for i, c := range some {
			if i > 0 {
				places.WriteString(", ")
			}
			fmt.Fprintf(&places, "(CAST($%d AS bigint), CAST($%d AS bigint))", 2*i+1, 2*i+2)
			args = append(args, int64(c.Account), int64(c.ID))
		}
		more, err := rows(ctx, s.read(), s.scanAnswered, `SELECT t.account, t.id, t.status, a.data FROM txn t
			LEFT JOIN webhook_answer a ON a.account = t.account AND a.txn = t.id
			WHERE (t.account, t.id) IN (VALUES `+places.String()+`) AND (t.status >= 10 OR a.txn IS NOT NULL)`, args...)
		if err != nil {
			return nil, fmt.Errorf("read answers: %w", err)
		}
		found = append(found, more...)
	}
	return found, nil
}

func (s *Store) scanAnswered(r scanner) (a journal.Answered, err error) {
	var packed []byte
	if err := r.Scan(&a.Account, &a.ID, &a.Status, &packed); err != nil || packed == nil {
		return a, err
	}
	unpacked, err := s.packer.unpack(packed)
	if err != nil {
		return a, err
	}
	_, a.Response, err = parseExchanges(unpacked)
	return a, err
}
