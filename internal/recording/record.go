package recording

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

// New makes a recording of a call: what was given, and what came of it, which
// invoke has cleared of credentials.
func New(given Recording, request, response *tandem.Exchange) *Recording {
	r := given
	if request != nil {
		r.Request = Request{HTTPMethod: request.Method, URL: request.URL, Headers: telling(request.Headers, requestHeaders), Body: raw(request.Body)}
	}
	if response != nil {
		r.Response = Response{Status: response.Status, Headers: telling(response.Headers, responseHeaders), Body: raw(response.Body)}
	}
	return &r
}

// The headers that say something of an API, not of the moment.
var (
	requestHeaders  = []string{"Accept", "Authorization", "Content-Type"}
	responseHeaders = []string{"Content-Type", "Link", "Location", "Retry-After"}
)

func telling(all map[string]string, names []string) map[string]string {
	kept := map[string]string{}
	for _, name := range names {
		if v, ok := all[name]; ok {
			kept[name] = v
		}
	}
	return kept
}

// Text is r as a file.
func (r *Recording) Text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return nil, fmt.Errorf("write a recording of %s: %w", r.Method, err)
	}
	return b.Bytes(), nil
}
