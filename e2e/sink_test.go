package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sink is a third party that remembers each event by its idempotency key, and
// lists items.
type sink struct {
	*httptest.Server
	t       testing.TB
	items   int           // that it lists
	slow    time.Duration // that it takes to answer
	calls   atomic.Int64
	refuses atomic.Bool   // what it is sent, with 400
	arrived atomic.Int64  // requests, before they are answered
	heard   atomic.Int64  // requests whose sender had not given them up when they were answered
	pages   atomic.Int64  // listed
	asked   chan struct{} // holds something when a request came since it was emptied
	came    func()        // is called for each request, before it is answered; nil: nothing is
	listed  func()        // is called when a list has been sent; nil: nothing is
	mu      sync.Mutex
	event   map[string]string // by key
}

func newSink(t testing.TB) *sink {
	s := &sink{t: t, event: map[string]string{}, asked: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /deliver", s.deliver)
	mux.HandleFunc("GET /items", s.list)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// ask says that a request came.
func (s *sink) ask() {
	select {
	case s.asked <- struct{}{}:
	default: // it was said
	}
	if s.came != nil {
		s.came()
	}
}

// busy waits for the next request. It is false if none comes for so long.
func (s *sink) busy(limit time.Duration) bool {
	select {
	case <-s.asked: // from before
	default:
	}
	select {
	case <-s.asked:
		return true
	case <-time.After(limit):
		return false
	}
}

func (s *sink) deliver(w http.ResponseWriter, r *http.Request) {
	s.arrived.Add(1)
	s.ask()
	var in struct{ ID string }
	key := r.Header.Get("Idempotency-Key")
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.ID == "" || key == "" {
		s.t.Errorf("the sink got key %q, event %q, error %v", key, in.ID, err)
	}
	time.Sleep(s.slow)
	if r.Context().Err() == nil {
		s.heard.Add(1)
	}
	if s.refuses.Load() {
		http.Error(w, "not now", http.StatusBadRequest)
		return
	}
	s.calls.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if was, ok := s.event[key]; ok && was != in.ID {
		s.t.Errorf("key %s came with event %s and with %s", key, was, in.ID)
	}
	s.event[key] = in.ID
	fmt.Fprintf(w, `{"count":%d}`, len(s.event))
}

// list lists a page of the items, or all if no size is asked for.
func (s *sink) list(w http.ResponseWriter, r *http.Request) {
	s.ask()
	time.Sleep(s.slow)
	s.pages.Add(1)
	type item struct {
		ID string `json:"id"`
	}
	out := struct {
		Items []item `json:"items"`
	}{[]item{}}
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // none: 0
	size, _ := strconv.Atoi(r.URL.Query().Get("size"))
	first, end := 0, s.items
	if size > 0 {
		first, end = (page-1)*size, min(page*size, s.items)
	}
	for i := first; i < end; i++ {
		out.Items = append(out.Items, item{fmt.Sprintf("item-%d", i)})
	}
	body, err := json.Marshal(out)
	if err != nil {
		s.t.Errorf("list: %v", err)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // it is whole when it was sent
	_, err = w.Write(body)
	if err = errors.Join(err, http.NewResponseController(w).Flush()); err != nil {
		s.t.Logf("nobody reads the list any more: %v", err)
	}
	if s.listed != nil {
		s.listed()
	}
}

func (s *sink) keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for k := range s.event {
		all = append(all, k)
	}
	return all
}

// byEvent gives the keys under which each event came.
func (s *sink) byEvent() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]string{}
	for k, id := range s.event {
		all[id] = append(all[id], k)
	}
	return all
}
