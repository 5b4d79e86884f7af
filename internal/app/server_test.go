package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// slow is a request whose body does not come to its end.
const slow = "POST /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"

// A body may take so long and no longer, whether somebody reads it or not.
func TestSlowBodies(t *testing.T) {
	const limit = 100 * time.Millisecond
	read := make(chan error, 1)
	url := listen(t, patient(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/read" {
			_, err := io.ReadAll(r.Body)
			read <- err
		}
	}), limit))
	for _, path := range []string{"read", "ignore"} {
		conn := dial(t, url)
		fmt.Fprintf(conn, slow, path)
		if _, err := io.Copy(io.Discard, conn); err != nil { // until the server hangs up
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := <-read; err == nil {
		t.Error("a body that did not come was read to its end")
	}
}

// The bound is on the body alone: a handler may take longer, a live stream as
// long as it likes, and a client that leaves is noticed.
func TestPatienceEndsWithTheBody(t *testing.T) {
	const limit = 200 * time.Millisecond
	left := make(chan struct{})
	url := listen(t, patient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/stream" {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			close(left)
			return
		}
		select {
		case <-r.Context().Done():
			w.WriteHeader(http.StatusTeapot)
		case <-time.After(3 * limit):
		}
	}), limit))
	for range 2 { // the second over the same connection
		resp, err := http.Post(url, "text/plain", strings.NewReader("a body"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Error("the request was given up")
		}
	}
	conn := dial(t, url)
	fmt.Fprint(conn, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	select {
	case <-left:
		t.Error("the stream was given up")
	case <-time.After(3 * limit):
	}
	conn.Close()
	select {
	case <-left:
	case <-time.After(time.Minute):
		t.Error("that the client left was not noticed")
	}
}

// listen serves h as an installation is served.
func listen(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, slog.New(slog.DiscardHandler), l, h, func() {}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// dial connects for five seconds at most.
func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}
