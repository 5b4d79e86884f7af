// Package buckettest is a server that speaks like Amazon S3, over HTTP on loopback, for
// tests. It refuses what is not signed as Signature Version 4 says, which it checks by
// code of its own: who signs and who checks should not share a mistake.
package buckettest

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The key that the server knows, and the bucket that it has.
const (
	KeyID  = "AKIDEXAMPLE"
	Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	Region = "eu-test-1"
	Name   = "step-data"
)

// pageSize is how many names a page has: few, so that tests see several.
const pageSize = 3

// Server has one bucket.
type Server struct {
	URL string

	mu      sync.Mutex
	objects map[string]object
	fail    func(r *http.Request) int
	refused int
}

type object struct {
	data []byte
	at   time.Time
}

// New starts a server, which stops when t ends.
func New(t testing.TB) *Server {
	s := &Server{objects: map[string]object{}}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Address is where a prefix in its bucket is, as operators write it.
func (s *Server) Address(prefix string) string {
	return "s3://" + Name + "/" + prefix + "?region=" + Region + "&endpoint=" + s.URL
}

// Fail has requests answered with a status that fail gives; 0 leaves them alone. nil:
// all are left alone.
func (s *Server) Fail(fail func(r *http.Request) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

// Age makes all objects older.
func (s *Server) Age(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, o := range s.objects {
		o.at = o.at.Add(-by)
		s.objects[name] = o
	}
}

// Names are those of all objects, in order.
func (s *Server) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names("")
}

// Refused counts requests whose signature was wrong.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

func (s *Server) names(prefix string) (all []string) {
	for name := range s.objects {
		if strings.HasPrefix(name, prefix) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if status := s.fail(r); status != 0 {
			refuse(w, status, "SlowDown")
			return
		}
	}
	if !signed(r, body) {
		s.refused++
		refuse(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, "/"+Name+"/")
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	s.serve(w, r, name, body)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	switch o, there := s.objects[name]; {
	case r.Method == http.MethodPut:
		s.objects[name] = object{body, time.Now()}
	case r.Method == http.MethodDelete:
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case name == "" && r.URL.Query().Get("list-type") == "2":
		s.list(w, r.URL.Query().Get("prefix"), r.URL.Query().Get("continuation-token"))
	case !there:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		_, _ = w.Write(o.data)
	}
}

func (s *Server) list(w http.ResponseWriter, prefix, after string) {
	type content struct {
		Key          string
		LastModified time.Time
	}
	page := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Contents              []content
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
	}{}
	for _, name := range s.names(prefix) {
		if name <= after {
			continue
		}
		if len(page.Contents) == pageSize {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[pageSize-1].Key
			break
		}
		page.Contents = append(page.Contents, content{name, s.objects[name].at.UTC()})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: code, Message: "refused by the test"})
}
