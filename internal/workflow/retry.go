package workflow

import (
	"cmp"

	"github.com/tandem-ipaas/tandem"
)

// onError says what an error of a step does, and how often it is tried again: the
// step's own policy comes before the graph's, as a whole.
func (d *design) onError(s *tandem.Step) (tandem.StepErrorAction, int) {
	action, retries := s.StepErrorAction, s.Retries
	if action == tandem.InheritErrorAction {
		action, retries = cmp.Or(d.StepErrorAction, tandem.StopTransaction), d.Retries
	}
	if action != tandem.RetryStep {
		retries = 0
	}
	return action, retries
}

// errorPolicy checks what an error does. A number of retries is needed with
// RetryStep, and without meaning otherwise.
func (v *validator) errorPolicy(prefix string, action tandem.StepErrorAction, retries int) {
	word(v, prefix+"StepErrorAction", action, errorActions)
	least := 0
	if action == tandem.RetryStep {
		least = 1
	}
	if retries < least || retries > tandem.MaxRetries {
		v.fail(prefix+"Retries", "must be a number from %d to %d.", least, tandem.MaxRetries)
	}
}
