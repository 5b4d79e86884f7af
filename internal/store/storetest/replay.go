package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func replays(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	now := time.Now().UTC().Truncate(time.Microsecond)
	end := now.Add(time.Minute)
	claim := func(p tandem.PartnerID, name string, at time.Time) (tandem.Claimed, bool) {
		t.Helper()
		has, claimed, err := s.ClaimReplay(t.Context(), p, []byte(name), []byte("call"), at, at.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return has, claimed
	}

	t.Run("one of many gets it", func(t *testing.T) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 20 {
			wg.Go(func() {
				has, claimed, err := s.ClaimReplay(t.Context(), acme, []byte("race"), []byte("call"), now, end)
				if err != nil || !claimed && string(has.Call) != "call" {
					t.Errorf("%+v, %v", has, err)
				}
				mu.Lock()
				defer mu.Unlock()
				if claimed {
					won++
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d got it", won)
		}
		if _, claimed := claim(bolt, "race", now); !claimed {
			t.Error("another partner's is in the way")
		}
	})

	t.Run("answer", func(t *testing.T) {
		claim(acme, "a", now)
		if err := s.AnswerReplay(t.Context(), acme, []byte("a"), now, []byte("sealed"), now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		has, claimed := claim(acme, "a", now.Add(time.Hour-1000))
		want := tandem.Claimed{Call: []byte("call"), At: now, Answered: true, Sealed: []byte("sealed")}
		if diff := cmp.Diff(want, has); claimed || diff != "" {
			t.Errorf("%v, -want +got\n%s", claimed, diff)
		}
		if err := s.FreeReplay(t.Context(), acme, []byte("a"), now); err != nil {
			t.Fatal(err)
		}
		if _, claimed := claim(acme, "a", now); claimed {
			t.Error("what was answered was freed")
		}
	})

	t.Run("a claim that is over", func(t *testing.T) {
		claim(acme, "late", now)
		if _, claimed := claim(acme, "late", end); !claimed {
			t.Fatal("it is there for ever")
		}
		if err := s.AnswerReplay(t.Context(), acme, []byte("late"), now, nil, end); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("the first answers for the second: %v", err)
		}
		if err := s.FreeReplay(t.Context(), acme, []byte("late"), now); err != nil {
			t.Fatal(err)
		}
		if _, claimed := claim(acme, "late", end); claimed {
			t.Error("the first freed what the second has")
		}
		if err := s.FreeReplay(t.Context(), acme, []byte("late"), end); err != nil {
			t.Fatal(err)
		}
		if _, claimed := claim(acme, "late", now); !claimed {
			t.Error("it was not freed")
		}
	})

	t.Run("purge", func(t *testing.T) {
		claim(acme, "old", now)
		if err := s.PurgeReplays(t.Context(), end); err != nil {
			t.Fatal(err)
		}
		if _, claimed := claim(acme, "old", now); !claimed {
			t.Error("it is still there")
		}
		if _, claimed := claim(acme, "a", now); claimed {
			t.Error("an answer went before its time")
		}
	})
}
