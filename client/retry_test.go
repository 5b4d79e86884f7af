package client

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// script is a server that gives one answer after the other, and then all is well.
type script struct {
	answers []string // status, and seconds to wait
	keys    []string
	after   []time.Duration
	began   time.Time
}

// RoundTrip implements http.RoundTripper.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: r}
	if r.URL.Path == "/oauth/token" {
		res.Body = io.NopCloser(strings.NewReader(`{"access_token":"t","expires_in":3600}`))
		return res, nil
	}
	s.keys = append(s.keys, r.Header.Get("Idempotency-Key"))
	s.after = append(s.after, time.Since(s.began))
	if len(s.answers) == 0 {
		return res, nil
	}
	status, wait, _ := strings.Cut(s.answers[0], " ")
	s.answers = s.answers[1:]
	for _, code := range []tandem.Code{tandem.RateLimited, tandem.Unavailable, tandem.Conflict, tandem.Internal} {
		if string(code) == status {
			res.StatusCode = code.Status()
		}
	}
	if wait != "" {
		res.Header.Set("Retry-After", wait)
	}
	return res, nil
}

func TestRetries(t *testing.T) {
	for name, c := range map[string]struct {
		answers []string
		tries   int
		took    time.Duration
		code    tandem.Code
	}{
		"told when":           {[]string{"rate_limited 3", "unavailable 2"}, 3, 5 * time.Second, ""},
		"not told":            {[]string{"unavailable", "unavailable"}, 3, firstWait + 2*firstWait, ""},
		"at work":             {[]string{"conflict 1"}, 2, time.Second, ""},
		"in the way":          {[]string{"conflict"}, 1, 0, tandem.Conflict},
		"broken":              {[]string{"internal"}, 1, 0, tandem.Internal},
		"longer than it pays": {[]string{"rate_limited 31"}, 1, 0, tandem.RateLimited},
		"never":               {[]string{"rate_limited 1", "rate_limited 1", "rate_limited 1", "rate_limited 1"}, tries, 3 * time.Second, tandem.RateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: c.answers, began: time.Now()}
				client := New("http://tandem.test", "id", "secret")
				client.http = &http.Client{Transport: s}
				err := client.Do(t.Context(), http.MethodPost, "/x", nil, nil)
				if tandem.ErrorCode(err) != c.code || len(s.keys) != c.tries || s.after[len(s.after)-1] != c.took {
					t.Errorf("%v after %d tries, the last after %v", err, len(s.keys), s.after)
				}
				for _, key := range s.keys {
					if key == "" || key != s.keys[0] {
						t.Errorf("keys %q", s.keys)
					}
				}
			})
		})
	}
}

func TestWaitingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := New("http://tandem.test", "id", "secret")
		client.http = &http.Client{Transport: &script{answers: []string{"rate_limited 20"}}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := client.Do(ctx, http.MethodGet, "/x", nil, nil); tandem.ErrorCode(err) != tandem.RateLimited || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestOnce(t *testing.T) {
	s := &script{}
	client := New("http://tandem.test", "id", "secret")
	client.http = &http.Client{Transport: s}
	for _, c := range []*Client{client.Once("mine"), client.Account("books").Once("mine"), client, client} {
		if err := c.Do(t.Context(), http.MethodPost, "/x", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if s.keys[0] != "mine" || s.keys[1] != "mine" || s.keys[2] == "" || s.keys[2] == s.keys[3] {
		t.Errorf("keys %q", s.keys)
	}
	if err := client.Once("mine").Do(t.Context(), http.MethodGet, "/x", nil, nil); err != nil || s.keys[4] != "" {
		t.Errorf("%v, key of a GET %q", err, s.keys[4])
	}
}
