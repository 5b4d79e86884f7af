package console_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/console"
)

// The console looks as its partner wants it: of who is signed in, and before that
// if there is no other.
func TestAppearance(t *testing.T) {
	r := start(t, built, console.Options{})
	looks := func(want string) {
		t.Helper()
		if res, got := r.want(t, 200, "GET", "/console/appearance", ""); strings.TrimSpace(got) != want || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s, want %s; %v", got, want, res.Header)
		}
	}
	const own, none = `{"ProductName":"Connect","AccentColor":"#0b5cad","Logo":""}`, `{"ProductName":"","AccentColor":"","Logo":""}`
	looks(own)
	r.entrance.several = true
	looks(none)
	r.signIn(t)
	looks(own)
}
