package tandem

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Code says what kind of failure an [Error] is.
type Code string

// The codes; [Code.Status] is the one table from them to HTTP.
const (
	Invalid         Code = "invalid"         // malformed or against a rule
	Unauthenticated Code = "unauthenticated" // no credentials, or bad ones
	Forbidden       Code = "forbidden"       // known, but not allowed
	NotFound        Code = "not_found"       // not there, or not yours
	Conflict        Code = "conflict"        // not in the present state
	Gone            Code = "gone"            // was there, is no longer in use
	TooLarge        Code = "too_large"
	Unsupported     Code = "unsupported" // media type
	RateLimited     Code = "rate_limited"
	Unavailable     Code = "unavailable" // try again later
	Internal        Code = "internal"
)

var statuses = map[Code]int{
	Invalid:         http.StatusBadRequest,
	Unauthenticated: http.StatusUnauthorized,
	Forbidden:       http.StatusForbidden,
	NotFound:        http.StatusNotFound,
	Conflict:        http.StatusConflict,
	Gone:            http.StatusGone,
	TooLarge:        http.StatusRequestEntityTooLarge,
	Unsupported:     http.StatusUnsupportedMediaType,
	RateLimited:     http.StatusTooManyRequests,
	Unavailable:     http.StatusServiceUnavailable,
	Internal:        http.StatusInternalServerError,
}

// Status is the HTTP status for the code.
func (c Code) Status() int {
	if s, ok := statuses[c]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// CodeOf is the code for an HTTP status, the inverse of [Code.Status].
func CodeOf(status int) Code {
	for c, s := range statuses {
		if s == status {
			return c
		}
	}
	return Internal
}

// Error is a failure that a person is told of. Message is for that person;
// Err, the cause, is for the operator and never leaves the process.
type Error struct {
	Code       Code
	Message    string
	Field      string        // the input field at fault, if one is
	RetryAfter time.Duration // for RateLimited and Unavailable
	Err        error
}

func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Postpone sets Retry-After, in whole seconds, if RetryAfter is set.
func (e *Error) Postpone(h http.Header) {
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
}

// Is matches errors by code: errors.Is(err, &Error{Code: NotFound}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Message == ""
}

// ErrorCode is the code of the first Error in err's chain; Internal if there
// is none, and "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// ErrAway is in the chain of what fails because the database is away for now. It
// is no [Error], so that who works in the background tries again, and takes it for
// nobody's fault; who answers people asks [Told].
var ErrAway = errors.New("the database is away")

// awayTime is when to ask again whether the database is back.
const awayTime = 5 * time.Second

// Told is err as a person is told of it: when the database is away, Unavailable.
func Told(err error) error {
	var e *Error
	if !errors.Is(err, ErrAway) || errors.As(err, &e) {
		return err
	}
	return &Error{Code: Unavailable, Message: "The data cannot be reached. Try again shortly.", RetryAfter: awayTime, Err: err}
}

// Invalidf makes an Invalid error about a field ("" when about none).
func Invalidf(field, format string, args ...any) error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// NotFoundf makes a NotFound error.
func NotFoundf(format string, args ...any) error {
	return &Error{Code: NotFound, Message: fmt.Sprintf(format, args...)}
}

// Conflictf makes a Conflict error.
func Conflictf(format string, args ...any) error {
	return &Error{Code: Conflict, Message: fmt.Sprintf(format, args...)}
}
