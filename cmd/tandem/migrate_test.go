package main

import (
	"bytes"
	"strings"
	"testing"
)

// Which installation goes where must be said, and must make sense. The journey is
// in e2e.
func TestMigrate(t *testing.T) {
	for _, tt := range []struct {
		from, to, want string
		code           int
	}{
		{"", "sqlite:x", "--from", 2},
		{"data", "postgres://x", "from: want sqlite: and a folder", 1},
		{"sqlite:" + t.TempDir(), "mysql://x", "to: want sqlite: and a folder", 1},
		{"sqlite:" + t.TempDir(), "sqlite:" + t.TempDir(), "nothing to move", 1},
	} {
		args := []string{"migrate", "--to", tt.to}
		if tt.from != "" {
			args = append(args, "--from", tt.from)
		}
		var out, said bytes.Buffer
		if got := run(t.Context(), args, &out, &said); got != tt.code || !strings.Contains(said.String(), tt.want) {
			t.Errorf("tandem %v: %d, want %d and %q\n%s%s", args, got, tt.code, tt.want, &out, &said)
		}
	}
}
