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

// dividing is how far a slice has come with a list that it splits in several commits.
type dividing struct {
	seq  int32 // of the item that has the list
	at   int   // items that have been made children
	list *workflow.List
}

// divide makes children of the list in a recorded item, some at a time, or goes
// on when there is nothing to split.
func (s *slice) divide(ctx context.Context, n *workflow.Node, t task) error {
	source, ok := s.past[t.prev]
	if !ok || source.output == nil {
		return fmt.Errorf("step item %d is not recorded", t.prev)
	}
	if err := s.find(n, t, source.output.Body()); err != nil {
		now := time.Now()
		return s.fail(ctx, n, tandem.StepItem{StepID: n.ID, Prev: t.prev, Attempt: 1, Started: now, Finished: now}, splitProblem(err))
	}
	if s.dividing.list == nil {
		s.pop()
		s.follow(n, source.item.Exit, t.prev)
		return nil
	}
	items := s.take(n, s.dividing.list, *source.item)
	s.children(n, s.dividing.list, items, *source.item)
	if !s.dividing.list.Empty() {
		s.dividing.at += len(items)
		s.top().offset = s.dividing.at
		return s.commit(ctx, tandem.TransactionQueued)
	}
	s.dividing = dividing{}
	s.pop()
	return nil
}

// find goes to the place in the list of an item at which to go on; without a list,
// nothing is to be split.
func (s *slice) find(n *workflow.Node, t task, body []byte) (err error) {
	if s.dividing.list != nil && s.dividing.seq == t.prev && s.dividing.at == t.offset {
		return nil
	}
	s.dividing = dividing{seq: t.prev, at: t.offset}
	if n.Split == tandem.SplitNone || !n.Splittable() {
		return nil
	}
	if s.dividing.list, err = n.List(body); s.dividing.list == nil {
		return err
	}
	for range t.offset {
		s.dividing.list.Next()
	}
	return nil
}

// maxDivision is how many bytes the children of one commit have together, not
// counting the last of them.
const maxDivision = 8 << 20

// take reads the items that become children in one commit: one at least, and no
// more than fit, as each child has all that is around the list, and all before it.
// from is the item whose response the list was in.
func (s *slice) take(n *workflow.Node, l *workflow.List, from tandem.StepItem) (items [][]byte) {
	if l == nil {
		return nil
	}
	shared := l.Rest()
	for _, item := range s.before(n, from) {
		for _, x := range []*tandem.Exchange{item.Request, item.Response} {
			if x != nil {
				shared += len(x.Body)
			}
		}
	}
	for size := 0; size < maxDivision && len(items) < s.options.Children && !l.Empty(); {
		item := l.Next()
		items = append(items, item)
		size += shared + len(item)
	}
	return items
}

// children makes a transaction of each item of a list. from is the item whose
// response it was in.
func (s *slice) children(n *workflow.Node, list *workflow.List, items [][]byte, from tandem.StepItem) {
	if len(items) == 0 {
		return
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
		response := tandem.Exchange{Body: list.Document(item)}
		if from.Response != nil {
			response.Status = from.Response.Status
		}
		s.delta.Children = append(s.delta.Children, journal.NewTxn{
			Account: s.txn.Account, Cycle: s.txn.Cycle, Version: s.txn.Version, Parent: s.txn.ID, Created: now, Frontier: pending, Unlogged: s.Plan.OmitRequests,
			Items: append(before[:len(before):len(before)], tandem.StepItem{
				Seq: seq, Prev: seq - 1, StepID: n.ID, Attempt: 1, Started: from.Started, Finished: from.Finished, Response: &response,
			}),
		})
	}
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
