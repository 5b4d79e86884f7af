package apitest

import (
	"slices"
	"testing"
	"time"
)

const (
	samples = 150 // of either kind, by turns
	rounds  = 3   // measurements that must agree on a difference

	// apart is how much slower one must be for a difference, and least by how
	// much: what a machine's own unrest does is far below, a list that is sought
	// through or a password that is compared far above.
	apart = 2.0
	least = 200 * time.Microsecond
)

// timed are routes by the id that tells.
var timed = []string{
	"getAccount", "getUser", "getTemplate", "getFolder", "getMarketplace", "getConsoleUser", "getOAuthClient",
	"getCycle", "getStep", "getTransaction", "getAccountConnector", "listStepItems",
}

// times compares how long it takes to refuse what is another's, and what is not
// there.
func (m *matrix) times(t *testing.T, own, other *tenant) {
	for _, r := range m.Routes {
		if !slices.Contains(timed, r.ID) {
			continue
		}
		p := m.inPath(r, own)[0]
		var foreign, absent time.Duration
		differ := 0
		for range rounds {
			if foreign, absent = m.measure(t, p, own, other); !tells(foreign, absent) {
				break
			}
			differ++
		}
		if differ == rounds {
			t.Errorf("%s takes %v for what is another's, %v for what is not there", r.ID, foreign, absent)
		}
	}
}

func tells(a, b time.Duration) bool {
	low, high := min(a, b), max(a, b)
	return high-low > least && float64(high) > apart*float64(low)
}

// measure gives the medians.
func (m *matrix) measure(t *testing.T, p place, own, other *tenant) (foreign, absent time.Duration) {
	t.Helper()
	took := func(id string) time.Duration {
		began := time.Now()
		m.ask(t, p, own, id)
		return time.Since(began)
	}
	ids := [2]string{other.fill(p.name), absentLike(other.fill(p.name))}
	var all [2][]time.Duration
	for i := range samples {
		for j := range ids {
			k := (i + j) % 2 // neither always comes first
			all[k] = append(all[k], took(ids[k]))
		}
	}
	for k := range all {
		slices.Sort(all[k])
	}
	return all[0][samples/2], all[1][samples/2]
}
