package store

import (
	"slices"
	"strings"
	"testing"
)

// Whose turn it is is found from the oldest on, and of what is open only: others may
// wait in their hundreds of thousands.
func TestPlanOfTurns(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for query, want := range map[string]string{
		oldestRoot: "txn_pending (account=? AND cycle=? AND id>? AND id<?)",
		oldestPart: "txn_child (account=? AND parent=? AND id>?)",
		openCycles: "txn_pending (account=? AND cycle>?)",
	} {
		plan := planOf(t, s, query, []any{1, "c", 0, 0, 5, 0}[:args(query)]...)
		if !slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, want) }) {
			t.Errorf("does not use %s:\n%s", want, strings.Join(plan, "\n"))
		}
		if slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "ORDER BY") }) {
			t.Errorf("sorts what it has found:\n%s", strings.Join(plan, "\n"))
		}
	}
}

// args is how many a query takes.
func args(query string) int {
	n := 0
	for n < 9 && strings.Contains(query, "$"+string(rune('1'+n))) {
		n++
	}
	return n
}
