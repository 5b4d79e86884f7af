package fake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/recording"
)

// Server is the world: its first folder is the host that is meant.
type Server struct {
	recording.Stage

	mu    sync.Mutex
	calls []Call
}

// Call is a request that came.
type Call struct {
	Host, Method, Path, Query string
	Header                    http.Header
	Status                    int
}

// Host is an application, or a part of one, and where it is; a name that begins
// with a dot is that of all hosts beneath it.
type Host struct {
	Name    string
	Handler http.Handler
}

// New starts a world of hosts, which ends with the test.
func New(t testing.TB, hosts ...Host) *Server {
	t.Helper()
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := recording.Host(r.URL)
		at := slices.IndexFunc(hosts, func(h Host) bool {
			return h.Name == name || strings.HasPrefix(h.Name, ".") && strings.HasSuffix(name, h.Name)
		})
		seen := &status{ResponseWriter: w, status: http.StatusOK}
		if at < 0 {
			http.Error(seen, "there is no host "+name, http.StatusBadGateway)
		} else {
			r.Host = name
			hosts[at].Handler.ServeHTTP(seen, r)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls = append(s.calls, Call{name, r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), seen.status})
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) {
	s.status = code
	s.ResponseWriter.WriteHeader(code)
}

// Calls are the requests that came since the last time it was asked.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.calls = nil }()
	return s.calls
}

// Library writes a folder of definitions that call this world, under names that
// end in "(fake)", and gives its path.
func (s *Server) Library(t testing.TB, folders ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, from := range folders {
		name := filepath.Join(from, "connector.yaml")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := connector.Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = s.Connector(c); err != nil {
			t.Fatal(err)
		}
		c.Name, c.Icon = c.Name+" (fake)", ""
		document, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{`"EndPoint":`, `"Endpoint":`, c.UniqueIdentifier, another(c.UniqueIdentifier)}
		for _, m := range c.Methods { // triggers may name them so
			names = append(names, m.MethodUniqueIdentifier, another(m.MethodUniqueIdentifier))
		}
		document = []byte(strings.NewReplacer(names...).Replace(string(document)))
		to := filepath.Join(dir, filepath.Base(from))
		if err := os.Mkdir(to, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, "connector.yaml"), document, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// another is a GUID made of one, the same each time.
func another(guid string) string {
	const hex = "0123456789abcdef"
	return string(hex[(strings.IndexByte(hex, guid[0]|0x20&0x7f)+1)%16]) + guid[1:]
}
