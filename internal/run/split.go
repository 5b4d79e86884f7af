package run

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// divide makes children of the list in a recorded item, some at a time, or goes
// on when there is nothing to split.
func (s *slice) divide(ctx context.Context, n *workflow.Node, t task) error {
	source, ok := s.past[t.prev]
	if !ok || source.output == nil {
		return fmt.Errorf("step item %d is not recorded", t.prev)
	}
	var items []any
	split := false
	if n.Split != tandem.SplitNone && n.Splittable() {
		var err error
		if items, split, err = n.Items(source.output.Document()); err != nil {
			now := time.Now()
			return s.fail(ctx, n, tandem.StepItem{StepID: n.ID, Prev: t.prev, Attempt: 1, Started: now, Finished: now}, problem{tandem.IncidentNotSplit, err.Error()})
		}
	}
	if !split {
		s.pop()
		s.follow(n, source.item.Exit, t.prev)
		return nil
	}
	end := min(t.offset+s.options.Children, len(items))
	if err := s.children(n, source.output.Document(), items[min(t.offset, end):end], *source.item); err != nil {
		return err
	}
	if end < len(items) {
		s.top().offset = end
		return s.commit(ctx, tandem.TransactionQueued)
	}
	s.pop()
	return nil
}

// children makes a transaction of each item. from is the item whose response
// they were in.
func (s *slice) children(n *workflow.Node, doc any, items []any, from tandem.StepItem) error {
	if len(items) == 0 {
		return nil
	}
	s.parent = true
	before := s.before(n, from)
	seq := int32(len(before)) + 1
	next := frontier{tasks: successors(n, from.Exit, seq)}
	if s.Plan.Answers {
		next.requests.caller = s.callers()
	}
	pending := next.encode()
	now := time.Now()
	for _, item := range items {
		body, err := encode(n.Item(doc, item))
		if err != nil {
			return err
		}
		response := tandem.Exchange{Body: body}
		if from.Response != nil {
			response.Status = from.Response.Status
		}
		s.delta.Children = append(s.delta.Children, journal.NewTxn{
			Account: s.txn.Account, Cycle: s.txn.Cycle, Version: s.txn.Version, Parent: s.txn.ID, Created: now, Frontier: pending,
			Items: append(before[:len(before):len(before)], tandem.StepItem{
				Seq: seq, Prev: seq - 1, StepID: n.ID, Attempt: 1, Started: from.Started, Finished: from.Finished, Response: &response,
			}),
		})
	}
	return nil
}

// before copies the items on the path to from, numbered from 1, without tasks:
// those are the parent's. What is split at the trigger has nothing before it.
func (s *slice) before(n *workflow.Node, from tandem.StepItem) []tandem.StepItem {
	if n == s.Plan.Trigger {
		return nil
	}
	var path []tandem.StepItem
	for seq := from.Prev; seq > 0; seq = s.past[seq].item.Prev {
		path = append(path, *s.past[seq].item)
	}
	slices.Reverse(path)
	for i := range path {
		path[i].Seq, path[i].Prev, path[i].Tasks = int32(i)+1, int32(i), 0
	}
	return path
}

// encode writes a document as JSON, leaving text as it is.
func encode(doc any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode a document: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
