package run

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// collect takes a page of a timer's trigger. The page's children, its item and
// the place of the next page are one commit. Without splitting, all pages are
// one document, which goes on in this transaction.
func (s *slice) collect(ctx context.Context) (wake time.Time, err error) {
	if err := s.settle(ctx); err != nil {
		return wake, err
	}
	n, now := s.Plan.Trigger, time.Now()
	if s.pages.began.IsZero() {
		s.pages.began = now
	}
	item := tandem.StepItem{StepID: n.ID, Prev: s.seq - 1, Attempt: s.tries + 1, Started: now}
	var next string
	c, err := s.prepare(ctx, n, 0)
	if err == nil {
		next, err = s.page(ctx, n, c, &item)
	}
	if next == "" {
		item.Tasks = 1 // the whole collection is one
	}
	var items []any
	split, doc := false, any(nil)
	if err == nil && n.Split != tandem.SplitNone && n.Splittable() {
		doc = workflow.ParseDocument(item.Response.Body)
		items, split, err = n.Items(doc)
	}
	if err != nil {
		item.Tasks = 1
		return s.recover(ctx, n, item, err)
	}
	s.turned(n, next, item.Finished)
	switch {
	case !split:
		s.follow(n, tandem.ForwardEdge, s.record(item))
	case len(items) <= s.options.Children:
		page := *item.Response
		page.Body = nil // its items are in the children
		item.Response = &page
		s.record(item)
		return wake, s.children(n, doc, items, item)
	default:
		s.push(task{kind: divide, node: n.Index, prev: s.record(item)})
	}
	return wake, nil
}

// page calls for the next page, or without splitting for all of them.
func (s *slice) page(ctx context.Context, n *workflow.Node, c invoke.Call, item *tandem.StepItem) (next string, err error) {
	if n.Split == tandem.SplitNone {
		return "", s.send(ctx, n, c, item)
	}
	c.Page, c.IdempotencyKey = s.pages.next, s.key(n, 0, s.pages.count)
	result, err := s.invoke(ctx, n, c)
	item.Request, item.Response, item.Finished = result.Request, result.Response, time.Now()
	if item.Response == nil {
		item.Response = &tandem.Exchange{}
	}
	return result.Next, err
}

// turned moves on to the next page; after the last one the step has run.
func (s *slice) turned(n *workflow.Node, next string, at time.Time) {
	if next != "" {
		s.called, s.tries, s.warned = true, 0, false
		s.pages.count++
		s.pages.next = next
		return
	}
	s.succeed(n, at)
	s.ran(n, s.pages.began)
	s.pages = collection{}
	s.pop()
}
