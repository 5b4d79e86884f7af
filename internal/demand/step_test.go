package demand_test

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/script/scripttest"
)

// TestMain makes the test's program the worker of its scripts.
func TestMain(m *testing.M) { os.Exit(scripttest.Main(m.Run)) }

// A step that is tried runs as if it had last run when whoever tries it says, and its
// scripts see the variables given.
func TestStepAsOfARun(t *testing.T) {
	w := newWorld(t)
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	w.options.Scripts = pool
	w.connector.Methods[1].Endpoint = "{{BaseUrl}}/goods/{{LastSuccessfulRunDate format=yyyy-MM-dd}}"
	in := tandem.StepTrial{
		Method: addGUID, Parameters: map[string]any{"Shelf": 4}, Fields: map[string]any{"name": "Ink"},
		Script: `function before_action() { method_request.seen = [cycle_variables.list || "none", last_successful_run_date]; return true }`,
	}
	for _, tt := range []struct {
		at        time.Time
		variables map[string]string
		want      string
	}{
		{want: `{"got":{"name":"Ink","seen":["none","1970-01-01T00:00:00Z"]},"key":"***","shelf":"1970-01-01"}`},
		{
			time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), map[string]string{"list": "News"},
			`{"got":{"name":"Ink","seen":["News","2026-01-31T12:00:00Z"]},"key":"***","shelf":"2026-01-31"}`,
		},
	} {
		in.LastRun, in.Variables = tt.at, tt.variables
		got, err := w.TestStep(t.Context(), account, installed, in)
		if err != nil || !got.Success {
			t.Fatalf("%+v, %v", got, err)
		}
		if diff := cmp.Diff(tt.want, strings.TrimSpace(string(got.Response.Body))); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
}
