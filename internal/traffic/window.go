package traffic

import "sync"

// bounds are how many lines there may be in one window.
type bounds struct {
	each  int // of an owner, by themselves
	kinds int // of an owner beyond them, each for all that are alike
	all   int // of all owners
}

// window is what came since the last one was written: lines L of owners O, of which
// those of one kind K are alike.
type window[L any, O, K comparable] struct {
	bounds bounds
	count  func(*L) *int // of how many a line is

	mu      sync.Mutex
	lines   []L
	own     map[O]int
	alike   map[owned[O, K]]int // the line that stands for more
	dropped int
}

// owned is a kind of one owner's lines.
type owned[O, K comparable] struct {
	owner O
	kind  K
}

func newWindow[L any, O, K comparable](b bounds, count func(*L) *int) *window[L, O, K] {
	return &window[L, O, K]{bounds: b, count: count, own: map[O]int{}, alike: map[owned[O, K]]int{}}
}

// add takes a line in.
func (w *window[L, O, K]) add(owner O, kind K, line L) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, k := w.own[owner], owned[O, K]{owner, kind}
	if n >= w.bounds.each {
		if i, ok := w.alike[k]; ok {
			*w.count(&w.lines[i])++
			return
		}
	}
	if n >= w.bounds.each+w.bounds.kinds || len(w.lines) >= w.bounds.all {
		w.dropped++
		return
	}
	if w.own[owner]++; n >= w.bounds.each {
		w.alike[k] = len(w.lines)
	}
	*w.count(&line) = 1
	w.lines = append(w.lines, line)
}

// take gives the lines of the window, and how many were dropped, and begins another.
func (w *window[L, O, K]) take() (lines []L, dropped int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines, dropped = w.lines, w.dropped
	w.lines, w.dropped = nil, 0
	clear(w.own)
	clear(w.alike)
	return lines, dropped
}
