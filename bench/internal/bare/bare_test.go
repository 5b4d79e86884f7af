package bare

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
)

// TestWorks sends events through every work of both baselines, and has the
// sink check what comes of them.
func TestWorks(t *testing.T) {
	t.Run("bare", func(t *testing.T) {
		base, stop := start(t, "")
		t.Cleanup(stop)
		if status := post(t, base, "x"); status != http.StatusBadGateway {
			t.Errorf("an event that is no JSON: status %d", status)
		}
	})
	t.Run("sqlite", func(t *testing.T) {
		db := filepath.Join(t.TempDir(), "bare.db")
		base, stop := start(t, db)
		if status := post(t, base, "x"); status != http.StatusAccepted {
			t.Errorf("an event that is no JSON: status %d", status)
		}
		stop()
		checkJournal(t, db)
	})
}

// start runs a baseline and takes it through the works.
func start(t *testing.T, db string) (base string, stop func()) {
	t.Helper()
	s, err := sink.Start()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, s.URL, db, in) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.Close()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base = strings.TrimSpace(line)
	drive(t, s, base)
	return base, stop
}

func drive(t *testing.T, s *sink.Sink, base string) {
	t.Helper()
	var g load.Generator
	for _, tt := range []struct {
		path, tier         string
		body               load.Body
		delivered, lookups int64
	}{
		{"/a", "", load.Event, 20, 0},
		{"/b", "", load.Items(10), 200, 0},
		{"/c", "gold", load.Event, 20, 20},
	} {
		s.Reset(tt.tier)
		r, err := g.Run(t.Context(), load.Options{URL: base + tt.path, Connections: 4, Duration: 10 * time.Second, Requests: 20, Body: tt.body})
		if err != nil || r.OK != 20 {
			t.Fatalf("%s: %+v, %v", tt.path, r, err)
		}
		arrived(t, s, tt.delivered)
		if st := s.Stats(); st.Count != tt.delivered || st.Wrong+st.Duplicates != 0 || st.Lookups != tt.lookups {
			t.Errorf("%s: %+v", tt.path, st)
		}
	}
}

func post(t *testing.T, base, body string) (status int) {
	t.Helper()
	resp, err := http.Post(base+"/a", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func arrived(t *testing.T, s *sink.Sink, n int64) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); s.Count() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d deliveries within 10 s", s.Count(), n)
		}
	}
}

// checkJournal: all events are there, whole.
func checkJournal(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := os.Stat(file + "-wal"); err == nil {
		t.Error("the write-ahead log is still there")
	}
	var n, small int
	if err := db.QueryRow(`SELECT count(*), count(*) FILTER (WHERE length(input) < 900) FROM execution`).Scan(&n, &small); err != nil {
		t.Fatal(err)
	}
	if n != 61 || small != 1 {
		t.Errorf("%d executions, %d of them small; want 61 and 1", n, small)
	}
}
