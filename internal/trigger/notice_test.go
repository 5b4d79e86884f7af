package trigger_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// A notice of an error starts no cycle, whose errors would make more.
func TestNoticesAreRefused(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{})
	resp, body := send(t, "POST", url+key, "{}", tandem.NoticeHeader, "1")
	if resp.StatusCode != 409 || !strings.Contains(body, "notices") || len(d.submitted)+len(d.notes) != 0 {
		t.Errorf("%d %s, %d submitted, %d incidents", resp.StatusCode, body, len(d.submitted), len(d.notes))
	}
}
