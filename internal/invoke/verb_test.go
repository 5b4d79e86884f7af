package invoke_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
)

// Every verb that a method can have is sent; the answer to HEAD has no body.
func TestVerbs(t *testing.T) {
	p := newParty(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"ok":true}`) })
	for _, verb := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} {
		result, err := newCaller(t).Call(t.Context(), method(p.URL, connector.Method{HTTPMethod: verb}))
		if err != nil {
			t.Errorf("%s: %v", verb, err)
			continue
		}
		if got := p.last(t).Method; got != verb {
			t.Errorf("%s was sent as %s", verb, got)
		}
		if got := document(result); (got == nil) != (verb == "HEAD") {
			t.Errorf("%s: document %v", verb, got)
		}
	}
}
