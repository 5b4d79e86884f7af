package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/store"
)

func partnerSettings(t *testing.T, s *store.Store) {
	acme, bolt := newPartner(t, s, "a@acme.test"), newPartner(t, s, "b@bolt.test")
	read := func(t *testing.T, p tandem.PartnerID, want tandem.PartnerSettings) {
		t.Helper()
		got, err := s.PartnerSettings(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("settings: -want +got\n%s", diff)
		}
	}

	t.Run("round trip", func(t *testing.T) {
		read(t, acme, tandem.PartnerSettings{})
		want := tandem.PartnerSettings{
			Account:  tandem.AccountDefaults{StepDataSuccessRetentionHours: new(0), StepLimit: new(7), TransactionErrorWebhookURL: new("https://a.test")},
			Security: tandem.SecuritySettings{ConsoleAddresses: []string{"10.0.0.0/8"}, RequireTwoFactor: true},
			Embed:    tandem.EmbedSettings{Frames: true, FrameHosts: []string{"a.test"}},
			Task:     tandem.TaskSettings{Allowance: 5, Alerts: []string{"a@a.test"}},
		}
		if _, err := s.ChangePartnerSettings(t.Context(), acme, func(set *tandem.PartnerSettings) error { *set = want; return nil }); err != nil {
			t.Fatal(err)
		}
		read(t, acme, want)
		read(t, bolt, tandem.PartnerSettings{})
	})

	t.Run("changes take turns", func(t *testing.T) {
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				_, err := s.ChangePartnerSettings(t.Context(), bolt, func(set *tandem.PartnerSettings) error { set.Task.Allowance++; return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		read(t, bolt, tandem.PartnerSettings{Task: tandem.TaskSettings{Allowance: 10}})
	})

	t.Run("a refused change changes nothing", func(t *testing.T) {
		refused := errors.New("refused")
		_, err := s.ChangePartnerSettings(t.Context(), bolt, func(set *tandem.PartnerSettings) error { set.Task.Allowance = 99; return refused })
		if !errors.Is(err, refused) {
			t.Error(err)
		}
		read(t, bolt, tandem.PartnerSettings{Task: tandem.TaskSettings{Allowance: 10}})
		if _, err := s.PartnerSettings(t.Context(), 99); tandem.ErrorCode(err) != tandem.NotFound {
			t.Errorf("of nobody: %v", err)
		}
	})
}
