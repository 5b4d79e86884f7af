package skip

import (
	"strings"
	"testing"
)

// recorder is a testing.TB that notes what was asked of it.
type recorder struct {
	testing.TB
	fatal, skipped string
}

func (*recorder) Helper()                          {}
func (r *recorder) Fatalf(format string, a ...any) { r.fatal = format }
func (r *recorder) Skip(a ...any)                  { r.skipped = a[0].(string) }

func TestMissingSkips(t *testing.T) {
	t.Setenv(RequireAll, "")
	var r recorder
	Missing(&r, "no %s here", "browser")
	if r.fatal != "" || r.skipped != "no browser here" {
		t.Errorf("fatal %q, skipped %q; want a skip that says what is missing", r.fatal, r.skipped)
	}
}

func TestMissingFailsWhenAllIsRequired(t *testing.T) {
	t.Setenv(RequireAll, "1")
	var r recorder
	Missing(&r, "no %s here", "browser")
	if !strings.Contains(r.fatal, "lets nothing be skipped") {
		t.Errorf("fatal %q, skipped %q; want a failure", r.fatal, r.skipped)
	}
}
