package run

import (
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// ladder is how long a step waits that failed, before each time that it is tried
// again, in units of Options.RetryUnit.
var ladder = [tandem.MaxRetries]time.Duration{5, 30, 60, 180, 360}

// retry puts a failed call off if its step's policy has it tried again: the
// attempt is recorded, with a warning, and no task is counted before the step has
// ended. The zero time says that it does not, or not any more.
//
// What was taken page by page stays taken: the page that failed is the next.
func (s *slice) retry(n *workflow.Node, item tandem.StepItem, p problem) (wake time.Time) {
	if n.OnError != tandem.RetryStep || s.retries >= n.Retries {
		return wake
	}
	wake = time.Now().Add(ladder[s.retries] * s.options.RetryUnit)
	s.retries++
	item.Outcome, item.Message, item.Tasks = tandem.OutcomeWarning, p.full, 0
	s.incident(n, tandem.OutcomeWarning, newProblem(p.short, fmt.Sprintf("%s; retry %d of %d is at %s", p.full, s.retries, n.Retries, wake.UTC().Format(time.RFC3339))))
	s.record(item)
	s.tries, s.place = s.tries+1, 0
	return wake
}

// exhausted is the last problem of a step that was tried again in vain.
func exhausted(n *workflow.Node, p problem) problem {
	return newProblem(tandem.IncidentOutOfRetries, fmt.Sprintf("%s: %s; it was the last of %d retries", p.short, p.full, n.Retries))
}
