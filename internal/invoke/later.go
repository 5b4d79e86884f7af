package invoke

import (
	"fmt"
	"time"
)

// Later is a call that has to wait for a limit of its account connector. It is
// no failure: the same call is to be made again at Until.
type Later struct {
	Until time.Time
	// Place is the call's in the line, to be given again in Origin.Place.
	Place int64
	// Met is the answer, a 429, with which the wait began: who gets it tells
	// people. nil: the call was not made.
	Met *Error
}

func (e *Later) Error() string {
	if e.Met != nil {
		return fmt.Sprintf("%s; calls go on at %s", e.Met.Detail, e.Until.UTC().Format(time.RFC3339))
	}
	return "the call has to wait until " + e.Until.UTC().Format(time.RFC3339)
}
