package app

import (
	"net/http"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
)

// A rollout goes on when its server is started anew in the middle of it, while
// cycles run, and upgrades each of them once.
func TestRolloutOverRestart(t *testing.T) {
	t.Parallel()
	const cycles = 12
	databases(t, func(t *testing.T, database string) {
		cfg := config(t, database)
		f := newInFlight(t, start(t, cfg))
		for range cycles - 1 {
			if _, err := f.books.InstallTemplate(t.Context(), f.template); err != nil {
				t.Fatal(err)
			}
		}
		f.release(t)
		r, err := f.acme.StartRollout(t.Context(), f.template, client.RolloutStart{First: 3})
		if err != nil || r.Total != cycles {
			t.Fatalf("%+v, %v", r, err)
		}
		until := func(state tandem.RolloutState) {
			t.Helper()
			eventually(t, "the rollout to be "+string(state), func() bool {
				if r, err = f.acme.Rollout(t.Context(), f.template, r.ID); err != nil {
					t.Fatal(err)
				}
				return r.State == state
			})
		}
		until(tandem.RolloutWaiting)
		if r.Counts[tandem.RolloutUpgraded] != 3 {
			t.Errorf("after the first: %+v", r)
		}
		if _, err := f.acme.ContinueRollout(t.Context(), f.template, r.ID); err != nil {
			t.Fatal(err)
		}
		f.running = f.restart(t, cfg)
		until(tandem.RolloutCompleted)
		var upgrades []tandem.AuditEntry
		if err := f.acme.Do(t.Context(), http.MethodGet, "/audit?action=upgradeCycle&pageSize=100", nil, &upgrades); err != nil {
			t.Fatal(err)
		}
		if r.Counts[tandem.RolloutUpgraded] != cycles || len(upgrades) != cycles {
			t.Errorf("%+v, and %d upgrades", r, len(upgrades))
		}
	})
}
