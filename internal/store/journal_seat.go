package store

import (
	"sync"

	"github.com/tandem-ipaas/tandem"
)

// seats are for submissions on their way into a commit. An account has at most as
// many as are free, so that one that submits too much is refused, and leaves places
// for the others.
type seats struct {
	mu   sync.Mutex
	free int
	of   map[tandem.AccountID]int
}

func newSeats(n int) *seats { return &seats{free: n, of: map[tandem.AccountID]int{}} }

// take says whether an account gets a place, which it then gives back.
func (p *seats) take(a tandem.AccountID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[a] >= p.free {
		return false
	}
	p.free--
	p.of[a]++
	return true
}

// Crowded says whether a submission of an account would be refused now.
func (s *Store) Crowded(a tandem.AccountID) bool { return s.group.seats.taken(a) }

func (p *seats) taken(a tandem.AccountID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of[a] >= p.free
}

func (p *seats) give(a tandem.AccountID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free++
	if p.of[a]--; p.of[a] == 0 {
		delete(p.of, a)
	}
}
