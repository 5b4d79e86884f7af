package invoke

import (
	"fmt"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Kind says what went wrong in a call.
type Kind string

// The kinds of errors.
const (
	Build       Kind = "build"        // the request cannot be made
	Auth        Kind = "auth"         // credentials missing, or not taken (401, 403)
	RateLimited Kind = "rate_limited" // 429
	Transient   Kind = "transient"    // 408, 425, 5xx, or no answer: may work later
	Permanent   Kind = "permanent"    // will not work again either
	Format      Kind = "format"       // the answer is not what the definition says
	Scripted    Kind = "script"       // a script said so, or failed
	Crowded     Kind = "crowded"      // nothing was sent, as this machine has too much to do: try again shortly
)

// Again says what would make a call worth trying once more.
type Again string

// What scripts ask for by exceptions.
const (
	Never       Again = ""
	AfterToken  Again = "token"  // once the access token has been refreshed
	AfterLookup Again = "lookup" // once the post-install lookup has been made anew
)

// Error is a call that failed. Short and Detail are for people, and hold no
// credentials.
type Error struct {
	Kind       Kind
	Short      string // one of the short messages of incidents
	Detail     string
	Status     int           // of the answer; 0: there was none
	RetryAfter time.Duration // that the answer asked for; 0: it did not
	Again      Again         // as a script asked
	Err        error         // the cause, if there is one beneath
}

func (e *Error) Error() string { return e.Short + ": " + e.Detail }

func (e *Error) Unwrap() error { return e.Err }

func buildError(format string, args ...any) *Error {
	return &Error{Kind: Build, Short: tandem.IncidentNotBuilt, Detail: fmt.Sprintf(format, args...)}
}

func formatError(format string, args ...any) *Error {
	return &Error{Kind: Format, Short: tandem.IncidentNotExpected, Detail: fmt.Sprintf(format, args...)}
}

func emptyError(what, name string) *Error {
	return &Error{Kind: Build, Short: tandem.IncidentSourceEmpty, Detail: what + " " + name + " is required"}
}
