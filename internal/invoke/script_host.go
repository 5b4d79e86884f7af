package invoke

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// host does what scripts ask for. Those of a connector and its methods are
// trusted with the account's credentials, where the connector's own hosts are
// called; a step's are not.
type host struct {
	*exchange
	trusted bool
	// What scripts have asked for on this trip.
	requests, stores int
}

var _ script.Host = (*host)(nil)

// Storage implements script.Host.
func (h *host) Storage(ctx context.Context, c script.StorageCall) (any, error) {
	if h.options.Storage == nil {
		return nil, errors.New("there is no storage here")
	}
	if h.stores++; h.stores > h.options.ScriptStores {
		return nil, fmt.Errorf("a script may use storage %d times at one event", h.options.ScriptStores)
	}
	once := ""
	if h.stored++; h.call.IdempotencyKey != "" {
		once = fmt.Sprintf("%s %d", h.call.IdempotencyKey, h.stored)
	}
	by := script.Step
	if h.trusted {
		by = script.Connector
	}
	return h.options.Storage.Storage(ctx, h.call.Origin, by, once, c)
}

// HTTPRequest implements script.Host.
func (h *host) HTTPRequest(ctx context.Context, r script.HTTPRequest) (answer script.HTTPResponse, _ error) {
	if h.requests++; h.requests > h.options.ScriptRequests {
		return answer, fmt.Errorf("http_request: a script may send %d requests at one event", h.options.ScriptRequests)
	}
	text, kind, err := data(ctx, r)
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequestWithContext(ctx, strings.ToUpper(r.Method), r.URL, bytes.NewReader(text))
	if err != nil || req.URL.Host == "" || req.URL.User != nil {
		return answer, fmt.Errorf("http_request: %q is not an address with http:// or https:// and a host", r.URL)
	}
	if len(text) == 0 {
		req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	}
	for name, v := range r.Headers {
		req.Header.Set(name, v)
	}
	if kind != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", kind)
	}
	shown := map[string]any{
		"method": req.Method, "url": h.secrets.text(r.URL), "headers": flatten(req.Header, &h.secrets), "data": string(h.secrets.bytes(text)),
	}
	client := h.client
	if h.trusted && h.own(req.URL) {
		if err := h.admit(ctx, req); err != nil {
			return answer, err
		}
		if h.access.client != nil {
			client = h.access.client
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer, errors.New(h.secrets.text(err.Error()))
	}
	return script.HTTPResponse{
		StatusCode: resp.Status, Headers: flatten(resp.Header, &h.secrets),
		Content: strings.ToValidUTF8(string(h.secrets.bytes(resp.Body)), "\ufffd"), Request: shown,
	}, nil
}

// data is what to send: a text as it is; other values as a form, if that is the
// Content-Type, or else as JSON.
func data(ctx context.Context, r script.HTTPRequest) (text []byte, kind string, _ error) {
	doc, err := decode(r.Data)
	if err != nil || doc == nil {
		return nil, "", err
	}
	if s, ok := doc.(string); ok {
		return []byte(s), "", nil
	}
	for name, v := range r.Headers {
		if !strings.EqualFold(name, "Content-Type") || !strings.HasPrefix(v, "application/x-www-form-urlencoded") {
			continue
		}
		b, err := (&body.Format{Type: connector.FormBody}).Encode(ctx, doc, noFiles{})
		return b.Record, "", err
	}
	return r.Data, "application/json", nil
}

// admit adds the account's credentials, but for those that go into a document.
func (h *host) admit(ctx context.Context, req *http.Request) error {
	if h.access.header != "" {
		req.Header.Set(h.access.header, h.access.headerValue)
	}
	if h.access.query != "" {
		to, err := url.Parse(withQuery(req.URL.String(), h.access.query, h.access.queryValue))
		if err != nil {
			return err
		}
		req.URL = to
	}
	if h.access.sign != nil {
		return h.access.sign(ctx, req)
	}
	return nil
}

// own says whether an address is at a host of the connector: that of the method
// that is called, or of another, as far as the account's properties make one.
func (h *host) own(to *url.URL) bool {
	if hostOf(h.url) == originOf(to) {
		return true
	}
	for i := range h.call.Connector.Methods {
		if hostOf(h.authority(&h.call.Connector.Methods[i])) == originOf(to) {
			return true
		}
	}
	return false
}

// authority is the address of a method as far as its path; "" if it is made of
// more than the connector's parameters.
func (h *host) authority(m *connector.Method) string {
	a, err := merge.ParseAddress(connector.Authority(m.Endpoint))
	if err != nil {
		return ""
	}
	whole := true
	s, err := a.Execute(func(name string) (any, bool) {
		v, ok := h.plan.merges[name]
		if !ok || !v.ofConnector {
			whole = false
			return nil, false
		}
		s, err := h.text(v)
		whole = whole && err == nil && s != ""
		return s, s != ""
	})
	if err != nil || !whole {
		return ""
	}
	return s
}

// hostOf is the scheme and the host of an address; "" if it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return originOf(u)
}

func originOf(u *url.URL) string {
	if u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
