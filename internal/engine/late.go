package engine

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Late is an account whose transactions begin late on a node that is strained.
type Late struct {
	Account tandem.AccountID
	Room    int // how many may come in for those that have begun
}

// Asked says whether there was a submission since it was asked before.
func (e *Entrance) Asked() bool { return e.asked.Swap(false) }

// Late is what other nodes are to be told: whose transactions have begun late here in
// the last second, while this node was strained. It is to be asked once a second.
func (e *Entrance) Late() (all []Late) {
	if e.some.Load() == 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for a, l := range e.late {
		if l.strained && time.Since(l.seen) < time.Second {
			all = append(all, Late{a, l.room})
		}
		l.room = 0
	}
	return all
}

// Hear takes in what other nodes tell, once a second: of an account that is not among
// all, they have nothing to tell.
func (e *Entrance) Hear(all []Late) {
	if len(all) == 0 && e.some.Load() == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	told := make(map[tandem.AccountID]bool, len(all))
	for _, o := range all {
		l := e.late[o.Account]
		if l == nil {
			l = &lateness{}
			e.late[o.Account] = l
			e.some.Add(1)
		}
		told[o.Account], l.told = true, time.Now()
		l.admit(o.Room)
	}
	for a, l := range e.late {
		if !told[a] && !l.told.IsZero() {
			if l.told = (time.Time{}); time.Since(l.seen) >= still {
				e.recovered(a, l)
			}
		}
	}
}
