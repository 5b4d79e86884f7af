package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// actionType is a kind of step: a name, or its number.
type actionType tandem.ActionType

// MarshalText implements encoding.TextMarshaler.
func (t actionType) MarshalText() ([]byte, error) {
	name := tandem.ActionType(t).String()
	if name == "" {
		return nil, fmt.Errorf("action type %d has no name", t)
	}
	return []byte(name), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *actionType) UnmarshalText(b []byte) error {
	for n, name := range tandem.ActionTypes {
		if text := string(b); strings.EqualFold(name, text) || strconv.Itoa(int(n)) == text {
			*t = actionType(n)
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of step: want %s", b, actionKinds)
}

// actionKinds are the kinds of steps, for people.
const actionKinds = "Action (1), Webhook (2), Decision (3), Delay (4), WaitUntil (5), WaitAll (6), Annotation (7) or SynchronousResponse (8)"

// UnmarshalJSON takes a number too.
func (t *actionType) UnmarshalJSON(b []byte) error {
	return t.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}
