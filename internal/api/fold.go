package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// segment is a step in the tree of known paths.
type segment struct {
	fixed   map[string]*segment // by lower-case name
	named   *segment            // {name}: any
	queries map[string]map[string]string
}

// synonyms are query names that stand for others.
var synonyms = map[string]string{"per_page": "pageSize"}

// add makes a path known, with the query names of its method.
func (s *segment) add(method, path string, queries []string) {
	for _, name := range strings.Split(path, "/")[1:] {
		s = s.grow(name)
	}
	known := map[string]string{}
	for short, long := range synonyms {
		if slices.Contains(queries, long) {
			known[short] = long
		}
	}
	for _, q := range queries {
		known[strings.ToLower(q)] = q
	}
	if s.queries == nil {
		s.queries = map[string]map[string]string{}
	}
	s.queries[method] = known
}

func (s *segment) grow(name string) *segment {
	if strings.HasPrefix(name, "{") {
		if s.named == nil {
			s.named = &segment{}
		}
		return s.named
	}
	if s.fixed == nil {
		s.fixed = map[string]*segment{}
	}
	if s.fixed[name] == nil {
		s.fixed[name] = &segment{}
	}
	return s.fixed[name]
}

// find walks an escaped path, and gives it in its known spelling; nil if there
// is no such path. Names win over places for any name, as in http.ServeMux.
func (s *segment) find(path string) (*segment, string) {
	var out strings.Builder
	for _, name := range strings.Split(strings.TrimSuffix(path, "/"), "/")[1:] {
		if name == "" || name == "." || name == ".." {
			return nil, ""
		}
		lower := strings.ToLower(name)
		switch {
		case s.fixed[lower] != nil:
			s, name = s.fixed[lower], lower
		case s.named != nil:
			s = s.named
		default:
			return nil, ""
		}
		out.WriteString("/" + name)
	}
	if s.queries == nil {
		return nil, ""
	}
	return s, out.String()
}

// methods are those of a known path, sorted.
func (s *segment) methods() []string {
	var all []string
	for m := range s.queries {
		all = append(all, m)
	}
	if slices.Contains(all, http.MethodGet) {
		all = append(all, http.MethodHead)
	}
	slices.Sort(all)
	return all
}

// fold is r in the spelling that its route knows.
func (s *segment) fold(r *http.Request, path string) *http.Request {
	f, u := r.WithContext(r.Context()), *r.URL
	f.URL = &u
	f.URL.RawPath = path
	f.URL.Path, _ = url.PathUnescape(path) // was parsed once already
	f.URL.RawQuery = foldQuery(s.queries[methodOf(r)], r.URL.RawQuery)
	return f
}

// methodOf is the method of the route that answers r.
func methodOf(r *http.Request) string {
	if r.Method == http.MethodHead {
		return http.MethodGet
	}
	return r.Method
}

func foldQuery(known map[string]string, raw string) string {
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if to, ok := known[strings.ToLower(plain)]; err == nil && ok && found {
			pairs[i] = to + "=" + value
		}
	}
	return strings.Join(pairs, "&")
}

// queryNames are those that an operation takes.
func queryNames(op *huma.Operation) []string {
	var names []string
	for _, p := range op.Parameters {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return names
}
