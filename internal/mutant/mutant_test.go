package mutant_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/mutant"
)

const root = "../.."

// Each change still fits the source and, all together as far as they do not
// change the same lines, they compile.
func TestAllApply(t *testing.T) {
	all := mutant.All()
	if len(all) < 30 {
		t.Errorf("%d faults are seeded, want 30 at least", len(all))
	}
	names := map[string]bool{}
	for i := range all {
		m := &all[i]
		if names[m.Name] {
			t.Errorf("two faults are called %q", m.Name)
		}
		names[m.Name] = true
		if _, err := mutant.Overlay(root, t.TempDir(), *m); err != nil {
			t.Error(err)
		}
	}
	if t.Failed() {
		return
	}
	for len(all) > 0 {
		var now, later []mutant.Mutant
		packages := map[string]bool{}
		for i := range all {
			if _, err := mutant.Overlay(root, t.TempDir(), append(slices.Clone(now), all[i])...); err != nil {
				later = append(later, all[i])
				continue
			}
			now = append(now, all[i])
			for _, e := range all[i].Edits {
				packages["./"+filepath.ToSlash(filepath.Dir(e.File))] = true
			}
		}
		compile(t, now, slices.Sorted(maps.Keys(packages)))
		all = later
	}
}

func compile(t *testing.T, all []mutant.Mutant, packages []string) {
	t.Helper()
	absolute, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := mutant.Overlay(absolute, t.TempDir(), all...)
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", append([]string{"build", "-overlay", overlay}, packages...)...)
	build.Dir = absolute
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestOverlayRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("x x y"), 0o600); err != nil {
		t.Fatal(err)
	}
	for old, fits := range map[string]bool{"x": false, "z": false, "y": true} {
		_, err := mutant.Overlay(dir, t.TempDir(), mutant.Mutant{Name: old, Edits: []mutant.Edit{{File: "a.go", Old: old, New: "w"}}})
		if (err == nil) != fits {
			t.Errorf("%s: %v", old, err)
		}
	}
}
