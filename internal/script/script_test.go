package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/script/sandbox"
)

// TestMain makes the test's program its own worker, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Subcommand {
		if err := sandbox.Work(os.Stdin, os.Stdout, sandbox.XML{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func newPool(t testing.TB, o Options) *Pool {
	t.Helper()
	p := NewPool(slog.New(slog.NewTextHandler(t.Output(), nil)), o)
	t.Cleanup(func() { p.Close() })
	return p
}

func TestFirst(t *testing.T) {
	p := newPool(t, Options{})
	for range 3 {
		start := time.Now()
		o, err := p.Run(t.Context(), Job{Event: AfterAction, Sources: []Source{{Level: Step, Text: "function after_action(){ method_response.b = 2; console.log('hi', {a:1}); return true }"}}, State: map[string]any{"method_response": map[string]any{"a": 1}}})
		t.Log(time.Since(start), err)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s %v %q", o.State["method_response"], o.Go, o.Log)
	}
	_ = context.Background
	_ = json.Marshal
	_ = errors.New
	_ = cmp.Diff
}
