package invoke

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

func success(status int) bool { return status >= 200 && status <= 299 }

// note begins the record of the answer.
func (x *exchange) note(status int, h http.Header) {
	x.result.Response = &tandem.Exchange{Status: status, Headers: flatten(h, &x.secrets)}
}

// refusal is for answers that are not a success. A SOAP service says why in a
// fault.
func (x *exchange) refusal(ctx context.Context, resp *egress.Response) error {
	e := statusError(resp)
	if x.plan.response.SOAP == "" {
		return e
	}
	_, err := x.plan.response.Decode(ctx, body.Source{
		Body: bytes.NewReader(resp.Body), Limit: int64(len(resp.Body)), ContentType: resp.Header.Get("Content-Type"),
	}, noFiles{})
	if fault := (*body.Fault)(nil); errors.As(err, &fault) {
		e.Detail += ": " + fault.Error()
	}
	return e
}

// answerError is for answers that are a success, and yet none that can be used.
func answerError(err error) *Error {
	var fault *body.Fault
	if errors.As(err, &fault) {
		return &Error{Kind: Permanent, Short: tandem.IncidentNotCalled, Detail: fault.Error(), Err: err}
	}
	if egress.KindOf(err) != "" {
		return notAnswered(err)
	}
	return &Error{Kind: Format, Short: tandem.IncidentNotExpected, Detail: "the answer: " + err.Error(), Err: err}
}

// statusError is for answers that are not a success.
func statusError(resp *egress.Response) *Error {
	e := &Error{Kind: Permanent, Short: tandem.IncidentNotCalled, Status: resp.Status, RetryAfter: retryAfter(resp.Header)}
	e.Detail = fmt.Sprintf("the answer was %d %s", resp.Status, http.StatusText(resp.Status))
	switch s := resp.Status; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		e.Kind, e.Short = Auth, tandem.IncidentNotAuthenticated
	case s == http.StatusTooManyRequests:
		e.Kind = RateLimited
	case s >= 500, s == http.StatusRequestTimeout, s == http.StatusTooEarly:
		e.Kind = Transient
	}
	return e
}

// retryAfter reads seconds or a date; 0 if there is neither.
func retryAfter(h http.Header) time.Duration {
	s := h.Get("Retry-After")
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 1<<30 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, time.Until(t))
	}
	return 0
}

// notAnswered is for requests that got no answer.
func notAnswered(err error) *Error {
	e := &Error{Kind: Permanent, Short: tandem.IncidentNotCalled, Detail: err.Error(), Err: err}
	switch egress.KindOf(err) {
	case egress.Timeout, egress.Cancelled, egress.Network:
		e.Kind = Transient
	case egress.TooLarge:
		e.Kind, e.Short = Format, tandem.IncidentNotExpected
	case egress.Refused, egress.Redirects: // will be again
	}
	return e
}
