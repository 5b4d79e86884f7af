package run

import (
	"context"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// read looks for the list to split in a page, or in all of them together, where
// they are made one document: because nothing is split, or scripts see them so.
// There is no list: nothing is to be split.
func (s *slice) read(ctx context.Context, n *workflow.Node, r *invoke.Result, item *tandem.StepItem) (*workflow.List, error) {
	splits := s.splits(n)
	if whole := !splits || n.Gathers; whole && s.pages.count > 0 {
		if err := s.gather(ctx, n, r, item); err != nil {
			return nil, err
		}
	}
	if !splits || n.Gathers && r.Next != "" {
		return nil, nil
	}
	return n.List(item.Response.Body)
}

// gather makes one document of all pages, when the last has come, and lets scripts
// end the call with it.
func (s *slice) gather(ctx context.Context, n *workflow.Node, r *invoke.Result, item *tandem.StepItem) error {
	before := s.taken()
	err := s.small(before, item)
	if err == nil && r.Next == "" {
		err = s.join(n, before, item)
	}
	if n.Method.PagingOut != nil && errors.As(err, new(*invoke.Error)) {
		err = nil // what was sent was sent: the last answer is the step's
	}
	if err != nil || r.Next != "" || r.Whole == "" {
		return err
	}
	c, err := s.prepare(ctx, n, item.Prev)
	if err != nil {
		return err
	}
	c.Page, c.Collected = r.Whole, item.Response.Body
	if *r, err = s.invoker.Call(ctx, s.txn.Account, s.Connectors[n.Ref], c); r.Response != nil {
		whole := *item.Response
		whole.Body = r.Response.Body
		item.Response = &whole
	}
	return err
}

// splits says that a step's data becomes children.
func (s *slice) splits(n *workflow.Node) bool {
	if n != s.Plan.Trigger {
		return n.Split == tandem.SplitAll && n.Splittable()
	}
	return n.Split != tandem.SplitNone && n.Splittable()
}

// taken are the pages that are recorded. Nothing comes between them but attempts
// that failed.
func (s *slice) taken() []past {
	all := make([]past, s.pages.count)
	for i, seq := len(all)-1, s.seq-1; i >= 0 && seq > 0; seq-- {
		if p := s.past[seq]; p.item == nil || p.item.Outcome == tandem.OutcomeSuccess {
			all[i] = p
			i--
		}
	}
	return all
}

// small checks that pages can be one document.
func (s *slice) small(before []past, item *tandem.StepItem) error {
	size := len(item.Response.Body)
	for _, p := range before {
		if p.item == nil || p.item.Response == nil {
			return errFrontier
		}
		size += len(p.item.Response.Body)
	}
	if size > s.options.Pages {
		return &invoke.Error{Kind: invoke.Format, Short: tandem.IncidentNotExpected, Detail: fmt.Sprintf("The pages have more than %d bytes together.", s.options.Pages)}
	}
	return nil
}

// join puts the items of all pages into the document of the first. Answers to parts
// that have no list do not make one: there the last is the step's.
func (s *slice) join(n *workflow.Node, before []past, item *tandem.StepItem) error {
	var all []any
	add := func(doc any) bool {
		items, ok, err := n.Items(doc)
		all = append(all, items...)
		return ok && err == nil
	}
	for _, p := range before {
		if !add(p.output.Document()) {
			return nil
		}
	}
	if !add(workflow.ParseDocument(item.Response.Body)) {
		return nil
	}
	body, err := encode(n.Item(before[0].output.Document(), all))
	whole := *item.Response
	whole.Body = body
	item.Response = &whole
	return err
}
