package store

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// TestMoveLocks: from the last look for nodes to the mark, and in a move that fails
// thereafter, no node can start on the source.
func TestMoveLocks(t *testing.T) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			from, to := place(), places(t)["SQLite"]()
			opened(t, from, func(s *Store) { fill(t, s) })
			looks := 0
			refused := func() {
				looks++
				s, err := Open(t.Context(), from.url, from.dir)
				if err == nil {
					s.Close()
				}
				if err == nil || name == "Postgres" && (tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "being moved")) {
					t.Errorf("a node that starts: %v", err)
				}
			}
			used := errors.New("in use")
			idle := func(context.Context, Dialect) error { refused(); return used }
			if _, err := moved(t, from, to, MoveOptions{Idle: idle}); !errors.Is(err, used) {
				t.Errorf("a source in use: %v", err)
			}
			opened(t, from, nothing)
			if _, err := moved(t, from, to, MoveOptions{Rehearse: true, Progress: func(Progress) { refused() }}); err != nil {
				t.Errorf("a rehearsal: %v", err)
			}
			opened(t, from, nothing)
			if looks < 10 {
				t.Errorf("it was tried %d times", looks)
			}
		})
	}
}

// TestMoveRestores: a source that a move fails to leave can be started, unless it was
// moved before.
func TestMoveRestores(t *testing.T) {
	for name, place := range places(t) {
		t.Run(name, func(t *testing.T) {
			from := place()
			opened(t, from, func(s *Store) { fill(t, s) })
			tables := 0
			count := func(Progress) { tables++ }
			if _, err := moved(t, from, places(t)["SQLite"](), MoveOptions{Rehearse: true, Progress: count}); err != nil {
				t.Fatal(err)
			}
			cutOff := func() {
				t.Helper()
				source, err := OpenSource(t.Context(), from.url, from.dir, nil)
				if err != nil {
					t.Fatal(err)
				}
				defer source.Close()
				to := places(t)["SQLite"]()
				target, err := OpenTarget(t.Context(), to.url, to.dir)
				if err != nil {
					t.Fatal(err)
				}
				defer target.Close()
				ctx, cancel := context.WithCancel(t.Context())
				left := tables
				end := func(Progress) {
					if left--; left == 0 {
						cancel()
					}
				}
				if _, err := Move(ctx, source, target, MoveOptions{Progress: end}); err == nil || !strings.Contains(err.Error(), "mark the source") {
					t.Errorf("a move that is cut off at its end: %v", err)
				}
			}
			cutOff()
			opened(t, from, nothing)
			if _, err := moved(t, from, places(t)["SQLite"](), MoveOptions{}); err != nil {
				t.Fatal(err)
			}
			cutOff()
			if s, err := Open(t.Context(), from.url, from.dir); tandem.ErrorCode(err) != tandem.Conflict {
				t.Errorf("what was moved starts: %v", err)
				if err == nil {
					s.Close()
				}
			}
		})
	}
}
