package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Submit makes transactions, all or none of them, in one durable commit that
// it may share with others. The ids are in the order of n: for a key that is
// known the first transaction's; all are 0 if a Cursor had moved. Every n has
// an ID.
//
// Errors: Unavailable, when the database cannot write.
func (s *Store) Submit(ctx context.Context, n []journal.NewTxn) ([]tandem.TransactionID, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e := &entry{done: make(chan struct{})}
	if err := s.encode(ctx, e, n); err != nil {
		return nil, fmt.Errorf("submit: %w", err)
	}
	if err := s.group.put(ctx, s.group.arriving, e); err != nil {
		return nil, err
	}
	<-e.done
	if e.err != nil {
		return nil, fmt.Errorf("submit: %w", e.err)
	}
	return e.ids, nil
}

// Commit makes one change of a transaction durable, all of it or nothing, in a
// commit that it may share with others. Once begun it is not stopped by ctx, so
// that the caller knows what became of it.
//
// Errors: journal.ErrFenced; Unavailable, when the database cannot write.
func (s *Store) Commit(ctx context.Context, d journal.Delta) (journal.Outcome, error) {
	e := &entry{delta: &d, done: make(chan struct{})}
	for i := range d.Children {
		if d.Children[i].Parent == 0 {
			d.Children[i].Parent = d.Txn
		}
	}
	keep := context.WithoutCancel(ctx) // as the commit is not stopped either
	err := s.encode(keep, e, d.Children)
	if err == nil {
		e.items, err = s.itemRows(keep, e.items, d.Account, d.Txn, d.Items)
	}
	d.Frontier, e.answers = s.packer.pack(d.Frontier), s.packAnswers(d.Answers)
	e.size += len(d.Frontier)
	if err == nil {
		err = s.group.send(ctx, e)
	}
	if err == nil {
		<-e.done
		err = e.err
	}
	if err != nil {
		return journal.Outcome{}, fmt.Errorf("commit transaction %s: %w", d.Txn, err)
	}
	if len(d.Incidents) > 0 {
		s.incidentsCame.ring()
	}
	return e.outcome, nil
}

// entry is a submission, a delta or a suspicion on its way into a commit.
type entry struct {
	suspect         key
	more, suspicion int     // how much more to suspect it, and how much that makes
	claim           *ticket // nil: it is no claim
	epoch           int64   // after a claim

	delta *journal.Delta // nil: a submission or a suspicion
	made  []made         // the submission's transactions, or the delta's children
	items [][]any        // rows of the delta's step items
	size  int            // bytes, roughly

	answers [][]byte // the delta's, packed

	ids     []tandem.TransactionID
	outcome journal.Outcome
	err     error
	done    chan struct{}
}

// made is a new transaction as rows.
type made struct {
	*journal.NewTxn
	txn   []any
	items [][]any
}

// encode does what needs no database, and so is done by the caller and not by
// the one goroutine that commits.
func (s *Store) encode(ctx context.Context, e *entry, n []journal.NewTxn) (err error) {
	now := time.Now()
	e.made = make([]made, len(n))
	for i := range n {
		m := made{NewTxn: &n[i]}
		if m.Created.IsZero() {
			m.Created = now
		}
		if m.items, err = s.itemRows(ctx, nil, m.Account, m.ID, m.Items); err != nil {
			return err
		}
		frontier := s.packer.pack(m.Frontier)
		tasks, errors := count(m.Items)
		m.txn = []any{int64(m.Account), int64(m.ID), string(m.Cycle), m.Version, int64(m.Parent), nextSeq(m.Items), tasks, errors, micros(m.Created), int64(m.Repeats), flag(m.Unlogged), m.Received, frontier}
		e.made[i] = m
		e.size += len(frontier) + size(m.items)
	}
	return nil
}

// itemRows appends the rows of items, and saves what is too long for one.
func (s *Store) itemRows(ctx context.Context, rows [][]any, a tandem.AccountID, txn tandem.TransactionID, items []tandem.StepItem) ([][]any, error) {
	for i := range items {
		it := &items[i]
		packed := s.packer.packExchanges(it.Request, it.Response)
		at, data, err := s.putBlob(ctx, blob{account: a, txn: txn, seq: it.Seq}, packed)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{
			int64(a), int64(txn), int64(it.Seq), int64(it.Prev), string(it.StepID), int64(it.Attempt), int64(it.Outcome),
			string(it.Exit), it.Message, int64(it.Tasks), micros(it.Started), micros(it.Finished), int64(at), data,
		})
	}
	return rows, nil
}

// size is roughly the bytes of item rows: their data, the last value.
func size(rows [][]any) (n int) {
	for _, r := range rows {
		n += len(r[len(r)-1].([]byte))
	}
	return n
}

func count(items []tandem.StepItem) (tasks, errors int64) {
	for i := range items {
		tasks += int64(items[i].Tasks)
		if items[i].Outcome == tandem.OutcomeError {
			errors++
		}
	}
	return tasks, errors
}

// nextSeq is the number for the item after items, of which there may be none.
func nextSeq(items []tandem.StepItem) int64 {
	next := int64(1)
	for i := range items {
		next = max(next, int64(items[i].Seq)+1)
	}
	return next
}

// flag is a truth as a column of numbers has it.
func flag(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// unavailable is a failure to write that is not the caller's.
func unavailable(err error) error {
	return &tandem.Error{Code: tandem.Unavailable, Message: "The data could not be saved. Try again shortly.", RetryAfter: 5 * time.Second, Err: err}
}
