package tandem_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// Answers tell nothing to a proxy in front.
func TestAnswerHeader(t *testing.T) {
	for name, want := range map[string]bool{
		"x-order": true, "Cache-Control": true, "content-type": true,
		"x-frame-options": false, "Set-Cookie": false, "X-Accel-Redirect": false, "x-accel-buffering": false, "X-SENDFILE": false,
		"X-Sendfile2": false, "X-LIGHTTPD-Send-File": false, "x-reproxy-url": false,
	} {
		if canonical, ok := tandem.AnswerHeader(name); ok != want {
			t.Errorf("%s, %s: %v", name, canonical, ok)
		}
	}
}
