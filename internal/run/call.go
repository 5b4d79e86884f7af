package run

import (
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

// call runs a step that calls a method.
func (s *slice) call(ctx context.Context, n *workflow.Node, prev int32) (wake time.Time, err error) {
	if err := s.settle(ctx); err != nil {
		return wake, err
	}
	item := tandem.StepItem{StepID: n.ID, Prev: prev, Attempt: s.tries + 1, Tasks: 1, Started: time.Now()}
	c, err := s.prepare(ctx, n, prev)
	if err == nil {
		err = s.send(ctx, n, c, &item)
	}
	if err != nil {
		return s.recover(ctx, n, item, err)
	}
	s.succeed(n, item.Finished)
	if n.UsesLastRun {
		s.ran(n, item.Started)
	}
	seq := s.record(item)
	s.pop()
	if n.Split == tandem.SplitAll && n.Splittable() {
		s.push(task{kind: divide, node: n.Index, prev: seq})
	} else {
		s.follow(n, tandem.ForwardEdge, seq)
	}
	return wake, nil
}

// prepare maps a step's input.
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
		Connector: n.Connector, Method: n.Method, Parameters: in.Parameters, Body: in.Body,
		LastRun: d.LastRun, IdempotencyKey: s.key(n, prev, 0),
	}, nil
}

// key is hash(transaction, step, item before, page): stable over retries and
// restarts, different for every effect that is meant.
func (s *slice) key(n *workflow.Node, prev int32, page int) string {
	b := make([]byte, 0, 64)
	b = binary.BigEndian.AppendUint64(b, uint64(s.txn.ID))
	b = binary.BigEndian.AppendUint32(b, uint32(prev))
	b = binary.BigEndian.AppendUint32(b, uint32(page))
	sum := sha256.Sum256(append(b, n.ID...))
	return hex.EncodeToString(sum[:16])
}

// succeed counts a task.
func (s *slice) succeed(n *workflow.Node, at time.Time) {
	s.called, s.tries, s.warned = true, 0, false
	s.delta.Meter = append(s.delta.Meter, s.count(n, at, 1, 0))
}

// count is tasks of a step's method that ended at a time.
func (s *slice) count(n *workflow.Node, at time.Time, succeeded, failed int) journal.Count {
	return journal.Count{
		Slot: tandem.SlotOf(at), Cycle: s.txn.Cycle, Connector: n.Connector.Name, Version: n.Connector.Version,
		Method: n.Method.MethodUniqueIdentifier, Succeeded: succeeded, Failed: failed,
	}
}

// ran moves a step's LastSuccessfulRunDate.
func (s *slice) ran(n *workflow.Node, at time.Time) {
	s.delta.LastRuns = append(s.delta.LastRuns, journal.LastRun{Cycle: s.txn.Cycle, Step: n.ID, At: at})
}

// backoff is how long to wait at a limit whose end is not known.
var backoff = []time.Duration{time.Minute, time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// maxWait bounds what a third party may ask for.
const maxWait = 24 * time.Hour

// recover deals with an error of a call: waits, follows the step's error
// action, or returns what is not the step's.
func (s *slice) recover(ctx context.Context, n *workflow.Node, item tandem.StepItem, err error) (wake time.Time, _ error) {
	if ctx.Err() != nil {
		return wake, ctx.Err() // cut off, which says nothing of the third party
	}
	var failed *invoke.Error
	if errors.As(err, &failed) && failed.Kind == invoke.RateLimited {
		wait := failed.RetryAfter
		if wait <= 0 {
			wait = backoff[min(s.tries, len(backoff)-1)]
		}
		s.tries++
		if !s.warned {
			s.warned = true
			s.incident(n, tandem.OutcomeWarning, newProblem(tandem.IncidentNotCalled, failed.Detail))
		}
		return time.Now().Add(min(wait, maxWait)), nil
	}
	p, known := problemOf(err)
	if !known {
		return wake, err
	}
	if item.Finished.IsZero() {
		item.Finished = time.Now()
	}
	s.called = true
	s.delta.Meter = append(s.delta.Meter, s.count(n, item.Finished, 0, 1))
	return wake, s.fail(ctx, n, item, p)
}
