package seat

import (
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// Of n accounts that take all they get each has one part of n+1, and one is left for
// others; when they have given theirs back, all is as it was.
func TestSeats(t *testing.T) {
	p := New(100)
	all := func(a tandem.AccountID) (n int) {
		for p.Take(a) {
			n++
		}
		return n
	}
	one := all(1)
	two := all(2)
	if one != 50 || two != 25 {
		t.Errorf("one after the other: %d, %d", one, two)
	}
	if !p.Full(1) || p.Full(3) {
		t.Errorf("full for account 1: %v, of 3: %v", p.Full(1), p.Full(3))
	}
	for a := tandem.AccountID(10); a < 20; a++ {
		if !p.Take(a) {
			t.Errorf("no place for account %d", a)
		}
		p.Give(a)
	}
	for range one {
		p.Give(1)
	}
	for range two {
		p.Give(2)
	}
	if p.free != 100 || len(p.of) != 0 {
		t.Errorf("%d free, %v taken", p.free, p.of)
	}
}
