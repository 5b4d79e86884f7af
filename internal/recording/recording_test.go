package recording_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/recording"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
)

// TestMain makes the test's program the worker of scripts too, as the command is.
func TestMain(m *testing.M) { os.Exit(scripttest.Main(m.Run)) }

// Every method of the library that was recorded makes the same request again, and
// the same document of the answer; nothing that was recorded is secret.
func TestLibrary(t *testing.T) {
	files, err := filepath.Glob("../../connectors/*/testdata/*.json")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{})
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	player := recording.Player{Options: invoke.Options{Scripts: pool}}
	definitions := map[string]*connector.Connector{}
	for _, file := range files {
		folder := filepath.Dir(filepath.Dir(file))
		t.Run(filepath.Base(folder)+"/"+strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := recording.Secrets(text); len(found) > 0 {
				t.Errorf("it has %q", found)
			}
			r, err := recording.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			c := definitions[folder]
			if c == nil {
				c = read(t, folder)
				definitions[folder] = c
			}
			if err := player.Play(t.Context(), c, r); err != nil {
				t.Error(err)
			}
		})
	}
}

func read(t *testing.T, folder string) *connector.Connector {
	t.Helper()
	name := filepath.Join(folder, "connector.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := connector.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A change of what is requested, or of what is made of the answer, is told.
func TestPlayTells(t *testing.T) {
	c := read(t, "../../connectors/sample-crm")
	text, err := os.ReadFile("../../connectors/sample-crm/testdata/create-contact.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ old, new, told string }{
		{`"HttpMethod": "POST"`, `"HttpMethod": "PUT"`, "HttpMethod is POST, was PUT"},
		{`/api/contacts"`, `/api/contact"`, "Url is https://example.com/api/contacts"},
		{`"X-Api-Key": "***"`, `"X-Api-Key": "key"`, "header X-Api-Key"},
		{`"company": "Engines Ltd"`, `"company": "Looms Ltd"`, "Body is"},
		{`"Status": 201,`, `"Status": 201, "Headers": {"X-A": "b"},`, ""},
		{`"Status": 201`, `"Status": 404`, ""},
	} {
		r, err := recording.Parse([]byte(strings.Replace(string(text), change.old, change.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		err = recording.Player{}.Play(t.Context(), c, r)
		if (err == nil) != (change.told == "") || err != nil && !strings.Contains(err.Error(), change.told) {
			t.Errorf("%s: %v, want %q", change.new, err, change.told)
		}
	}
}

func TestSecrets(t *testing.T) {
	for text, secret := range map[string]bool{
		`{"Authorization": "Bearer ***", "email": "ada@example.com"}`: false,
		`{"access_token": "example"}`:                                 false,
		`{"url": "https://api.example.com/v1/contacts?limit=100"}`:    false,
		`{"Authorization": "Bearer c2VjcmV0LXNlY3JldA"}`:              true,
		`{"x": "sk_` + `live_4242424242424242"}`:                      true,
		`{"x": "xoxb-` + `12345678901-abcdefghij"}`:                   true,
		`{"x": "AKIA` + `IOSFODNN7EXAMPLX"}`:                          true,
		`{"refresh_token": "0123456789"}`:                             true,
		`-----BEGIN RSA ` + `PRIVATE KEY-----`:                        true,
		`{"email": "somebody@gmail.com"}`:                             true,
		`{"jwt": "eyJhbGciOiJSUzI1NiJ9` + `.eyJpc3MiOiJleGFtcGxl.x"}`: true,
	} {
		if found := recording.Secrets([]byte(text)); (len(found) > 0) != secret {
			t.Errorf("%s: %q", text, found)
		}
	}
}
