package egress

import (
	"errors"
	"net/url"
)

// Kind says why a request got no answer.
type Kind string

// The kinds of failure.
const (
	Refused   Kind = "address refused" // by the guard: it will be again
	TooLarge  Kind = "response too large"
	Redirects Kind = "too many redirects"
	Timeout   Kind = "timed out"
	Cancelled Kind = "cancelled" // by the caller's context
	Network   Kind = "network failure"
)

// Error is a request that got no answer.
type Error struct {
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return string(e.Kind) + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first Error in err's chain, "" if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// cause takes the method and URL off an error.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
