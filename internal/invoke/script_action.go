package invoke

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// beforeAction lets scripts change the request.
func (x *exchange) beforeAction(ctx context.Context) error {
	if !x.handles(script.BeforeAction) {
		return nil
	}
	_, err := x.event(ctx, script.BeforeAction, x.requestState, x.takeRequest)
	return err
}

// requestState is the request as scripts see it.
func (x *exchange) requestState() (state, error) {
	merges, err := x.shownMerges()
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for name, values := range x.header {
		headers[name] = strings.Join(values, ", ")
	}
	query, err := url.ParseQuery(x.query)
	if err != nil {
		return nil, buildError("the query cannot be read: %v", err)
	}
	parameters := map[string]any{}
	for name, values := range query {
		if parameters[name] = values; len(values) == 1 {
			parameters[name] = values[0]
		}
	}
	return state{
		"method_endpoint": x.url, "method_request_headers": headers, "method_request_parameters": parameters,
		"method_request": x.shownRequest(), "method_request_mergefields": merges,
		"last_successful_run_date": x.lastRun().UTC().Format(time.RFC3339),
	}, nil
}

func (x *exchange) shownRequest() any {
	if x.trips.request != nil {
		return x.trips.request
	}
	return x.call.Body
}

// shownMerges are the merge fields that scripts see: those of parameters, and of
// who calls.
func (x *exchange) shownMerges() (map[string]string, error) {
	if x.trips.merges != nil {
		return x.trips.merges, nil
	}
	merges := map[string]string{}
	maps.Copy(merges, x.call.Merge)
	for _, name := range x.plan.exposed {
		s, err := x.text(x.plan.merges[name])
		if err != nil {
			return nil, err
		}
		merges[name] = s
	}
	return merges, nil
}

// takeRequest takes over what scripts made of the request. An endpoint that they
// left alone is made anew of merge fields that they changed.
func (x *exchange) takeRequest(done changes) error {
	before := x.url
	endpoint, ok, err := changedText(done, "method_endpoint")
	if err != nil {
		return err
	}
	if err := x.takeMerges(done); err != nil {
		return err
	}
	if ok && endpoint != before {
		x.url = endpoint
	}
	if err := x.takeHeaders(done); err != nil {
		return err
	}
	if err := x.takeQuery(done); err != nil {
		return err
	}
	return x.takeBody(done["method_request"])
}

func (x *exchange) takeMerges(done changes) error {
	merges, ok, err := changedTexts(done, "method_request_mergefields")
	if err != nil || !ok {
		return err
	}
	was, err := x.shownMerges()
	if err != nil || maps.Equal(was, merges) {
		return err
	}
	x.trips.merges = merges
	if x.place.URL != "" || x.plan.local {
		return nil
	}
	return x.buildEndpoint()
}

var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func (x *exchange) takeHeaders(done changes) error {
	headers, ok, err := changedTexts(done, "method_request_headers")
	if err != nil || !ok {
		return err
	}
	clear(x.header)
	for name, v := range headers {
		if !headerName.MatchString(name) {
			return errors.New("method_request_headers: no header can have the name " + name)
		}
		if err := x.setHeader(http.CanonicalHeaderKey(name), v, "method_request_headers: "+name); err != nil {
			return err
		}
	}
	return nil
}

func (x *exchange) takeQuery(done changes) error {
	raw := done["method_request_parameters"]
	if isNull(raw) {
		x.query = ""
		return nil
	}
	var given map[string]any
	if err := json.Unmarshal(raw, &given); err != nil {
		return errors.New("method_request_parameters must be an object")
	}
	query := url.Values{}
	for name, v := range given {
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, each := range list {
			if each != nil {
				query.Add(name, merge.Text(each))
			}
		}
	}
	x.query = query.Encode()
	return nil
}

// takeBody keeps the request's text as well as its values: scripts may have signed it.
func (x *exchange) takeBody(raw json.RawMessage) (err error) {
	x.trips.request = nil
	if !isNull(raw) {
		x.trips.request = raw
	}
	x.call.Body, err = decode(raw)
	return err
}
