package load

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestBodiesAreJSONOfOneLength(t *testing.T) {
	now := time.UnixMicro(1_800_000_000_000_000)
	for name, body := range map[string]Body{"event": Event, "items": Items(3)} {
		one, two := body(nil, 1, now), body(nil, 99999, now)
		if !json.Valid(one) || len(one) != len(two) {
			t.Errorf("%s: valid %v, lengths %d and %d", name, json.Valid(one), len(one), len(two))
		}
	}
	if n := len(Event(nil, 1, now)); n < 900 || n > 1300 {
		t.Errorf("an event has %d bytes", n)
	}
}

// TestRun counts answers of every framing, and refusals.
func TestRun(t *testing.T) {
	var mu sync.Mutex
	ids := map[string]bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ ID string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Errorf("body: %v", err)
		}
		mu.Lock()
		ids[in.ID] = true
		n := len(ids)
		mu.Unlock()
		switch n % 5 {
		case 0:
			http.Error(w, "busy", http.StatusServiceUnavailable)
		case 1:
			w.(http.Flusher).Flush() // no length: chunks
			_, _ = io.WriteString(w, strings.Repeat("chunk", 2000))
		case 2:
			w.Header().Set("Connection", "close")
		case 3:
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = io.WriteString(w, "ok")
		}
	}))
	defer srv.Close()
	var g Generator
	r, err := g.Run(t.Context(), Options{URL: srv.URL + "/a?b=c", Connections: 4, Duration: 10 * time.Second, Requests: 100, Body: Event})
	if err != nil {
		t.Fatal(err)
	}
	if r.OK != 80 || r.Refused != 20 || r.Failed != 0 || len(ids) != 100 {
		t.Errorf("%d ids; result %+v", len(ids), r)
	}
	if !strings.Contains(r.Problem, "503 busy") {
		t.Errorf("problem %q", r.Problem)
	}
	if r.Answer.P50 <= 0 || r.Answer.P99 < r.Answer.P50 {
		t.Errorf("answer %+v", r.Answer)
	}
}

func TestRunEndsInTime(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	var g Generator
	r, err := g.Run(t.Context(), Options{URL: srv.URL, Connections: 2, Duration: 50 * time.Millisecond, Body: Event})
	if took := r.End.Sub(r.Start); err != nil || r.OK == 0 || took < 50*time.Millisecond || took > 30*time.Second {
		t.Errorf("took %v: %+v, %v", took, r, err)
	}
}

func TestRunCountsWhatGetsNoAnswer(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	var g Generator
	r, err := g.Run(t.Context(), Options{URL: srv.URL, Connections: 1, Duration: time.Minute, Requests: 2, Body: Event})
	if err != nil || r.Failed != 2 || r.Problem == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// FuzzAnswer holds the reader of answers to: no panic, and no length but what
// was there.
func FuzzAnswer(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	f.Add("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	f.Add("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")
	f.Fuzz(func(t *testing.T, answer string) {
		r := bufio.NewReader(strings.NewReader(answer))
		h, err := readHead(r)
		if err != nil {
			return
		}
		text, err := readBody(r, h)
		if err == nil && (len(text) > maxText || len(text) > len(answer)) {
			t.Errorf("text of %d bytes", len(text))
		}
	})
}
