package run

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// call calls a step's method; of one that has pages, or sends a long list in
// parts, for the next of them. That and the place of the one after it are one
// commit, with the children that its items become where they are split.
func (s *slice) call(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	if err := s.settle(ctx); err != nil {
		return wake, err
	}
	now := time.Now()
	if s.pages.began.IsZero() {
		s.pages.began = now
	}
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: s.tries + 1, Started: now}
	result, err := s.send(ctx, n, &item)
	var list *workflow.List
	if err == nil {
		list, err = s.read(ctx, n, &result, &item)
	}
	if err != nil || result.Next == "" {
		item.Tasks = 1 // all of it is one
	}
	if err != nil {
		return s.recover(ctx, n, item, err)
	}
	item.Exit = exit(n, result)
	s.warn(n, &item, result.Warning)
	paged := n == s.Plan.Trigger || s.pages.count > 0 || result.Next != ""
	s.turn(n, result, &item)
	switch items := s.take(n, list, item); {
	case list != nil && list.Empty():
		if paged { // its items are in the children
			page := *item.Response
			page.Body = nil
			item.Response = &page
		}
		s.record(item)
		s.children(n, list, items, item)
	case list != nil:
		s.push(task{kind: divide, node: n.Index, prev: s.record(item)})
	case result.Next == "":
		s.follow(n, item.Exit, s.record(item))
	default:
		s.record(item)
	}
	return wake, nil
}

// send maps a step's input, calls its method, and notes the exchange.
func (s *slice) send(ctx context.Context, n *workflow.Node, item *tandem.StepItem) (invoke.Result, error) {
	c, err := s.prepare(ctx, n, item.Prev)
	if err != nil {
		return invoke.Result{}, err
	}
	result, err := s.invoker.Call(ctx, s.txn.Account, s.Connectors[n.Ref], c)
	item.Request, item.Response, item.Finished = result.Request, result.Response, time.Now()
	if item.Response == nil && err == nil {
		item.Response = &tandem.Exchange{}
	}
	return result, err
}

// prepare makes the call of a step after item prev.
func (s *slice) prepare(ctx context.Context, n *workflow.Node, prev int32) (invoke.Call, error) {
	d, err := s.data(ctx, n, prev)
	if err != nil {
		return invoke.Call{}, err
	}
	in, err := n.Input(d)
	if err != nil {
		return invoke.Call{}, err
	}
	return invoke.Call{
		Origin: invoke.Origin{
			Account: s.txn.Account, Connector: s.Connectors[n.Ref], Cycle: s.txn.Cycle, Step: n.ID, Transaction: s.txn.ID,
			Variables: s.Plan.Variables, Mode: invoke.Running, Place: s.place,
		},
		Connector: n.Connector, Method: n.Method, Parameters: in.Parameters, Body: in.Body, Script: n.Script,
		FieldsInUse: n.FieldsInUse, LastRun: d.LastRun, Page: s.pages.next, IdempotencyKey: s.key(n, prev, s.pages.count),
	}, nil
}

// key is hash(transaction, step, item before, page): stable over retries, restarts
// and resumptions, different for every effect that is meant. One that failed may
// have been taken all the same, so that a transaction which resumes others has the
// keys of the first of them.
func (s *slice) key(n *workflow.Node, prev int32, page int) string {
	b := make([]byte, 0, 64)
	b = binary.BigEndian.AppendUint64(b, uint64(cmp.Or(s.origin, s.txn.ID)))
	b = binary.BigEndian.AppendUint32(b, uint32(prev))
	b = binary.BigEndian.AppendUint32(b, uint32(page))
	sum := sha256.Sum256(append(b, n.ID...))
	return hex.EncodeToString(sum[:16])
}

// exit is where a step is left: what its action_condition chose, if it has one.
func exit(n *workflow.Node, r invoke.Result) tandem.EdgeType {
	switch {
	case r.Condition == nil || !n.Conditional:
		return ""
	case *r.Condition:
		return tandem.TrueEdge
	}
	return tandem.FalseEdge
}

// excused says that a script has made a warning of an error: the step has an exit,
// and data. An error that was to be ignored has neither.
func excused(item *tandem.StepItem) bool {
	return item.Outcome == tandem.OutcomeWarning && item.Exit != ""
}

// warn tells of an error that a script has made a warning of: the step goes on.
func (s *slice) warn(n *workflow.Node, item *tandem.StepItem, warning string) {
	if warning == "" {
		return
	}
	p := newProblem(tandem.IncidentNotCalled, warning)
	item.Outcome, item.Message, item.Exit = tandem.OutcomeWarning, p.full, cmp.Or(item.Exit, tandem.ForwardEdge)
	s.incident(n, tandem.OutcomeWarning, p)
}

// turn moves on to the next page; after the last one the step has run.
func (s *slice) turn(n *workflow.Node, r invoke.Result, item *tandem.StepItem) {
	s.called, s.tries, s.retries, s.place = true, 0, 0, 0
	if r.Next != "" {
		s.pages.count++
		s.pages.next = r.Next
		return
	}
	s.tally(n, item)
	switch {
	case !r.LastRun.IsZero():
		s.delta.LastRuns = append(s.delta.LastRuns, journal.LastRun{Cycle: s.txn.Cycle, Step: n.ID, At: r.LastRun, Chosen: true})
	case n.UsesLastRun || n == s.Plan.Trigger:
		s.delta.LastRuns = append(s.delta.LastRuns, journal.LastRun{Cycle: s.txn.Cycle, Step: n.ID, At: s.pages.began})
	}
	s.pages = collection{}
	s.pop()
}

// tally counts the task of a step that ended.
func (s *slice) tally(n *workflow.Node, item *tandem.StepItem) {
	c := journal.Count{
		Slot: tandem.SlotOf(item.Finished), Cycle: s.txn.Cycle, Connector: n.Connector.Name, Version: n.Connector.Version,
		Method: n.Method.MethodUniqueIdentifier, Failed: 1, Took: item.Finished.Sub(item.Started),
	}
	if item.Outcome == tandem.OutcomeSuccess {
		c.Succeeded, c.Failed = 1, 0
	}
	s.delta.Meter = append(s.delta.Meter, c)
}

// recover deals with an error of a call: waits, follows the step's error
// action, or returns what is not the step's.
func (s *slice) recover(ctx context.Context, n *workflow.Node, item tandem.StepItem, err error) (wake time.Time, _ error) {
	if ctx.Err() != nil {
		return wake, ctx.Err() // cut off, which says nothing of the third party
	}
	var later *invoke.Later
	if errors.As(err, &later) {
		s.place = later.Place
		if later.Met != nil {
			s.incident(n, tandem.OutcomeWarning, newProblem(tandem.IncidentNotCalled, later.Error()))
		}
		if item.Request != nil {
			s.tries++ // it was sent
		}
		return later.Until, nil
	}
	p, known := problemOf(err)
	if !known {
		return wake, err
	}
	if item.Finished.IsZero() {
		item.Finished = time.Now()
	}
	if wake := s.retry(n, item, p); !wake.IsZero() {
		return wake, nil
	}
	if n.OnError == tandem.RetryStep {
		p = exhausted(n, p)
	}
	s.called = true
	item.Outcome = tandem.OutcomeError
	s.tally(n, &item)
	return wake, s.fail(ctx, n, item, p)
}
