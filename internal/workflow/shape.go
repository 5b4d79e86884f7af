package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// shape is how the steps of a graph hang together.
type shape struct {
	roots     []tandem.StepID // that no edge leads to
	before    map[tandem.StepID]map[tandem.StepID]bool
	seen      map[tandem.StepID]map[tandem.StepID]bool // of those before: whose data is there; a WaitAll lets none through
	loop      []tandem.StepID                          // steps that lead to themselves
	unreached []tandem.StepID                          // from the first root
	dangling  bool                                     // an edge to or from no step
}

// newShape walks the graph from its roots, so that a step is visited when all
// steps before it have been (Kahn's algorithm).
func newShape(d *design) *shape {
	s := &shape{before: map[tandem.StepID]map[tandem.StepID]bool{}, seen: map[tandem.StepID]map[tandem.StepID]bool{}}
	incoming := map[tandem.StepID]int{}
	tails := map[tandem.StepID][]tandem.StepID{}
	for _, e := range d.Edges {
		head, tail := d.steps[e.HeadStepID], d.steps[e.TailStepID]
		if head == nil || tail == nil {
			s.dangling = true
			continue
		}
		if head.ActionType == tandem.AnnotationStep || tail.ActionType == tandem.AnnotationStep {
			continue // a note is no step on the way
		}
		incoming[e.TailStepID]++
		tails[e.HeadStepID] = append(tails[e.HeadStepID], e.TailStepID)
	}
	for i := range d.Steps {
		id := d.Steps[i].ID
		s.before[id], s.seen[id] = map[tandem.StepID]bool{}, map[tandem.StepID]bool{}
		if incoming[id] == 0 && d.Steps[i].ActionType != tandem.AnnotationStep {
			s.roots = append(s.roots, id)
		}
	}
	for queue := slices.Clone(s.roots); len(queue) > 0; queue = queue[1:] {
		id := queue[0]
		for _, tail := range tails[id] {
			s.before[tail][id], s.seen[tail][id] = true, true
			maps.Copy(s.before[tail], s.before[id])
			if d.steps[id].ActionType != tandem.WaitAllStep {
				maps.Copy(s.seen[tail], s.seen[id])
			}
			if incoming[tail]--; incoming[tail] == 0 {
				queue = append(queue, tail)
			}
		}
	}
	s.find(d, incoming)
	return s
}

// find notes the steps in loops (still awaited by an edge) and those that the
// first root does not lead to.
func (s *shape) find(d *design, incoming map[tandem.StepID]int) {
	for i := range d.Steps {
		id := d.Steps[i].ID
		switch {
		case incoming[id] > 0:
			s.loop = append(s.loop, id)
		case d.Steps[i].ActionType == tandem.AnnotationStep:
		case len(s.roots) > 0 && id != s.roots[0] && !s.before[id][s.roots[0]]:
			s.unreached = append(s.unreached, id)
		}
	}
}

// problem says why a graph of this shape cannot run; "" if it can.
func (s *shape) problem(d *design) string {
	switch {
	case s.dangling:
		return "An edge leads to or from a step that is not there."
	case len(s.loop) > 0:
		return "Steps lead back to themselves: " + d.names(s.loop) + "."
	case len(s.roots) > 1:
		return "There is more than one first step, or steps are not connected: " + d.names(s.roots) + "."
	case len(s.unreached) > 0:
		return "Steps are not connected: " + d.names(s.unreached) + "."
	}
	return ""
}

// astray is a step of which problem tells; "" if it is of none.
func (s *shape) astray() tandem.StepID {
	switch {
	case len(s.loop) > 0:
		return s.loop[0]
	case len(s.roots) > 1:
		return s.roots[len(s.roots)-1]
	case len(s.unreached) > 0:
		return s.unreached[0]
	}
	return ""
}

func (d *design) names(ids []tandem.StepID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = d.steps[id].Name
	}
	return strings.Join(names, ", ")
}
