package workbench_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector/openapi"
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
			a := workbench.Attempt{Reach: workbench.Reach{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, Recording: recording.Recording{
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

// TestRoots tries and imports from a server that nobody trusts but a file.
func TestRoots(t *testing.T) {
	party := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/openapi.json" {
			_, _ = io.WriteString(w, `{"openapi":"3.0.0","info":{"title":"Private","version":"1"},"paths":{"/a":{"get":{"operationId":"a","responses":{"200":{"description":"ok"}}}}}}`)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	party.Config.ErrorLog = log.New(io.Discard, "", 0) // of those who do not trust it
	t.Cleanup(party.Close)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: party.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := workbench.Check(t.Context(), filepath.Join("..", "..", "connectors", "generic-webhook"))
	if err != nil {
		t.Fatal(err)
	}
	for file, trusted := range map[string]bool{roots: true, "": false, roots + "-not": false} {
		reach := workbench.Reach{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: file}
		if _, _, err := workbench.Import(t.Context(), party.URL+"/openapi.json", reach, openapi.Options{}); (err == nil) != trusted {
			t.Errorf("imported with the certificates of %q: %v", file, err)
		}
		a := workbench.Attempt{Reach: reach, Recording: recording.Recording{Method: "GET", Properties: map[string]string{"Url": party.URL}, Parameters: map[string]string{"URL": party.URL}}}
		if _, err := workbench.Try(t.Context(), c, a); (err == nil) != trusted {
			t.Errorf("tried with the certificates of %q: %v", file, err)
		}
	}
}
