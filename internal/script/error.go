package script

import (
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// Kind says what kind of failure an [Error] is.
type Kind string

// The kinds of failures.
const (
	Thrown      Kind = "Thrown"      // the script threw something
	Syntax      Kind = "Syntax"      // it is not JavaScript
	AuthRefresh Kind = "AuthRefresh" // it threw an AuthRefreshException
	AuthSession Kind = "AuthSession" // it threw an AuthSessionException
	Timeout     Kind = "Timeout"     // it took too long
	Memory      Kind = "Memory"      // it needed too much memory
	TooLarge    Kind = "TooLarge"    // what goes in or comes out is too large, or too deep
	Lost        Kind = "Lost"        // it ended its worker
	Busy        Kind = "Busy"        // too many scripts are waiting; try again later
	Unavailable Kind = "Unavailable" // no worker can be started; try again later
)

// Error is why a script did not succeed. Its text is for the person who wrote it.
type Error struct {
	Kind    Kind
	Level   Level // "" if none is to blame
	Line    int   // of the level's text, from 1; 0 if not known
	Message string
	Err     error // for the operator
}

// Error says what happened, and where.
func (e *Error) Error() string {
	message := e.Message
	if message == "" {
		message = messages[e.Kind]
	}
	switch {
	case e.Level != "" && e.Line > 0:
		return fmt.Sprintf("%s script, line %d: %s", e.Level, e.Line, message)
	case e.Level != "":
		return fmt.Sprintf("%s script: %s", e.Level, message)
	case e.Line > 0:
		return fmt.Sprintf("line %d: %s", e.Line, message)
	}
	return message
}

// Unwrap gives the operator's error.
func (e *Error) Unwrap() error { return e.Err }

var messages = map[Kind]string{
	Timeout:     "the script took too long",
	Memory:      "the script needed too much memory",
	Lost:        "the script ended the process that it ran in",
	Busy:        "too many scripts are running; try again later",
	Unavailable: "scripts cannot be run at the moment; try again later",
}

// maxMessage is how much of what a script threw is kept, in bytes.
const maxMessage = 2 << 10

// asError makes an error of what a worker told.
func asError(f *wire.Fault) *Error {
	e := &Error{Kind: Kind(f.Kind), Level: Level(f.Level), Line: f.Line, Message: f.Message}
	switch e.Kind {
	case Thrown, Syntax, AuthRefresh, AuthSession, Timeout, Memory, TooLarge:
	default:
		e.Kind = Lost
	}
	if len(e.Message) > maxMessage {
		e.Message = strings.ToValidUTF8(e.Message[:maxMessage], "") + "…"
	}
	if e.Message == "" && messages[e.Kind] == "" {
		e.Message = "the script failed without a message"
	}
	return e
}
