package engine

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/seat"
)

// Bounds of an entrance: submissions at once; how late a transaction may begin before
// submissions wait for it; how long they do at most; and after how long without a
// beginning there is nothing to wait for.
const (
	entrancePlaces = 512
	tolerable      = time.Second
	longestHold    = time.Second
	still          = 100 * time.Millisecond
	heard          = 1500 * time.Millisecond // how long it holds what another node told
)

// Entrance is where transactions come in. There are places for so many submissions,
// which accounts share; who finds none is refused.
//
// While there is more to do than the machine can, and transactions of an account begin
// late, its submissions stay in their places until others of it have begun, one for
// each. So what comes in is what can be done, the rest is refused, and what was taken
// begins soon. Where others do the work, they tell whose is late ([Entrance.Late]), and
// what is held back here goes by what they tell ([Entrance.Hear]). Without that a machine that is asked for too much takes all that it can
// make durable, and has no time left to run it. Where transactions are late since a
// third party is slow, and the machine is not, nothing is held back.
type Entrance struct {
	places   *seat.Seats
	strain   *strain
	strained func() bool

	asked atomic.Bool  // there was a submission, since somebody looked
	some  atomic.Int32 // how many are in late
	mu    sync.Mutex
	late  map[tandem.AccountID]*lateness
}

// lateness is that of an account.
type lateness struct {
	seen     time.Time // when one began here that was late
	strained bool      // it was not for having to wait for others
	odd      bool      // the number of those
	room     int       // how many may come in elsewhere, since others were told
	told     time.Time // when another node told of it; zero: none does
	waiting  []chan struct{}
}

// NewEntrance makes one that lets everybody in.
func NewEntrance() *Entrance {
	s := &strain{}
	return &Entrance{places: seat.New(entrancePlaces), strain: s, strained: s.now, late: map[tandem.AccountID]*lateness{}}
}

// Crowded says that a submission of an account would be refused now.
func (e *Entrance) Crowded(a tandem.AccountID) bool { return e.places.Full(a) }

// Let has submit make transactions of an account when it may. Errors: ErrBusy; ctx's;
// submit's.
func (e *Entrance) Let(ctx context.Context, a tandem.AccountID, submit func() error) error {
	if !e.asked.Load() {
		e.asked.Store(true)
	}
	if !e.places.Take(a) {
		return ErrBusy
	}
	defer e.places.Give(a)
	if turn := e.stand(a); turn != nil {
		if err := e.hold(ctx, a, turn); err != nil {
			return err
		}
	}
	began := time.Now()
	err := submit()
	e.strain.committed(time.Since(began))
	return err
}

// stand puts a submission behind those of its account; nil: it need not wait.
func (e *Entrance) stand(a tandem.AccountID) <-chan struct{} {
	if e.some.Load() == 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.late[a]
	if l == nil {
		return nil
	}
	if time.Since(l.told) >= heard && (time.Since(l.seen) >= still || !e.strained()) {
		e.recovered(a, l)
		return nil
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	return turn
}

// hold waits for a turn, for as long as transactions of the account begin.
func (e *Entrance) hold(ctx context.Context, a tandem.AccountID, turn <-chan struct{}) error {
	defer e.leave(a, turn)
	look := time.NewTicker(still)
	defer look.Stop()
	for range longestHold / still {
		select {
		case <-turn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			if !e.moving(a) {
				return nil
			}
		}
	}
	return ErrBusy
}

// moving says that a late transaction of an account began a moment ago.
func (e *Entrance) moving(a tandem.AccountID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.late[a]
	return l != nil && (time.Since(l.seen) < still || time.Since(l.told) < heard)
}

// leave takes a submission out of the line, if it is in it.
func (e *Entrance) leave(a tandem.AccountID, turn <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.late[a]; l != nil {
		l.waiting = slices.DeleteFunc(l.waiting, func(c chan struct{}) bool { return c == turn })
	}
}

// Begins tells that a transaction that was submitted begins.
func (e *Entrance) Begins(a tandem.AccountID, id tandem.TransactionID) {
	by := time.Since(id.Made())
	if by < tolerable && e.some.Load() == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.late[a]
	switch {
	case by >= tolerable && l == nil:
		l = &lateness{}
		e.late[a] = l
		e.some.Add(1)
		fallthrough
	case by >= tolerable:
		l.seen, l.strained, l.odd = time.Now(), e.strained(), !l.odd
		if by < 2*tolerable || l.odd { // to catch up, half as many
			l.room += 1 - l.admit(1)
		}
	case l != nil:
		e.recovered(a, l)
	}
}

// recovered lets all in of an account that is not late any more. The caller holds e.mu.
func (e *Entrance) recovered(a tandem.AccountID, l *lateness) {
	for _, turn := range l.waiting {
		close(turn)
	}
	delete(e.late, a)
	e.some.Add(-1)
}

// admit lets in so many of those that wait, and returns how many these were.
func (l *lateness) admit(n int) int {
	n = min(n, len(l.waiting))
	for _, turn := range l.waiting[:n] {
		close(turn)
	}
	l.waiting = l.waiting[n:]
	return n
}
