package storetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func limits(t *testing.T, s *store.Store) {
	ctx := t.Context()
	t.Run("tokens change one after the other", func(t *testing.T) {
		const times = 40
		var wg sync.WaitGroup
		for range times {
			wg.Go(func() {
				if err := s.ChangeTokens(ctx, 1, 2, increment); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := tokensOf(ctx, t, s, 1, 2); got != strconv.Itoa(times) {
			t.Errorf("%s after %d changes", got, times)
		}
		if got := tokensOf(ctx, t, s, 2, 2); got != "" {
			t.Errorf("%q of another account", got)
		}
	})
	t.Run("a change that fails changes nothing", func(t *testing.T) {
		broken := errors.New("broken")
		if err := s.ChangeTokens(ctx, 1, 3, func([]byte) ([]byte, error) { return []byte("x"), broken }); !errors.Is(err, broken) {
			t.Error(err)
		}
		if got := tokensOf(ctx, t, s, 1, 3); got != "" {
			t.Errorf("%q", got)
		}
	})
	t.Run("waits", func(t *testing.T) {
		until := time.Now().Add(time.Hour)
		w, err := s.ChangeConnectorWait(ctx, 1, 2, func(w *tandem.ConnectorWait) {
			if diff := cmp.Diff(tandem.ConnectorWait{Account: 1, Connector: 2}, *w); diff != "" {
				t.Error(diff)
			}
			w.Until, w.Tries, w.Probing = until, 3, true
		})
		want := tandem.ConnectorWait{Account: 1, Connector: 2, Until: until.Truncate(time.Microsecond).UTC(), Tries: 3, Probing: true}
		if diff := cmp.Diff(want, w); diff != "" || err != nil {
			t.Error(diff, err)
		}
		all, err := s.ConnectorWaits(ctx)
		if diff := cmp.Diff([]tandem.ConnectorWait{want}, all); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if w, err = s.ChangeConnectorWait(ctx, 1, 2, func(w *tandem.ConnectorWait) { w.Until = time.Time{} }); err != nil || !w.Until.IsZero() {
			t.Error(w, err)
		}
		if all, err = s.ConnectorWaits(ctx); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
	})
}

func increment(was []byte) ([]byte, error) {
	n := 0
	if len(was) > 0 {
		var err error
		if n, err = strconv.Atoi(string(was)); err != nil {
			return nil, err
		}
	}
	return []byte(strconv.Itoa(n + 1)), nil
}

func tokensOf(ctx context.Context, t *testing.T, s *store.Store, a tandem.AccountID, id tandem.AccountConnectorID) (state string) {
	t.Helper()
	err := s.ChangeTokens(ctx, a, id, func(was []byte) ([]byte, error) {
		state = string(was)
		return was, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}
