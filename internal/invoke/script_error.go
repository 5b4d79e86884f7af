package invoke

import (
	"errors"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// scriptError is what a script threw, or why it could not be run. A call that has
// sent nothing can wait for its turn.
func scriptError(e script.Event, err error) error {
	failed := &Error{Kind: Scripted, Short: tandem.IncidentNotCalled, Detail: err.Error(), Err: err}
	if errors.Is(err, errStopped) {
		failed.Detail = string(e) + " " + err.Error()
	}
	var why *script.Error
	if !errors.As(err, &why) {
		return failed
	}
	switch why.Kind {
	case script.Thrown:
		failed.Detail = why.Message
	case script.AuthRefresh, script.AuthSession:
		failed.Kind, failed.Short, failed.Again = Auth, tandem.IncidentNotAuthenticated, AfterToken
		if failed.Detail = why.Message; why.Kind == script.AuthSession {
			failed.Again = AfterLookup
		}
	case script.Busy, script.Unavailable:
		if e == script.BeforeAction {
			failed.Kind = Crowded
		}
	case script.Syntax, script.Timeout, script.Memory, script.TooLarge, script.Lost: // as they say
	}
	return failed
}
