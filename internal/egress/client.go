package egress

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"code.dny.dev/ssrf"
)

// Options are what an operator sets. The zero value is the default of each.
type Options struct {
	Allow        []netip.Prefix // addresses to permit that are refused otherwise
	Timeout      time.Duration  // of a request, with redirects and body; default 60 s
	MaxBody      int64          // bytes of a response, decompressed; default 32 MiB
	MaxRedirects int            // default 5; negative: none
	UserAgent    string         // default Tandem
	Resolver     *net.Resolver  // of names; default: the system's
	Roots        *x509.CertPool // that vouch for servers; default the system's
}

// Client makes guarded requests. It is safe for concurrent use.
type Client struct {
	http      *http.Client // whose Transport is a *guarded
	dialer    *net.Dialer
	transport *http.Transport
	timeout   time.Duration // kept by Do, which is cheaper than the http.Client's own
	userAgent string
}

// Response is a whole answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// New makes a client with a pool of connections of its own.
func New(o Options) *Client {
	guard := ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(prefixes(o.Allow, netip.Addr.Is4)...),
		ssrf.WithAllowedV6Prefixes(prefixes(o.Allow, netip.Addr.Is6)...),
	)
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: guard.Safe, Resolver: o.Resolver}
	transport := &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           4096,
		MaxIdleConnsPerHost:    1024,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots},
	}
	client := &http.Client{
		Transport:     &guarded{next: transport, maxBody: cmp.Or(o.MaxBody, 32<<20)},
		CheckRedirect: redirects(cmp.Or(o.MaxRedirects, 5)),
	}
	return &Client{
		http: client, dialer: dialer, transport: transport,
		timeout: cmp.Or(o.Timeout, time.Minute), userAgent: cmp.Or(o.UserAgent, "Tandem"),
	}
}

func prefixes(all []netip.Prefix, is func(netip.Addr) bool) []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(all), func(p netip.Prefix) bool { return !is(p.Addr()) })
}

// HTTP is a client for libraries that want one, as guarded and with the same
// limits.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: c.http.Transport, CheckRedirect: c.http.CheckRedirect, Timeout: c.timeout}
}

// Close drops the idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Do sends a request and reads the whole answer.
//
// Errors: *Error. An answer of any status is not an error.
func (c *Client) Do(req *http.Request) (*Response, error) {
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.timeout)
	defer cancel()
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, classify(err)
	}
	defer resp.Body.Close()
	body, err := read(resp)
	if err != nil {
		return nil, classify(err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// maxPresize bounds what is set aside on the word of a Content-Length alone.
const maxPresize = 1 << 20

// read reads a body in one piece where its length is known.
func read(resp *http.Response) ([]byte, error) {
	if resp.Request.Method == http.MethodHead {
		return nil, nil
	}
	n := resp.ContentLength
	if n < 0 || n > maxPresize {
		return io.ReadAll(resp.Body)
	}
	body := make([]byte, n)
	_, err := io.ReadFull(resp.Body, body)
	return body, err
}

// contentHeaders are those that may go to another host.
var contentHeaders = []string{"Accept", "Accept-Language", "Content-Type", "Idempotency-Key", "User-Agent"}

// redirects decides whether, and with which headers, a redirect is followed. A body,
// in which there may be anything, goes to no other host: then the redirect itself is
// the answer.
func redirects(limit int) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		if len(via) > limit {
			return &Error{Kind: Redirects, Err: fmt.Errorf("more than %d redirects", max(limit, 0))}
		}
		req.Header.Del("Referer")
		if elsewhere(req, via) {
			if req.Body != nil && req.Body != http.NoBody {
				req.Body.Close()
				return http.ErrUseLastResponse
			}
			for name := range req.Header {
				if !slices.Contains(contentHeaders, name) {
					req.Header.Del(name)
				}
			}
		}
		return nil
	}
}

// elsewhere says that a redirect leads away from where the first request went.
func elsewhere(req *http.Request, via []*http.Request) bool {
	from := via[0].URL
	return from.Scheme != req.URL.Scheme || from.Host != req.URL.Host
}

// guarded refuses what is not HTTP, and caps bodies.
type guarded struct {
	next    http.RoundTripper
	maxBody int64
}

// RoundTrip implements http.RoundTripper.
func (g *guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if s := req.URL.Scheme; s != "http" && s != "https" {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, &Error{Kind: Refused, Err: fmt.Errorf("scheme %q is not http or https", s)}
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, classify(err)
	}
	if resp.ContentLength > g.maxBody && req.Method != http.MethodHead {
		resp.Body.Close()
		return nil, tooLarge(g.maxBody)
	}
	resp.Body = &capped{ReadCloser: resp.Body, left: g.maxBody, max: g.maxBody}
	return resp, nil
}

// capped is a body that fails once it is longer than max.
type capped struct {
	io.ReadCloser
	left, max int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, tooLarge(c.max)
	}
	return n, err
}

func tooLarge(limit int64) error {
	return &Error{Kind: TooLarge, Err: fmt.Errorf("the response is longer than %d bytes", limit)}
}

// classify tells the kinds of failure apart. The URL that net/http puts around
// errors is left out, for its query may hold a key.
func classify(err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	kind := Network
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork), errors.Is(err, ssrf.ErrInvalidHostPort):
		kind = Refused
	case errors.Is(err, context.Canceled):
		kind = Cancelled
	case errors.As(err, &timeout) && timeout.Timeout():
		kind = Timeout
	}
	return &Error{Kind: kind, Err: cause(err)}
}
