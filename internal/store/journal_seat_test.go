package store

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// Of n accounts that take all they get each has one part of n+1, and one is left for
// others; when they have given theirs back, all is as it was.
func TestSeats(t *testing.T) {
	p := newSeats(100)
	all := func(a tandem.AccountID) (n int) {
		for p.take(a) {
			n++
		}
		return n
	}
	one := all(1)
	two := all(2)
	if one != 50 || two != 25 {
		t.Errorf("one after the other: %d, %d", one, two)
	}
	if !p.taken(1) || p.taken(3) {
		t.Errorf("taken of account 1: %v, of 3: %v", p.taken(1), p.taken(3))
	}
	for a := tandem.AccountID(10); a < 20; a++ {
		if !p.take(a) {
			t.Errorf("no place for account %d", a)
		}
		p.give(a)
	}
	for range one {
		p.give(1)
	}
	for range two {
		p.give(2)
	}
	if p.free != 100 || len(p.of) != 0 {
		t.Errorf("%d free, %v taken", p.free, p.of)
	}
}

// What is begun goes before what arrives, and leaves a part of each group to it.
func TestGroupTakesBoth(t *testing.T) {
	g := &group{waiting: make(chan *entry, 2*groupEntries), arriving: make(chan *entry, groupSeats)}
	for range 2 * groupEntries {
		g.waiting <- &entry{}
	}
	for range groupSeats {
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
