package egress

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"time"
)

// Within is a client with other limits on answers, which shares the connections
// of c: for files, which are longer and take longer.
func (c *Client) Within(maxBody int64, timeout time.Duration) *Client {
	other := *c
	other.timeout = timeout
	other.http = &http.Client{Transport: &guarded{next: c.transport, maxBody: maxBody}, CheckRedirect: c.http.CheckRedirect}
	return &other
}

// WithCertificate is a client that shows servers a certificate, with a pool of
// connections of its own: a connection is its owner's alone. It is as guarded as
// c, follows no redirect to another host, which is not to see the certificate, and
// its idle connections end by themselves.
func (c *Client) WithCertificate(certificate tls.Certificate) *Client {
	other := *c
	other.transport = c.transport.Clone()
	other.transport.TLSClientConfig.Certificates = []tls.Certificate{certificate}
	var limit int64
	if g, ok := c.http.Transport.(*guarded); ok {
		limit = g.maxBody
	}
	other.http = &http.Client{
		Transport: &guarded{next: other.transport, maxBody: limit},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if elsewhere(req, via) {
				return http.ErrUseLastResponse
			}
			return c.http.CheckRedirect(req, via)
		},
	}
	return &other
}

// Open sends a request and gives the answer while it comes. Whoever asks closes
// its Body, which ends the request.
//
// Errors: *Error, of reading the Body too. An answer of any status is not one.
func (c *Client) Open(req *http.Request) (*http.Response, error) {
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.timeout)
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, classify(err)
	}
	resp.Body = &stream{resp.Body, cancel}
	return resp, nil
}

// stream is a body whose errors are told apart, and whose end is its request's.
type stream struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = classify(err)
	}
	return n, err
}

// Close implements io.Closer.
func (s *stream) Close() error {
	defer s.cancel()
	return s.ReadCloser.Close()
}
