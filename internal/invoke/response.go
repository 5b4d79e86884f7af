package invoke

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

// reader makes a result of a response.
type reader struct {
	plan    *plan
	place   place
	secrets *secrets
	url     *url.URL // that was asked
}

// read records the response, checks it and finds the next page. What was
// recorded is returned with an error, too.
func (r *reader) read(resp *egress.Response) (_ *tandem.Exchange, next string, _ error) {
	record := &tandem.Exchange{Status: resp.Status, Headers: flatten(resp.Header, r.secrets), Body: resp.Body}
	if resp.Status < 200 || resp.Status > 299 {
		record.Body = r.secrets.bytes(resp.Body)
		return record, "", statusError(resp)
	}
	if !r.plan.jsonResponse {
		record.Body = r.secrets.bytes(resp.Body)
		return record, "", nil
	}
	record.Body = bytes.TrimSpace(bytes.TrimPrefix(resp.Body, []byte("\ufeff")))
	suspect := r.secrets.suspect(record.Body)
	if r.plan.paging == nil && !suspect {
		return record, "", checkJSON(record.Body)
	}
	doc, err := decode(record.Body)
	if err != nil {
		record.Body = r.secrets.bytes(record.Body)
		return record, "", err
	}
	if suspect {
		if doc, suspect = r.secrets.document(doc); suspect {
			if record.Body, err = json.Marshal(doc); err != nil {
				return record, "", formatError("the answer cannot be kept: %v", err)
			}
		}
	}
	next, err = r.next(doc)
	return record, next, err
}

func checkJSON(body []byte) error {
	if len(body) == 0 || json.Valid(body) {
		return nil
	}
	_, err := decode(body)
	return err
}

// decode reads JSON, with numbers as they are written. No body is nil.
func decode(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, formatError("the answer is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, formatError("the answer has more after its JSON")
	}
	return doc, nil
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
