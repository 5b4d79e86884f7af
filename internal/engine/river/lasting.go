package river

import "time"

// lasting is what was found look after look, and since when. One look is not enough
// to tell what stays from what is about to change.
type lasting[K comparable] map[K]time.Time

// look notes what is found now, and gives those that have been found for so long. What
// is not found any more begins anew.
func (l *lasting[K]) look(found []K, long time.Duration) (all []K) {
	now, was := time.Now(), *l
	*l = make(lasting[K], len(found))
	for _, k := range found {
		since, known := was[k]
		if !known {
			since = now
		}
		(*l)[k] = since
		if now.Sub(since) >= long {
			all = append(all, k)
		}
	}
	return all
}
