package journal

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Barrier is a step at which a cycle waits for all its transactions. It opens with
// the first that arrives, and is for all that there were then, up to its mark; who
// arrives of later ones opens the next, which begins when this one ends.
type Barrier struct {
	Account  tandem.AccountID
	Cycle    tandem.CycleID
	Version  int64 // of the graph
	Step     tandem.StepID
	Mark     tandem.TransactionID
	Failed   bool // a trigger failed: nothing goes on
	Opened   time.Time
	Frontier []byte // of the one transaction that goes on
}

// Pass names a barrier that ends, for the transaction that goes on. If it has ended
// already, nothing of the submission is made, and its ids are 0.
type Pass struct {
	Step tandem.StepID
	Mark tandem.TransactionID
}

// Arrival is that of a delta's transaction at a barrier; or, if Failed, that its
// trigger failed.
type Arrival struct {
	Step     tandem.StepID
	Version  int64
	Frontier []byte // of the transaction that goes on
	Failed   bool
}
