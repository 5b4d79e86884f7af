package tandem

import (
	"context"
	"time"
)

// Change says that somebody did something, and neither who nor how: the audit log
// says that.
type Change struct {
	ID        int64 // its place in the audit log
	Created   time.Time
	AccountID string // that it was done in or to; "": none
	Action    string // as in AuditEntry
	Refused   bool   // only the audit log has changed
}

// Movement is how far an account has come by itself. Numbers that differ from those of
// before say that something happened, and nothing else.
type Movement struct {
	Runs       [4]int64 // newest transaction and incident, runs and tasks of the last time
	Cycles     [3]int64 // how many, of which releases, in which states
	Connectors [3]int64 // installed here or above: how many, how many of them authenticated, until when they wait
}

// Changes is what screens follow that show things others may change.
type Changes interface {
	// ChangesAfter gives the newest changes of a partner, as many as limit at most, that
	// come after one in its audit log; the newest first.
	ChangesAfter(ctx context.Context, p PartnerID, after int64, limit int) ([]Change, error)
	// MovementOf gives how far an account has come.
	MovementOf(ctx context.Context, a AccountID) (Movement, error)
}
