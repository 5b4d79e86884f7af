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
		want := tandem.Claimed{Call: []byte("call"), At: now, Expires: now.Add(time.Hour), Answered: true, Sealed: []byte("sealed")}
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

// replaysBegun: a call that has changed something is not made again.
func replaysBegun(t *testing.T, s *store.Store) {
	acme := newPartner(t, s, "a@acme.test")
	keepAudit(t, s)
	a := newAccount(t, s, acme, "books", 0)
	now := time.Now().UTC().Truncate(time.Microsecond)
	under := tandem.Claim{Partner: acme, Name: "begun", At: now}
	claim := func(at time.Time) (tandem.Claimed, bool) {
		t.Helper()
		has, claimed, err := s.ClaimReplay(t.Context(), acme, under.Key(), []byte("call"), at, at.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return has, claimed
	}
	change := func(name string) error {
		ctx, act := acting(t, acme, "a@acme.test", "renameAccount")
		act.Claim = &under
		return rename(ctx, s, acme, a.APIID, name)
	}
	claim(now)
	if err := change("Changed"); err != nil {
		t.Fatal(err)
	}
	if has, claimed := claim(now.Add(time.Second)); claimed || !has.Begun || !has.Expires.After(now) {
		t.Errorf("at work: %v, %+v", claimed, has)
	}
	if err := s.FreeReplay(t.Context(), acme, under.Key(), now); err != nil {
		t.Fatal(err)
	}
	late := now.Add(tandem.ReplayLife)
	for _, at := range []time.Time{now, late.Add(-time.Second)} {
		if err := s.PurgeReplays(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if has, claimed := claim(at); claimed || !has.Begun || has.Answered || has.Expires.After(now) {
			t.Errorf("cut off: %v, %+v", claimed, has)
		}
	}
	if has, claimed := claim(late); !claimed {
		t.Errorf("a day later: %+v", has)
	}
	if has, _ := claim(late); has.Begun {
		t.Error("the next call is marked already")
	}
	// The first only seemed to be dead: it must not go on.
	if err := change("Changed again"); tandem.ErrorCode(err) != tandem.Conflict {
		t.Errorf("a change under a claim that is lost: %v", err)
	}
	if got, err := s.Account(t.Context(), acme, a.APIID); err != nil || got.Name != "Changed" {
		t.Errorf("%+v, %v", got, err)
	}
}
