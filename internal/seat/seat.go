// Package seat shares a number of places between accounts.
//
// An account has at most as many as are free. So one alone has half of them, of n
// that take all they get each has one part of n+1, and one part is left for
// everybody else: who asks for too much is refused, and leaves places for others.
package seat

import (
	"sync"

	"github.com/tandem-ipaas/tandem"
)

// Seats are the places. They are safe for concurrent use.
type Seats struct {
	mu   sync.Mutex
	free int
	of   map[tandem.AccountID]int
}

// New makes n places, which are free.
func New(n int) *Seats { return &Seats{free: n, of: map[tandem.AccountID]int{}} }

// Take says whether an account gets a place, which it then gives back.
func (s *Seats) Take(a tandem.AccountID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[a] >= s.free {
		return false
	}
	s.free--
	s.of[a]++
	return true
}

// Full says whether an account would be refused a place now.
func (s *Seats) Full(a tandem.AccountID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[a] >= s.free
}

// Give gives a place back.
func (s *Seats) Give(a tandem.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free++
	if s.of[a]--; s.of[a] == 0 {
		delete(s.of, a)
	}
}
