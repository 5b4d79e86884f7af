package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/client"
)

// TestSetUp holds the order and content of the calls that make the
// cycles.
func TestSetUp(t *testing.T) {
	var calls []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls = append(calls, r.Method+" "+r.URL.Path)
		if r.URL.Path == "/oauth/token" {
			if id, secret, _ := r.BasicAuth(); id != "id" || secret != "secret" || r.FormValue("grant_type") != "client_credentials" {
				t.Errorf("token asked for with %q, %q, %q", id, secret, r.FormValue("grant_type"))
			}
			fmt.Fprint(w, `{"access_token":"tok","expires_in":3600}`)
			return
		}
		if r.Header.Get("Authorization") != "Bearer tok" || r.Header.Get("X-Tandem-Account") != account {
			t.Errorf("%s: headers %v", r.URL.Path, r.Header)
		}
		fmt.Fprint(w, reply(t, r))
	}))
	defer srv.Close()
	urls, err := setUp(t.Context(), client.New(srv.URL, "id", "secret"), "../..", "http://sink")
	if err != nil {
		t.Fatal(err)
	}
	want := map[Work]string{Map: "http://hook/Bench: map", Script: "http://hook/Bench: map by script", Split: "http://hook/Bench: split", LookUp: "http://hook/Bench: look up"}
	if d := cmp.Diff(want, urls); d != "" {
		t.Errorf("webhooks (-want +got):\n%s", d)
	}
	begin := []string{"POST /oauth/token", "POST /v1.0/accounts", "POST /v1.0/connectors/Bench sink/install"}
	if d := cmp.Diff(begin, calls[:3]); d != "" || len(calls) != 3+4*4 {
		t.Errorf("%d calls; the first (-want +got):\n%s", len(calls), d)
	}
}

// reply answers as the API does; the ids are the template's name.
func reply(t *testing.T, r *http.Request) string {
	t.Helper()
	_, path, _ := strings.Cut(r.URL.Path, "/v1.0/")
	part := strings.Split(path, "/")
	var in struct {
		Name       string
		Properties []map[string]string
	}
	if r.ContentLength > 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	switch {
	case path == "templates/import":
		return fmt.Sprintf(`{"Id":%q}`, in.Name)
	case part[0] == "templates":
		return fmt.Sprintf(`{"Id":%q}`, part[1])
	case part[0] == "connectors" && (len(in.Properties) != 1 || in.Properties[0]["Value"] != "http://sink"):
		t.Errorf("properties %v", in.Properties)
	case part[len(part)-1] == "steps":
		return fmt.Sprintf(`[{"Name":"Deliver"},{"WebhookUrl":"http://hook/%s"}]`, part[1])
	}
	return "{}"
}

// TestProcessThatEnds: a program that ends at once is reported with its log,
// not waited for.
func TestProcessThatEnds(t *testing.T) {
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err) // the test itself is run by it
	}
	p, err := launch(t.Context(), t.TempDir(), nil, program, "no-such-command")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	err = awaitReady(t.Context(), "http://127.0.0.1:1", p)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(err.Error(), "no-such-command") || time.Since(start) > 20*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}
