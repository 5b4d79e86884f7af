package connection

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

var _ tandem.LibrarySettings = (*Settings)(nil)

// SettingStore keeps what partners have set for connectors, sealed.
type SettingStore interface {
	// PartnerKey is the partner's data key, which key makes the first time.
	PartnerKey(ctx context.Context, p tandem.PartnerID, key func(tandem.PartnerID) ([]byte, error)) ([]byte, error)
	// PartnerConnector is nil if nothing is set.
	PartnerConnector(ctx context.Context, p tandem.PartnerID, connector string) ([]byte, error)
	// ChangePartnerConnector changes it, alone with it; nil: nothing is set.
	ChangePartnerConnector(ctx context.Context, p tandem.PartnerID, connector string, change func(sealed []byte) ([]byte, error)) error
	// AccountPartner is whose an account is. Errors: NotFound.
	AccountPartner(ctx context.Context, a tandem.AccountID) (tandem.PartnerID, error)
}

// Settings implements tandem.LibrarySettings.
type Settings struct {
	store SettingStore
	vault *vault.Vault
}

// NewSettings makes the service.
func NewSettings(store SettingStore, v *vault.Vault) *Settings { return &Settings{store, v} }

// record names a connector whatever its release: of the library by name, of the
// partner's own by its identifier.
func record(c *tandem.LibraryConnector) string {
	if c.Own {
		return "guid " + strings.ToLower(c.UniqueIdentifier)
	}
	return "name " + strings.ToLower(c.Name)
}

// setting is what is sealed.
type setting struct {
	ClientID     string            `json:",omitempty"`
	ClientSecret string            `json:",omitempty"`
	Properties   map[string]string `json:",omitempty"` // by name in lower case, which another release may have, too
	Native       bool              `json:",omitempty"`
}

func (s *setting) empty() bool {
	return s.ClientID == "" && s.ClientSecret == "" && len(s.Properties) == 0 && !s.Native
}

func settingPlace(p tandem.PartnerID, record string) vault.Place {
	return vault.Place{Partner: p, Record: "partner_connector " + record, Field: "sealed"}
}

// read is what a partner has set.
func (s *Settings) read(ctx context.Context, p tandem.PartnerID, c *tandem.LibraryConnector) (setting, error) {
	sealed, err := s.store.PartnerConnector(ctx, p, record(c))
	if err != nil || sealed == nil {
		return setting{}, err
	}
	key, err := s.store.PartnerKey(ctx, p, s.vault.NewPartnerKey)
	if err != nil {
		return setting{}, err
	}
	return s.open(key, p, c, sealed)
}

func (s *Settings) open(key []byte, p tandem.PartnerID, c *tandem.LibraryConnector, sealed []byte) (in setting, err error) {
	if sealed == nil {
		return in, nil
	}
	plain, err := s.vault.Open(key, settingPlace(p, record(c)), sealed)
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal([]byte(plain), &in); err != nil {
		return in, fmt.Errorf("open settings of connector %s: %w", c.Name, err)
	}
	return in, nil
}

// of is what the partner of an account has set.
func (s *Settings) of(ctx context.Context, a tandem.AccountID, c *tandem.LibraryConnector) (setting, error) {
	p, err := s.store.AccountPartner(ctx, a)
	if err != nil {
		return setting{}, err
	}
	return s.read(ctx, p, c)
}

// Get implements tandem.LibrarySettings.
func (s *Settings) Get(ctx context.Context, p tandem.PartnerID, c *tandem.LibraryConnector) (tandem.ConnectorSettings, error) {
	in, err := s.read(ctx, p, c)
	if err != nil {
		return tandem.ConnectorSettings{}, fmt.Errorf("read settings of connector %s: %w", c.Name, err)
	}
	return showSetting(c, in, tandem.ConnectorSettingsUpdate{}), nil
}

// Set implements tandem.LibrarySettings.
func (s *Settings) Set(ctx context.Context, p tandem.PartnerID, c *tandem.LibraryConnector, u tandem.ConnectorSettingsUpdate) (tandem.ConnectorSettings, error) {
	if u.ClientSecret.Value == masked {
		u.ClientSecret = tandem.Optional[tandem.Secret]{} // as it was read: no change
	}
	if err := checkSetting(c.Connector, &u); err != nil {
		return tandem.ConnectorSettings{}, err
	}
	key, err := s.store.PartnerKey(ctx, p, s.vault.NewPartnerKey)
	if err != nil {
		return tandem.ConnectorSettings{}, fmt.Errorf("set settings of connector %s: %w", c.Name, err)
	}
	var now setting
	err = s.store.ChangePartnerConnector(ctx, p, record(c), func(sealed []byte) ([]byte, error) {
		if now, err = s.open(key, p, c, sealed); err != nil {
			return nil, err
		}
		if err := now.update(u); err != nil || now.empty() {
			return nil, err
		}
		plain, err := json.Marshal(now)
		if err != nil {
			return nil, err
		}
		return s.vault.Seal(key, settingPlace(p, record(c)), tandem.Secret(plain))
	})
	if err != nil {
		return tandem.ConnectorSettings{}, fmt.Errorf("set settings of connector %s: %w", c.Name, err)
	}
	return showSetting(c, now, u), nil
}

// Clear implements tandem.LibrarySettings.
func (s *Settings) Clear(ctx context.Context, p tandem.PartnerID, c *tandem.LibraryConnector) error {
	err := s.store.ChangePartnerConnector(ctx, p, record(c), func([]byte) ([]byte, error) { return nil, nil })
	if err != nil {
		return fmt.Errorf("clear settings of connector %s: %w", c.Name, err)
	}
	return nil
}

// checkSetting spells properties as the connector does, and leaves out those that
// are as they were read. Errors: Invalid.
func checkSetting(c *connector.Connector, u *tandem.ConnectorSettingsUpdate) error {
	if !slices.ContainsFunc(c.Authentication, func(a connector.Authentication) bool { return a.HasClient() }) && (u.ClientID.Value != "" || u.ClientSecret.Value != "") {
		return tandem.Invalidf("ClientId", "ClientId: the connector has no OAuth, so it has no client.")
	}
	for text, field := range map[string]string{u.ClientID.Value: connector.ClientIDProperty, string(u.ClientSecret.Value): connector.ClientSecretProperty} {
		if len(text) > maxAuthValue {
			return tandem.Invalidf(field, "%s: must have at most %d bytes.", field, maxAuthValue)
		}
	}
	var kept []tandem.Property
	for _, g := range u.Properties {
		i := slices.IndexFunc(c.Parameters, func(p connector.Parameter) bool { return strings.EqualFold(p.Name, g.Name) })
		if i < 0 {
			return tandem.Invalidf("Properties", "There is not a connector property that matches name '%s'.", g.Name)
		}
		p := &c.Parameters[i]
		if !p.PartnerConnectorProperty {
			return tandem.Invalidf("Properties", "Connector property name '%s' is not a partner connector property.", g.Name)
		}
		if slices.ContainsFunc(kept, func(o tandem.Property) bool { return o.ID == p.ID }) {
			return tandem.Invalidf("Properties", "Connector property name '%s' is given twice.", g.Name)
		}
		if !p.Sensitive || g.Value != masked {
			kept = append(kept, tandem.Property{ID: p.ID, Name: p.Name, Value: g.Value, Sensitive: p.Sensitive})
		}
	}
	u.Properties = kept
	return nil
}

// update errors: Invalid.
func (s *setting) update(u tandem.ConnectorSettingsUpdate) error {
	was := s.ClientID
	u.ClientID.Apply(&s.ClientID)
	u.Native.Apply(&s.Native)
	if u.ClientSecret.Set {
		s.ClientSecret = string(u.ClientSecret.Value)
	} else if s.ClientID != was && s.ClientSecret != "" {
		if s.ClientID != "" {
			return tandem.Invalidf("ClientSecret", "ClientSecret: the one that is set belongs to another ClientId; give that of this one, or null.")
		}
		s.ClientSecret = ""
	}
	for _, p := range u.Properties {
		if s.Properties == nil {
			s.Properties = map[string]string{}
		}
		if s.Properties[strings.ToLower(p.Name)] = p.Value; p.Value == "" {
			delete(s.Properties, strings.ToLower(p.Name))
		}
	}
	return nil
}

// showSetting shows what may be seen: of secrets, those that were just set.
func showSetting(c *tandem.LibraryConnector, in setting, u tandem.ConnectorSettingsUpdate) tandem.ConnectorSettings {
	shown := tandem.ConnectorSettings{ClientID: in.ClientID, ClientSecret: tandem.Secret(in.ClientSecret), Properties: []tandem.Property{}, Native: in.Native}
	if in.ClientSecret != "" && tandem.Secret(in.ClientSecret) != u.ClientSecret.Value {
		shown.ClientSecret = masked
	}
	for _, p := range c.Parameters {
		if !p.PartnerConnectorProperty {
			continue
		}
		q := tandem.Property{ID: p.ID, Name: p.Name, Value: in.Properties[strings.ToLower(p.Name)], Sensitive: p.Sensitive}
		justSet := func(g tandem.Property) bool { return g.ID == q.ID && g.Value == q.Value }
		if p.Sensitive && q.Value != "" && !slices.ContainsFunc(u.Properties, justSet) {
			q.Value = masked
		}
		shown.Properties = append(shown.Properties, q)
	}
	return shown
}
