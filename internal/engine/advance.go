package engine

import (
	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
)

// Advance takes t, as an engine has it at hand, to where a committed delta led.
func Advance(t *journal.Txn, d journal.Delta, o journal.Outcome) {
	t.Status, t.Wake, t.Frontier, t.Tries = o.Status, d.Wake, d.Frontier, 0
	if t.Items != nil {
		t.Items = append(t.Items, d.Items...)
	}
	for i := range d.Items {
		t.NextSeq = max(t.NextSeq, d.Items[i].Seq+1)
	}
}

// Poison is the last delta of a transaction that is set aside because it could
// not be run.
func Poison() journal.Delta {
	return journal.Delta{Status: tandem.TransactionFailed, Incidents: []tandem.Incident{{
		IncidentLevel: tandem.OutcomeError,
		ShortMessage:  "Transaction Stopped",
		FullMessage:   "The transaction was set aside as poison: it failed three times without coming further.",
	}}}
}
