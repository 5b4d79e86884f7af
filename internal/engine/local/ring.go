package local

// ring is a queue that reuses its room.
type ring[T any] struct {
	all   []T
	first int
	n     int
}

func (r *ring[T]) len() int { return r.n }

// at is the place of one, from 0, the next popped.
func (r *ring[T]) at(i int) *T { return &r.all[(r.first+i)%len(r.all)] }

func (r *ring[T]) push(v T) {
	if r.n == len(r.all) {
		grown := make([]T, max(8, 2*r.n))
		for i := range r.n {
			grown[i] = r.all[(r.first+i)%len(r.all)]
		}
		r.all, r.first = grown, 0
	}
	r.all[(r.first+r.n)%len(r.all)] = v
	r.n++
}

func (r *ring[T]) pop() T {
	var zero T
	v := r.all[r.first]
	r.all[r.first] = zero
	r.first = (r.first + 1) % len(r.all)
	r.n--
	if r.n == 0 {
		r.all, r.first = nil, 0
	}
	return v
}

// toFront makes the last pushed the next popped.
func (r *ring[T]) toFront() {
	last := (r.first + r.n - 1) % len(r.all)
	v := r.all[last]
	var zero T
	r.all[last] = zero
	r.first = (r.first + len(r.all) - 1) % len(r.all)
	r.all[r.first] = v
}

// fifo is a cycle's entries.
type fifo = ring[entry]
