package store

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// What is begun goes before what arrives, and leaves a part of each group to it.
func TestGroupTakesBoth(t *testing.T) {
	g := &group{waiting: make(chan *entry, 2*groupEntries), arriving: make(chan *entry, groupArrived)}
	for range 2 * groupEntries {
		g.waiting <- &entry{}
	}
	for range groupArrived {
		g.arriving <- &entry{ids: []tandem.TransactionID{1}}
	}
	arrived := 0
	entries := g.more(<-g.waiting)
	for _, e := range entries {
		arrived += len(e.ids)
	}
	if len(entries) != groupEntries || arrived != groupEntries/4 {
		t.Errorf("%d of %d arrived", arrived, len(entries))
	}
}
