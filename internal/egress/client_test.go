package egress_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func client(t *testing.T, o egress.Options) *egress.Client {
	t.Helper()
	c := egress.New(o)
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, c *egress.Client, url string) (*egress.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

// canary listens on all addresses of this machine and counts connections.
func canary(t *testing.T) (port string, reached *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	reached = new(atomic.Int64)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			reached.Add(1)
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			conn.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, reached
}

// inward are ways to write addresses that only this machine or its network
// reaches. Some do not even parse, or do not resolve: all that counts is that
// none is dialled.
var inward = []string{
	"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
	"0", "0.0.0.0", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "①②⑦.0.0.1", "127。0。0。1",
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::1%25lo]",
	"[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
	"user@127.0.0.1", "example.com@127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1",
	"169.254.169.254", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.1", "%31%32%37.0.0.1",
}

func TestRefusesInward(t *testing.T) {
	port, reached := canary(t)
	c := client(t, egress.Options{Timeout: 5 * time.Second})
	for _, host := range inward {
		if _, err := get(t, c, "http://"+host+":"+port+"/"); err == nil {
			t.Errorf("%s was answered", host)
		}
	}
	// These are dialled by everybody, so it must be the guard that refused.
	for _, host := range []string{"127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:7f00:1]", "localhost", "10.0.0.1", "169.254.169.254"} {
		if _, err := get(t, c, "http://"+host+":"+port+"/"); egress.KindOf(err) != egress.Refused {
			t.Errorf("%s: %v, want it refused", host, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the canary was reached %d times", n)
	}
	// It can be reached at all.
	if _, err := get(t, client(t, egress.Options{Allow: loopback}), "http://127.0.0.1:"+port+"/"); err != nil || reached.Load() != 1 {
		t.Errorf("allowed: %v, reached %d times", err, reached.Load())
	}
}

func TestAllowsOnlyThePrefix(t *testing.T) {
	port, reached := canary(t)
	c := client(t, egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	if _, err := get(t, c, "http://127.0.0.1:"+port+"/"); err != nil {
		t.Error(err)
	}
	if _, err := get(t, c, "http://127.0.0.2:"+port+"/"); egress.KindOf(err) != egress.Refused {
		t.Errorf("127.0.0.2: %v", err)
	}
	if reached.Load() != 1 {
		t.Errorf("reached %d times", reached.Load())
	}
}

func TestIgnoresProxyVariables(t *testing.T) {
	port, reached := canary(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:"+port)
	}
	if _, err := get(t, client(t, egress.Options{Allow: loopback, Timeout: time.Second}), "http://name.invalid/"); err == nil {
		t.Error("answered")
	}
	if reached.Load() != 0 {
		t.Error("the proxy was used")
	}
}

func TestRefusesSchemes(t *testing.T) {
	c := client(t, egress.Options{Allow: loopback})
	for _, url := range []string{"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "//127.0.0.1/"} {
		if _, err := get(t, c, url); egress.KindOf(err) != egress.Refused {
			t.Errorf("%s: %v, want it refused", url, err)
		}
	}
}

func TestRedirectInward(t *testing.T) {
	port, reached := canary(t)
	for _, to := range []string{"http://127.0.0.2:" + port, "http://[::1]:" + port, "http://2130706434:" + port, "file:///etc/passwd"} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		c := client(t, egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
		if resp, err := get(t, c, s.URL); err == nil {
			t.Errorf("%s was answered: %d", to, resp.Status)
		}
	}
	if reached.Load() != 0 {
		t.Errorf("the canary was reached %d times", reached.Load())
	}
}

func TestRedirectLimit(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	for limit, want := range map[int]int64{3: 4, -1: 1} {
		asked.Store(0)
		_, err := get(t, client(t, egress.Options{Allow: loopback, MaxRedirects: limit}), s.URL)
		if egress.KindOf(err) != egress.Redirects || asked.Load() != want {
			t.Errorf("limit %d: %v after %d requests, want %d", limit, err, asked.Load(), want)
		}
	}
}

// Only to the same host do credentials go along.
func TestRedirectDropsCredentials(t *testing.T) {
	var got http.Header
	handler := func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
			return
		}
		got = r.Header
	}
	first, second := serve(t, handler), serve(t, handler)
	for to, kept := range map[string]bool{first.URL + "/x": true, second.URL + "/x": false} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", first.URL+"?secret=s3cr3t&to="+to, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Authorization", "Cookie", "X-Api-Key"} {
			req.Header.Set(name, "s3cr3t")
		}
		req.Header.Set("Content-Type", "application/json")
		if _, err := client(t, egress.Options{Allow: loopback}).Do(req); err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(fmt.Sprint(got), "s3cr3t"); has != kept {
			t.Errorf("to %s: headers %v", to, got)
		}
		if got.Get("Content-Type") != "application/json" || got.Get("Referer") != "" {
			t.Errorf("to %s: headers %v", to, got)
		}
	}
}

// A body goes to no other host.
func TestRedirectKeepsBodies(t *testing.T) {
	var got []string
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if to := r.URL.Query().Get("to"); to != "" {
			code, _ := strconv.Atoi(r.URL.Query().Get("code"))
			http.Redirect(w, r, to, code)
			return
		}
		got = append(got, r.Method+" "+string(body))
	}
	first, second := serve(t, handler), serve(t, handler)
	for _, tt := range []struct {
		to     string
		code   int
		status int
		got    []string
	}{
		{first.URL + "/x", 307, 200, []string{"POST body"}},
		{second.URL + "/x", 307, 307, nil},
		{second.URL + "/x", 308, 308, nil},
		{"/y?code=307&to=" + second.URL, 307, 307, nil},
		{second.URL + "/x", 303, 200, []string{"GET "}},
	} {
		got = nil
		req, err := http.NewRequestWithContext(t.Context(), "POST", first.URL+"?code="+strconv.Itoa(tt.code)+"&to="+url.QueryEscape(tt.to), strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client(t, egress.Options{Allow: loopback}).Do(req)
		if err != nil || resp.Status != tt.status || !slices.Equal(got, tt.got) {
			t.Errorf("%d to %s: %+v, %v; got %q", tt.code, tt.to, resp, err, got)
		}
	}
}

func TestSizeCap(t *testing.T) {
	const limit = 64 << 10
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(z, zeros{}, 64<<20); err != nil {
		t.Fatal(err)
	}
	z.Close()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fits":
			w.Write(make([]byte, limit))
		case "/known":
			w.Header().Set("Content-Length", fmt.Sprint(limit+1))
			w.Write(make([]byte, limit+1))
		case "/chunked":
			for range 2 * limit / 1024 {
				w.Write(make([]byte, 1024))
				w.(http.Flusher).Flush()
			}
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		}
	})
	c := client(t, egress.Options{Allow: loopback, MaxBody: limit})
	if resp, err := get(t, c, s.URL+"/fits"); err != nil || len(resp.Body) != limit {
		t.Errorf("what fits: %v", err)
	}
	for _, path := range []string{"/known", "/chunked", "/gzip"} {
		if _, err := get(t, c, s.URL+path); egress.KindOf(err) != egress.TooLarge {
			t.Errorf("%s: %v, want it too large", path, err)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTimeCap(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			fmt.Fprint(w, "begins")
			w.(http.Flusher).Flush()
		}
		<-release
	})
	defer close(release)
	for _, path := range []string{"/headers", "/body"} {
		_, err := get(t, client(t, egress.Options{Allow: loopback, Timeout: 50 * time.Millisecond}), s.URL+path)
		if egress.KindOf(err) != egress.Timeout {
			t.Errorf("%s: %v, want a timeout", path, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
	if _, err := client(t, egress.Options{Allow: loopback}).Do(req); egress.KindOf(err) != egress.Cancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it cancelled", err)
	}
}

func TestErrorsKeepTheQuery(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1:1/?key=s3cr3t", "http://name.invalid/?key=s3cr3t"} {
		_, err := get(t, client(t, egress.Options{Timeout: 2 * time.Second}), url)
		if err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%v", err)
		}
	}
}

func TestNetworkFailure(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	if _, err := get(t, client(t, egress.Options{Allow: loopback}), url); egress.KindOf(err) != egress.Network {
		t.Errorf("%v, want a network failure", err)
	}
}

func TestUserAgentAndHead(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("X-Agent", r.UserAgent())
	})
	req, err := http.NewRequestWithContext(t.Context(), "HEAD", s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t, egress.Options{Allow: loopback, UserAgent: "Tester/1", MaxBody: 10}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("Tester/1", resp.Header.Get("X-Agent")); diff != "" || len(resp.Body) != 0 {
		t.Errorf("%d bytes, (-want +got):\n%s", len(resp.Body), diff)
	}
}

// Whoever is called over TLS has to show who they are, by a protocol of this
// decade.
func TestTLS(t *testing.T) {
	trusted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(trusted.Close)
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	t.Cleanup(old.Close)
	for _, s := range []*httptest.Server{trusted, old} {
		s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	}
	for what, url := range map[string]string{"unknown authority": trusted.URL, "protocol version": old.URL} {
		_, err := get(t, client(t, egress.Options{Allow: loopback}), url)
		var known *egress.Error
		if !errors.As(err, &known) || !strings.Contains(err.Error(), what) {
			t.Errorf("want an error about %s, got %v", what, err)
		}
	}
}
