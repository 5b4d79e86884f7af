package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// maxMessage is how many bytes of a message are kept.
const maxMessage = 4 << 10

// problem is what an incident says.
type problem struct{ short, full string }

// newProblem makes text of full that every database takes, of a length that a
// list of incidents can hold: what a third party sent may be quoted in it.
func newProblem(short, full string) problem {
	full = strings.Map(func(r rune) rune {
		if r == 0 {
			return utf8.RuneError
		}
		return r
	}, full[:min(len(full), maxMessage)])
	return problem{short, full}
}

// problemOf says what a step's error means to a person. Not known: the error is
// not a step's.
func problemOf(err error) (p problem, known bool) {
	var failed *invoke.Error
	if errors.As(err, &failed) {
		return newProblem(failed.Short, failed.Detail), true
	}
	var mapping *workflow.MapError
	if errors.As(err, &mapping) {
		return mappingProblem(err), true
	}
	if errors.Is(err, workflow.ErrSplit) || errors.Is(err, workflow.ErrNotList) {
		return splitProblem(err), true
	}
	return problem{}, false
}

// splitProblem is that of data that was to be split.
func splitProblem(err error) problem {
	if errors.Is(err, workflow.ErrSplit) {
		return newProblem(tandem.IncidentNotSplit, err.Error())
	}
	return newProblem(tandem.IncidentSplitFailed, err.Error())
}

func mappingProblem(err error) problem {
	switch {
	case errors.Is(err, workflow.ErrMissing):
		return newProblem(tandem.IncidentFieldsMissing, err.Error())
	case errors.Is(err, workflow.ErrRequired):
		return newProblem(tandem.IncidentSourceEmpty, err.Error())
	case errors.Is(err, workflow.ErrDateTime):
		return newProblem(tandem.IncidentNotDateTime, err.Error())
	}
	return newProblem(tandem.IncidentNotBuilt, err.Error())
}

// fail follows the step's error action. With IgnoreError the branch goes on
// with an empty response, where there is a False exit by that; a trigger has no
// branch without data.
func (s *slice) fail(ctx context.Context, n *workflow.Node, item tandem.StepItem, p problem) error {
	left := s.unfinished()
	item.Outcome, item.Message = tandem.OutcomeError, p.full
	if n.OnError == tandem.IgnoreError {
		item.Outcome = tandem.OutcomeWarning
	}
	s.tries, s.retries, s.place, s.pages, s.wait = 0, 0, 0, collection{}, wait{}
	if n == s.Plan.Trigger {
		s.missed()
	}
	s.incident(n, item.Outcome, p)
	seq := s.record(item)
	if n.OnError == tandem.IgnoreError {
		s.pop()
		if n == s.Plan.Trigger {
			return nil
		}
		if n.Conditional {
			s.follow(n, tandem.FalseEdge, seq)
		}
		if n.Kind != tandem.DecisionStep {
			s.follow(n, tandem.ForwardEdge, seq)
		}
		return nil
	}
	s.failed, s.tasks, s.left = true, nil, left
	if n.OnError != tandem.StopIntegration {
		return nil
	}
	// Before the commit: a crash between the two repeats the step once the
	// cycle is started again, and does not forget to stop it.
	var err error
	if s.hold, err = s.stopper.Stop(context.WithoutCancel(ctx), s.txn.Account, s.txn.Cycle, fmt.Sprintf("%s: %s: %s", n.Name, p.short, p.full)); err != nil {
		return fmt.Errorf("stop cycle %s: %w", s.txn.Cycle, err)
	}
	s.log.WarnContext(ctx, "cycle stopped by an error", "account", s.txn.Account, "cycle", s.txn.Cycle, "step", n.ID, "transaction", s.txn.ID)
	return nil
}

// incident tells of the item that is recorded next.
func (s *slice) incident(n *workflow.Node, level tandem.Outcome, p problem) {
	s.delta.Incidents = append(s.delta.Incidents, tandem.Incident{
		CycleID: s.txn.Cycle, CycleName: s.Name, IncidentLevel: level, ShortMessage: p.short, FullMessage: p.full,
		StepID: n.ID, StepName: n.Name, TransactionID: s.txn.ID, Created: time.Now(), Item: s.seq,
	})
}
