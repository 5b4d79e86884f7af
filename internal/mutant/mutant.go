package mutant

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Mutant is a seeded fault.
type Mutant struct {
	Name    string // what is wrong, in a few words
	Edits   []Edit
	Package string // whose tests notice, such as "./internal/store"
	Run     string // which tests, as for go test -run
}

// Edit replaces a text that is in a file exactly once.
type Edit struct {
	File     string // below the root of the module, with slashes
	Old, New string
}

// Overlay writes what the go command's -overlay flag asks for into dir, an
// absolute path, and gives the path of its description. root is the module's root.
//
// Errors: an edit whose text is not in its file exactly once.
func Overlay(root, dir string, all ...Mutant) (string, error) {
	changed := map[string]string{}
	for _, m := range all {
		for _, e := range m.Edits {
			file := filepath.Join(root, filepath.FromSlash(e.File))
			if _, ok := changed[file]; !ok {
				text, err := os.ReadFile(file)
				if err != nil {
					return "", fmt.Errorf("mutant %q: %w", m.Name, err)
				}
				changed[file] = string(text)
			}
			if n := strings.Count(changed[file], e.Old); n != 1 {
				return "", fmt.Errorf("mutant %q: its text is in %s %d times, not once: %s", m.Name, e.File, n, e.Old)
			}
			changed[file] = strings.Replace(changed[file], e.Old, e.New, 1)
		}
	}
	replace := map[string]string{}
	for file, text := range changed {
		to := filepath.Join(dir, fmt.Sprintf("%d-%s", len(replace), filepath.Base(file)))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[file] = to
	}
	description, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, description, 0o600)
}
