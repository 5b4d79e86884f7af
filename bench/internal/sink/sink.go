// Package sink is where deliveries end. It checks every one: its content, that
// it came once, and how long it took since the event was sent.
package sink

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
)

// Sink is an HTTP server:
//
//	POST /sink          a delivery
//	GET  /stub/lookup   {"tier":"gold","score":87}
type Sink struct {
	URL string
	srv *http.Server

	mu    sync.Mutex
	tier  string // that deliveries must have
	seen  map[string]struct{}
	ends  []time.Duration
	stats Stats
}

// Stats is what has arrived since the last Reset.
type Stats struct {
	Count      int64 // deliveries, whatever they hold
	Lookups    int64
	Duplicates int64
	Wrong      int64
	WrongBody  string // one of the wrong ones
	Last       time.Time
	EndToEnd   latency.Summary
}

// Start listens on a free port of the loopback.
func Start() (*Sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sink{URL: "http://" + l.Addr().String()}
	s.Reset("")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sink", s.deliver)
	mux.HandleFunc("GET /stub/lookup", s.lookup)
	s.srv = &http.Server{Handler: mux}
	go func() {
		if err := s.srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // the listener is ours: it fails only by a defect
		}
	}()
	return s, nil
}

// Close stops the server.
func (s *Sink) Close() error { return s.srv.Close() }

// Reset forgets what has arrived. From now on deliveries must have this tier.
func (s *Sink) Reset(tier string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tier, s.stats, s.ends = tier, Stats{}, s.ends[:0]
	s.seen = make(map[string]struct{}, len(s.seen))
}

// Count is how many deliveries have arrived.
func (s *Sink) Count() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats.Count
}

// Stats sums up what has arrived.
func (s *Sink) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.EndToEnd = latency.Summarize(s.ends)
	return st
}

func (s *Sink) lookup(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.stats.Lookups++
	s.mu.Unlock()
	answer(w, `{"tier":"gold","score":87}`)
}

func (s *Sink) deliver(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	d, ok := parse(body)
	s.mu.Lock()
	s.count(d, ok, now, body)
	s.mu.Unlock()
	answer(w, `{"ok":true}`)
}

func (s *Sink) count(d delivery, ok bool, now time.Time, body []byte) {
	s.stats.Count++
	s.stats.Last = now
	if !ok || d.Tier != s.tier {
		s.stats.Wrong++
		s.stats.WrongBody = string(body)
		return
	}
	if _, twice := s.seen[d.ExternalID]; twice {
		s.stats.Duplicates++
	}
	s.seen[d.ExternalID] = struct{}{}
	s.ends = append(s.ends, now.Sub(time.UnixMicro(d.T0)))
}

func answer(w http.ResponseWriter, body string) {
	w.Header()["Content-Type"] = []string{"application/json"}
	_, _ = io.WriteString(w, body) // the caller has gone; it will deliver again
}

// delivery is what every work delivers; the tier in work C only.
type delivery struct {
	ExternalID string  `json:"externalId"`
	FullName   string  `json:"fullName"`
	Email      string  `json:"email"`
	Total      float64 `json:"total"`
	Country    string  `json:"country"`
	T0         int64   `json:"t0"` // microseconds since 1970
	Tier       string  `json:"tier"`
}

// constant is what every right delivery holds, as encoders usually write it.
var constant = [][]byte{
	[]byte(`"fullName":"Ada Lovelace"`), []byte(`"email":"ada@example.com"`),
	[]byte(`"total":1299.5`), []byte(`"country":"GB"`),
}

// parse reads a delivery, and says whether its content is right. Most are
// written in the usual way, and need no JSON decoder.
func parse(body []byte) (delivery, bool) {
	if d, ok := scan(body); ok {
		return d, true
	}
	var d delivery
	if err := json.Unmarshal(body, &d); err != nil {
		return d, false
	}
	return d, d.ExternalID != "" && d.T0 > 0 && d.FullName == "Ada Lovelace" &&
		d.Email == "ada@example.com" && d.Total == 1299.5 && d.Country == "GB"
}

func scan(body []byte) (d delivery, ok bool) {
	if !bytes.HasPrefix(body, []byte("{")) || !bytes.HasSuffix(body, []byte("}")) {
		return d, false
	}
	for _, c := range constant {
		at := bytes.Index(body, c)
		if at < 0 || (body[at+len(c)] != ',' && body[at+len(c)] != '}') {
			return d, false
		}
	}
	_, id, _ := bytes.Cut(body, []byte(`"externalId":"`))
	id, _, ok = bytes.Cut(id, []byte(`"`))
	_, t0, _ := bytes.Cut(body, []byte(`"t0":`))
	for _, c := range t0 {
		if c < '0' || c > '9' {
			break
		}
		d.T0 = d.T0*10 + int64(c-'0')
	}
	if bytes.Contains(body, []byte(`"tier":"gold"`)) {
		d.Tier = "gold"
	}
	d.ExternalID = string(id)
	return d, ok && d.ExternalID != "" && d.T0 > 0
}
