package app

import (
	"context"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// TestMigrateMeetsNodes: a node that has opened its database before a move does not
// serve while that is under way, nor afterwards; and a move does not begin while a node
// serves.
func TestMigrateMeetsNodes(t *testing.T) {
	c := config(t, pgtest.URL(t))
	open := func() *App {
		a, err := New(t.Context(), logger(t), c)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	refused := func(a *App, want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), stopLimit)
		defer cancel()
		if err := a.Run(ctx); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), want) {
			t.Errorf("a node runs until it is stopped, with %v, want %q", err, want)
		}
	}
	r := start(t, c)
	if _, err := Migrate(t.Context(), Migration{From: c.Database, To: "sqlite:" + t.TempDir()}); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a move of what is in use: %v", err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	during, after, met := open(), open(), false
	_, err := Migrate(t.Context(), Migration{From: c.Database, To: "sqlite:" + t.TempDir(), Progress: func(MovedSoFar) {
		if !met {
			met = true
			refused(during, "is being moved")
		}
	}})
	if err != nil || !met {
		t.Errorf("a move that a node meets: %v", err)
	}
	refused(after, "was moved")
}
