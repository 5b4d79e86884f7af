package app

import (
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

func TestInlineScriptsInTheirWorkers(t *testing.T) {
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{})
	defer pool.Close() //nolint:errcheck // its workers are gone either way
	s := inlineScripts{pool}
	all := []workflow.Expression{
		{Text: "100 * 2"},
		{Text: "[Field] === '' ? 'none' : [Field]", Bindings: map[string]any{"[Field]": ""}},
		{Text: "[n] + 1", Bindings: map[string]any{"[n]": json.Number("41")}},
		{Text: "undefined"},
		{Text: "nope.nope"},
		{Text: "[Field]", Bindings: map[string]any{"[Field]": "'; throw 1; '"}},
	}
	values, err := s.Inline(t.Context(), 1, all)
	if err != nil || len(values) != len(all) {
		t.Fatal(values, err)
	}
	var got []any
	for i, v := range values {
		if (v.Err != nil) != (i == 4) {
			t.Errorf("%s: %v", all[i].Text, v.Err)
		}
		got = append(got, v.Value)
	}
	if diff := cmp.Diff([]any{json.Number("200"), "none", json.Number("42"), nil, nil, "'; throw 1; '"}, got); diff != "" {
		t.Error(diff)
	}
}

// What is no script's fault is tried again; what is, is the step's.
func TestInlineScriptsThatCannotRun(t *testing.T) {
	pool := script.NewPool(slog.New(slog.DiscardHandler), script.Options{Command: []string{"/nowhere"}})
	defer pool.Close() //nolint:errcheck // it has no workers
	var later *invoke.Later
	if _, err := (inlineScripts{pool}).Inline(t.Context(), 1, []workflow.Expression{{Text: "1"}}); !errors.As(err, &later) {
		t.Errorf("without workers: %v", err)
	}
	var mapping *workflow.MapError
	if err := notEvaluated(&script.Error{Kind: script.Timeout}); !errors.As(err, &mapping) {
		t.Errorf("too slow: %v", err)
	}
}
