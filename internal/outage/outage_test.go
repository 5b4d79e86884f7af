package outage_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tandem-ipaas/tandem/internal/outage"
)

// A hundred failures are two lines, and ten minutes of them one more.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		o := outage.New(slog.New(slog.NewTextHandler(&text, nil)), "write")
		o.Works()
		for range 2 {
			for range 100 {
				o.Failed(errors.New("no space"))
			}
			time.Sleep(11 * time.Minute)
			o.Failed(errors.New("no space"))
			o.Works() // now and then
			time.Sleep(time.Minute)
			o.Works()
			o.Works()
		}
		lines := strings.Split(strings.TrimSpace(text.String()), "\n")
		for i, want := range []string{`msg=outage what=write`, `failures=101 error="no space"`, `msg="outage over" what=write after=12m0s failures=101`} {
			for _, at := range []int{i, i + 3} {
				if len(lines) != 6 || !strings.Contains(lines[at], want) {
					t.Fatalf("line %d of %d has no %s:\n%s", at, len(lines), want, text.String())
				}
			}
		}
	})
}
