package trigger

import (
	"context"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
)

// notePace is how often the same may be told of a step: who sends much that is
// wrong does not fill the list of incidents.
var notePace = pace.Pace{Burst: 5, Every: time.Minute}

// notable is what a note is about.
type notable struct {
	account tandem.AccountID
	step    tandem.StepID
	short   string
}

// note warns the account of something that went wrong with a request, of which
// there may be a transaction. The request is answered whether that works or not.
func (in *Intake) note(ctx context.Context, h hook, id tandem.TransactionID, short, full string) {
	if !in.notes.Take(notable{h.Account, h.Step, short}).Taken {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := in.store.NoteIncident(ctx, h.Account, tandem.Incident{
		CycleID: h.Cycle, StepID: h.Step, TransactionID: id, IncidentLevel: tandem.OutcomeWarning, ShortMessage: short, FullMessage: full, Created: time.Now(),
	})
	if err != nil {
		in.log.WarnContext(ctx, "incident of a webhook could not be kept", "account", h.Account, "cycle", h.Cycle, "error", err)
	}
}
