package run

import (
	"cmp"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Ended is a transaction at its end, to be run again.
type Ended struct {
	tandem.Transaction
	Account  tandem.AccountID
	Items    []tandem.StepItem
	Frontier []byte // what it had yet to do; nil: nothing
}

// errMoved says that a transaction cannot be run again with another version of its
// cycle, which may still be possible with its own.
var errMoved = tandem.Conflictf("The cycle has changed so much that the transaction cannot be run again.")

// unfinished is what a transaction has yet to do whose next task has failed: that
// task from anew, or its page, and all behind it. Nobody waits for an answer by then.
func (s *slice) unfinished() []byte {
	f := s.frontier
	f.tries, f.retries, f.place, f.wait, f.requests = 0, 0, 0, wait{}, requests{}
	return f.encode()
}

// Retry makes a transaction that begins as t did, with the plan p: with what its
// trigger gave, or, of what was split, with its item. A timer's that got no data
// gets it anew.
//
// Errors: Conflict.
func Retry(t *Ended, p *workflow.Plan, version int64) (journal.NewTxn, error) {
	again, err := t.again(p, version, t.Items[:min(t.Begun, len(t.Items))])
	if err != nil {
		return again, err
	}
	if len(again.Items) == 0 {
		if p.Trigger.Kind == tandem.WebhookStep {
			return again, errMoved
		}
		again.Frontier = timerFrontier.encode()
		return again, nil
	}
	last := again.Items[len(again.Items)-1]
	n := p.Node(last.StepID)
	switch {
	case n == nil:
		return again, errMoved
	case n == p.Trigger && t.ParentID == 0:
		again.Frontier = arrivedFrontier.encode()
	case n.Kind == tandem.WebhookStep && n != p.Trigger && t.Items[len(again.Items)-1].Tasks > 0: // a request, which is counted; its parts are not
		f := frontier{tasks: []task{{kind: matched, prev: last.Seq}}}
		again.Frontier = f.encode()
	default:
		f := frontier{tasks: successors(n, last.Exit, last.Seq)}
		again.Frontier = f.encode()
	}
	return again, nil
}

// Resume makes a transaction that goes on where t ended: with copies of the records
// of its steps, and first the step that failed, if one did. was is the plan that it
// ran with, p the one that it is to go on with.
//
// Errors: Conflict, also when t had nothing left to do.
func Resume(t *Ended, was, p *workflow.Plan, version int64) (journal.NewTxn, error) {
	items := t.Items
	if n := len(items); n > 0 && items[n-1].Outcome == tandem.OutcomeError {
		items = items[:n-1]
	}
	again, err := t.again(p, version, items)
	if err != nil {
		return again, err
	}
	if t.Frontier == nil {
		return again, tandem.Conflictf("The transaction has nothing left to do.")
	}
	f, err := decodeFrontier(t.Frontier, len(was.Nodes), len(items))
	if err != nil {
		return again, &tandem.Error{Code: tandem.Conflict, Message: "What the transaction had yet to do cannot be read.", Err: err}
	}
	if len(f.tasks) == 0 {
		return again, tandem.Conflictf("The transaction has nothing left to do but what it was split into.")
	}
	if p.Trigger.ID != was.Trigger.ID {
		return again, errMoved
	}
	for i := range f.tasks {
		if task := &f.tasks[i]; task.kind != arrived && task.kind != collect {
			n := p.Node(was.Nodes[task.node].ID)
			if n == nil {
				return again, errMoved
			}
			task.node = n.Index
		}
	}
	f.tries, f.retries, f.place, f.requests = 0, 0, 0, requests{}
	f.origin = cmp.Or(f.origin, t.ID)
	again.Frontier = f.encode()
	return again, nil
}

// errUnlogged says why there is nothing to run a transaction again with.
var errUnlogged = tandem.Conflictf("The data of the transaction is not kept: Log Step Requests was off for its cycle, and so it cannot be run again.")

// again is a transaction with copies of records, which count no tasks: their steps
// are not run. Errors: Conflict, if their data is not kept.
func (t *Ended) again(p *workflow.Plan, version int64, items []tandem.StepItem) (journal.NewTxn, error) {
	items = slices.Clone(items)
	for i := range items {
		if items[i].Unlogged {
			return journal.NewTxn{}, errUnlogged
		}
		items[i].Tasks = 0
	}
	return journal.NewTxn{Account: t.Account, Cycle: t.CycleID, Version: cmp.Or(version, t.Version), Items: items, Repeats: t.ID, Unlogged: p.OmitRequests}, nil
}
