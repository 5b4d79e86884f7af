package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

var update = flag.Bool("update", false, "write the console's copy of the OpenAPI document anew")

// consoleCopy is what the console's types are made from; see CONTRIBUTING.md.
const consoleCopy = "../../web/gen/openapi.json"

func TestConsoleKnowsTheDocument(t *testing.T) {
	a, err := api.New(slog.New(slog.DiscardHandler), api.Services{}, api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	a.ServeHTTP(answer, httptest.NewRequest("GET", "/v1.0/openapi.json", nil))
	var want bytes.Buffer
	if err := json.Indent(&want, answer.Body.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(consoleCopy, append(want.Bytes(), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(consoleCopy)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(got), want.Bytes()) {
		t.Errorf("%s is not the document of this code: run make gen", consoleCopy)
	}
}
