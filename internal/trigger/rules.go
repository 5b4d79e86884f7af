package trigger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/signature"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Rules are what is known of the requests to a webhook besides its key: by the
// definition of its method, and by its place in the cycle.
type Rules struct {
	Methods []string // that senders may use, besides HEAD and OPTIONS; nil: any

	Signature *connector.Signature // nil: requests are not signed
	Secret    tandem.Secret

	// Where the id of an event is, if not in one of the usual headers.
	EventHeader string // canonical
	EventField  *connector.Location

	// Format is the body's, where its Content-Type says nothing, and what of it is
	// a list or a file.
	Format body.Format

	Scripts Scripts // nil: none has a say

	// RequestKey finds a transaction, of a webhook that is not the first step; nil:
	// it is the first.
	RequestKey func(doc any) workflow.Key
	// Answered says that a step answers the sender.
	Answered bool
}

// RulesFinder finds the rules of a webhook.
type RulesFinder func(ctx context.Context, w tandem.Webhook) (*Rules, error)

// plain are the rules where there are none.
var plain = &Rules{}

// methods are those that a webhook can take.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// takes says whether senders may use a method.
func (r *Rules) takes(method string) bool {
	return slices.Contains(methods, method) && (r.Methods == nil || slices.Contains(r.Methods, method))
}

// allow lists the methods for a response.
func (r *Rules) allow() string {
	all := r.Methods
	if all == nil {
		all = methods
	}
	return strings.Join(all, ", ") + ", HEAD, OPTIONS"
}

// errUnsigned is all that is told of a signature that is wrong.
var errUnsigned = &tandem.Error{Code: tandem.Unauthenticated, Message: "The request is not signed as it should be."}

// verify checks who a request is from.
func (r *Rules) verify(request signature.Request) error {
	if r.Signature == nil {
		return nil
	}
	if err := signature.Verify(r.Signature, r.Secret, request, time.Now()); err != nil {
		return errUnsigned
	}
	return nil
}

// unrecorded are headers that let their holder in somewhere.
var unrecorded = map[string]bool{"Authorization": true, "Cookie": true, "Proxy-Authorization": true, "X-Api-Key": true}

// recorded is what of the headers is kept.
func (r *Rules) recorded(h http.Header) map[string]string {
	kept := make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case unrecorded[name]:
		case len(values) == 1:
			kept[name] = values[0]
		default:
			kept[name] = strings.Join(values, ", ")
		}
	}
	if s := r.Signature; s != nil && s.Type == connector.SignToken {
		delete(kept, http.CanonicalHeaderKey(s.Header))
	}
	return kept
}

// shownURL is the address of a request as it is kept, without a secret in it.
func (r *Rules) shownURL(uri string) string {
	if r.Signature == nil || r.Signature.Query == "" {
		return uri
	}
	path, query, _ := strings.Cut(uri, "?")
	if query = r.shownQuery(query); query == "" {
		return path
	}
	return path + "?" + query
}

// shownQuery is a query without a secret in it.
func (r *Rules) shownQuery(query string) string {
	if r.Signature == nil || r.Signature.Query == "" {
		return query
	}
	return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		return err != nil || name == r.Signature.Query
	}), "&")
}

// event gives the id under which the sender would repeat itself; "" for none. The
// headers that are always looked at are given: the first comes before what the
// rules say, the others after. Of a request that is signed they do not count, or who
// has seen it could send it again as another.
func (r *Rules) event(request signature.Request, headers []string, doc []byte) (string, error) {
	if s := r.Signature; s != nil && r.Secret != "" {
		switch s.Type {
		case connector.SignStandard:
			return eventOf(request.Header, signature.StandardID)
		case connector.SignHMAC:
			return r.signedEvent(request, doc)
		case connector.SignToken: // signs nothing
		}
	}
	h := request.Header
	id, err := eventOf(h, headers[0])
	if err != nil || id != "" {
		return id, err
	}
	if r.EventHeader != "" {
		id, err = eventOf(h, r.EventHeader)
	} else if r.EventField != nil {
		id = r.eventIn(doc)
	}
	for _, name := range headers[1:] {
		if err == nil && id == "" {
			id, err = eventOf(h, name)
		}
	}
	return id, err
}

// signedEvent is the id of an event with an HMAC: in its body, which always is signed;
// else the header that the connector trusts to name it; else what was signed, if the
// time was, without which two events may look alike.
func (r *Rules) signedEvent(request signature.Request, doc []byte) (string, error) {
	if r.EventField != nil && len(request.Body) > 0 {
		if id := r.eventIn(doc); id != "" {
			return id, nil
		}
	}
	if r.EventHeader != "" {
		return eventOf(request.Header, r.EventHeader)
	}
	if s := r.Signature; s.TimestampHeader == "" && s.TimestampPrefix == "" {
		return "", nil
	}
	return signature.Mark(r.Signature, r.Secret, request), nil
}

func eventOf(h http.Header, name string) (string, error) {
	values := h[name]
	if len(values) == 0 {
		return "", nil
	}
	if len(values[0]) > maxEventID {
		return "", tandem.Invalidf(name, "%s: must have at most %d characters.", name, maxEventID)
	}
	if !utf8.ValidString(values[0]) {
		return "", tandem.Invalidf(name, "%s: must be UTF-8.", name)
	}
	return values[0], nil
}

// eventIn is the id in a body. A long one is known by its hash.
func (r *Rules) eventIn(doc []byte) string {
	v, ok := r.EventField.Get(workflow.ParseDocument(doc))
	if _, list := v.([]any); !ok || v == nil || list {
		return ""
	}
	id := merge.Text(v)
	if len(id) > maxEventID {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:])
	}
	return id
}

// headersOf are the canonical names of headers.
func headersOf(names []string) []string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = http.CanonicalHeaderKey(n)
	}
	return all
}
