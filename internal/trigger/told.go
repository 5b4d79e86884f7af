package trigger

import (
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// tell tells the log of a request that did not simply begin a transaction: it was
// refused, or answered by a script or a step. Of a key that nobody knows it cannot be
// said whose log that is.
func (in *Intake) tell(r *http.Request, h hook, since time.Time, line tandem.WebhookRequest) {
	if in.told == nil || h.Account == 0 {
		return
	}
	took := int(time.Since(since).Milliseconds())
	line.Account, line.CycleID, line.StepID, line.Created = h.Account, h.Cycle, h.Step, since
	line.Method, line.Bytes, line.Milliseconds = r.Method, int(max(r.ContentLength, 0)), &took
	line.Address = tandem.NetworkAddress(r.RemoteAddr)
	in.told(line)
}
