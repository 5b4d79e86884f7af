package dist_test

import (
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/tandem-ipaas/tandem/internal/dist"
)

// Two programs of one build are served under paths of their own; neither gives the
// other's page.
func TestPages(t *testing.T) {
	files, err := dist.Read(fstest.MapFS{
		"index.html": {Data: []byte("console")}, "account.html": {Data: []byte("account")}, "scheme.js": {Data: []byte("scheme")},
		"assets/a-1.js": {Data: []byte("script")}, "assets/a-1.js.map": {Data: []byte("map")},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := files.Handler("/account/", "account.html")
	for path, want := range map[string]string{
		"/account/7/": "account", "/account/7/cycles/x.y": "account", "/account/index.html": "account", "/account/account.html": "account",
		"/account/scheme.js": "scheme", "/account/assets/a-1.js": "script",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if got := w.Body.String(); w.Code != 200 || got != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, got, want)
		}
	}
	for _, path := range []string{"/account/assets/a-1.js.map", "/account/assets/none.js"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
