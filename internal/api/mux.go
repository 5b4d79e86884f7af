package api

import (
	"net/http"
	"strings"
)

// customConnectors is where a partner's own connectors are.
const customConnectors = "/v1.0/account/connectors/custom"

// mux finds the handler of a path that [segment.find] has found. What is beneath
// customConnectors has a table of its own: http.ServeMux takes …/custom/{id} for
// neither more nor less exact than …/{id}/properties, and refuses to have both.
type mux struct{ custom, rest *http.ServeMux }

func newMux() mux { return mux{http.NewServeMux(), http.NewServeMux()} }

func (m mux) table(path string) *http.ServeMux {
	if path == customConnectors || strings.HasPrefix(path, customConnectors+"/") {
		return m.custom
	}
	return m.rest
}

// HandleFunc takes a pattern with a method.
func (m mux) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	_, path, _ := strings.Cut(pattern, " ")
	m.table(path).HandleFunc(pattern, handle)
}

func (m mux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.table(r.URL.Path).ServeHTTP(w, r) }
