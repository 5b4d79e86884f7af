package run

import (
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Firing is a trigger that went off.
type Firing struct {
	Account tandem.AccountID
	Cycle   tandem.CycleID
	Version int64
	Step    tandem.StepID // the trigger's
	Method  string        // its MethodUniqueIdentifier
	At      time.Time

	Connector tandem.ConnectorRef // whose method it is

	OmitRequests bool // what arrives is not kept for longer than it is needed
}

// The frontiers of new transactions.
var (
	arrivedFrontier = frontier{tasks: []task{{kind: arrived, prev: 1}}}
	timerFrontier   = frontier{tasks: []task{{kind: collect}}}
)

// WebhookStart makes the transaction of a request to a webhook, whose body is
// the trigger's data. It counts one task. The caller adds Trigger and Key.
func WebhookStart(f Firing, request tandem.Exchange) journal.NewTxn {
	body := request.Body
	request.Body = nil
	shown := &request
	if f.OmitRequests {
		shown = nil
	}
	return journal.NewTxn{
		Account: f.Account, Cycle: f.Cycle, Version: f.Version, Created: f.At,
		Frontier: arrivedFrontier.encode(), Unlogged: f.OmitRequests,
		Items: []tandem.StepItem{{
			Seq: 1, StepID: f.Step, Attempt: 1, Tasks: 1, Started: f.At, Finished: f.At,
			Request: shown, Response: &tandem.Exchange{Body: body},
		}},
		Meter: []journal.Count{{
			Slot: tandem.SlotOf(f.At), Cycle: f.Cycle, Connector: f.Connector.Name, Version: f.Connector.Version, Method: f.Method, Succeeded: 1,
		}},
	}
}

// TimerStart makes the transaction of a cycle that is due. The caller adds
// Cursor, or Trigger and Key.
func TimerStart(f Firing) journal.NewTxn {
	return journal.NewTxn{
		Account: f.Account, Cycle: f.Cycle, Version: f.Version, Created: f.At,
		Frontier: timerFrontier.encode(),
	}
}
