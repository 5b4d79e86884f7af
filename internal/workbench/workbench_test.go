package workbench_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/recording"
	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
	"github.com/tandem-ipaas/tandem/internal/workbench"
)

// TestMain makes the test's program the worker of scripts too, as the command is.
func TestMain(m *testing.M) { os.Exit(scripttest.Main(m.Run)) }

// TestRequestUtilities calls each method of the library that requests any address:
// verb, body and further headers arrive.
func TestRequestUtilities(t *testing.T) {
	type request struct{ Method, Path, Type, Source, Body string }
	var got request
	party := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body) // what did not arrive is told by the comparison
		got = request{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("X-Source"), string(text)}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(party.Close)
	const inJSON, inForm = "application/json", "application/x-www-form-urlencoded"
	given := map[string]any{"a": "b c"}
	for _, tt := range []struct {
		folder, method string
		body           any
		want           request
	}{
		{"generic-webhook", "GET", nil, request{Method: "GET"}},
		{"generic-webhook", "POST", given, request{Method: "POST", Type: inJSON, Body: `{"a":"b c"}`}},
		{"generic-webhook", "PUT", given, request{Method: "PUT", Type: inJSON, Body: `{"a":"b c"}`}},
		{"generic-webhook", "PATCH", given, request{Method: "PATCH", Type: inJSON, Body: `{"a":"b c"}`}},
		{"generic-webhook", "DELETE", nil, request{Method: "DELETE"}},
		{"generic-form", "Post Form", given, request{Method: "POST", Type: inForm, Body: "a=b+c"}},
		{"error-webhook", "Send Error", map[string]any{"ShortMessage": "It broke."}, request{Method: "POST", Type: inJSON, Body: `{"ErrorLevel":"Error","ShortMessage":"It broke."}`}},
	} {
		t.Run(tt.folder+"/"+tt.method, func(t *testing.T) {
			c, err := workbench.Check(t.Context(), filepath.Join("..", "..", "connectors", tt.folder))
			if err != nil {
				t.Fatal(err)
			}
			url := party.URL + "/at?q=1"
			a := workbench.Attempt{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Recording: recording.Recording{
				Method: tt.method, Body: tt.body,
				Properties: map[string]string{"Url": url}, Parameters: map[string]string{"URL": url, "Headers": "X-Source: tandem\n"},
			}}
			r, err := workbench.Try(t.Context(), c, a)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Path = "/at?q=1"
			if tt.folder != "error-webhook" { // which has no further headers
				tt.want.Source = "tandem"
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if string(r.Response.Body) != `{"ok":true}` {
				t.Errorf("answered %s", r.Response.Body)
			}
		})
	}
}
