package tenant

import (
	"cmp"
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/cache"
)

// settingsLife is for how long another node may go by settings that were
// changed.
const settingsLife = time.Second

// maxPartners bounds the settings in memory.
const maxPartners = 1_000

// SettingsStore keeps what partners have set.
type SettingsStore interface {
	// PartnerSettings errors: NotFound.
	PartnerSettings(ctx context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error)
	// ChangePartnerSettings errors: NotFound, and change's.
	ChangePartnerSettings(ctx context.Context, p tandem.PartnerID, change func(*tandem.PartnerSettings) error) (tandem.PartnerSettings, error)
	// Partner errors: NotFound.
	Partner(ctx context.Context, p tandem.PartnerID) (tandem.Partner, error)
	// RenamePartner errors: NotFound.
	RenamePartner(ctx context.Context, p tandem.PartnerID, name string) error
}

// Settings implements tandem.Settings. What it gives may be a second old.
type Settings struct {
	store SettingsStore
	known *cache.Cache[tandem.PartnerID, tandem.PartnerSettings]
}

var _ tandem.Settings = (*Settings)(nil)

// NewSettings makes the service.
func NewSettings(store SettingsStore) *Settings {
	return &Settings{store: store, known: cache.New[tandem.PartnerID, tandem.PartnerSettings](maxPartners, settingsLife)}
}

// Get implements tandem.Settings. Nobody changes what it gives.
func (s *Settings) Get(ctx context.Context, p tandem.PartnerID) (tandem.PartnerSettings, error) {
	set, err := s.known.Load(p, func() (tandem.PartnerSettings, error) { return s.store.PartnerSettings(ctx, p) })
	if err != nil {
		return set, fmt.Errorf("settings of partner %d: %w", p, err)
	}
	return set, nil
}

// Change implements tandem.Settings.
func (s *Settings) Change(ctx context.Context, p tandem.PartnerID, change func(*tandem.PartnerSettings) error) (tandem.PartnerSettings, error) {
	set, err := s.store.ChangePartnerSettings(ctx, p, func(set *tandem.PartnerSettings) error {
		if err := change(set); err != nil {
			return err
		}
		return checkSettings(set)
	})
	if err != nil {
		return set, fmt.Errorf("change the settings of partner %d: %w", p, err)
	}
	s.known.Forget(func(id tandem.PartnerID, _ tandem.PartnerSettings) bool { return id == p })
	return set, nil
}

// maxAlerts is how many addresses are told of the allowance.
const maxAlerts = 20

// checkSettings checks the groups that are changed here; those of others are
// checked where they are changed.
func checkSettings(set *tandem.PartnerSettings) error {
	d := &set.Account
	return cmp.Or(
		checkRetention(&d.StepDataSuccessRetentionHours, &d.StepDataErroredRetentionHours),
		tandem.CheckLimit("ConcurrentTransactionLimit", d.ConcurrentTransactionLimit),
		tandem.CheckLimit("StepLimit", d.StepLimit),
		checkErrorWebhook(d.TransactionErrorWebhookEnabled, &d.TransactionErrorWebhookURL),
		checkTasks(&set.Task), checkNotice(&set.Notice), set.Appearance.Check())
}

func checkTasks(t *tandem.TaskSettings) error {
	if err := tandem.CheckLimit("Allowance", &t.Allowance); err != nil {
		return err
	}
	if len(t.Alerts) > maxAlerts {
		return tandem.Invalidf("Alerts", "Alerts: at most %d addresses", maxAlerts)
	}
	for i, text := range t.Alerts {
		address, err := mail.ParseAddress(strings.TrimSpace(text))
		if err != nil || address.Name != "" {
			return tandem.Invalidf("Alerts", "Alerts: %q is not an email address", text)
		}
		t.Alerts[i] = address.Address
	}
	return nil
}
