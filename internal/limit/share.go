package limit

import "time"

// share is the tokens of one limit, as nodes share them.
type share struct {
	Taken window
	Held  map[string]held `json:",omitempty"` // by node
}

// held is tokens that a node may use until a time, in microseconds.
type held struct {
	Until int64
	N     int
}

// lease gives a node up to want tokens until a time, in exchange for those that it
// held. used are the ones of these that it took; of a node that says nothing they
// count as taken when the time is over.
func (s *share) lease(r rate, node string, used window, want int, now, until time.Time) (n int) {
	if _, ok := s.Held[node]; ok {
		delete(s.Held, node)
		for _, t := range used {
			s.Taken = s.Taken.take(r, time.UnixMicro(t.At), t.N)
		}
	}
	s.Taken = s.Taken.prune(r, now)
	free := r.requests - s.Taken.sum()
	for other, h := range s.Held {
		if h.Until <= now.Add(-r.span).UnixMicro() {
			delete(s.Held, other)
			continue
		}
		free -= h.N
	}
	if len(s.Held) > 0 {
		free = (free + 1) / 2 // leave some to the others
	}
	if n = min(want, free); n <= 0 {
		return 0
	}
	if s.Held == nil {
		s.Held = map[string]held{}
	}
	s.Held[node] = held{until.UnixMicro(), n}
	return n
}

// seen is the window as a node sees it: what others hold is as good as taken.
func (s *share) seen(r rate, node string) window {
	w := s.Taken
	for other, h := range s.Held {
		if other != node {
			w = w.take(r, time.UnixMicro(h.Until), h.N)
		}
	}
	return w
}
