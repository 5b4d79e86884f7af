// Package skip says what a test does when this machine lacks something that
// it needs, such as PostgreSQL or a browser.
//
// A newcomer's machine may lack both, and the test is skipped, with a message
// that says how to have it run. Where nothing may be left out, in CI above all,
// TANDEM_REQUIRE_ALL=1 turns every such skip into a failure. Tests call
// [Missing] and never testing.T's own Skip, so that this holds for all of them.
package skip

import (
	"fmt"
	"os"
	"testing"
)

// RequireAll is the environment variable that, when it is 1, lets no test be
// skipped.
const RequireAll = "TANDEM_REQUIRE_ALL"

// Allowed says whether tests may be skipped.
func Allowed() bool { return os.Getenv(RequireAll) != "1" }

// Missing skips t, or fails it where nothing may be skipped. The message says
// what is missing and how to get it. It does not return.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	message := fmt.Sprintf(format, args...)
	if !Allowed() {
		t.Fatalf("%s (and %s=1 lets nothing be skipped)", message, RequireAll)
	}
	t.Skip(message)
}
