package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// wantedConnector is a connector that a deploy call wants to be there.
type wantedConnector struct {
	versions []tandem.LibraryConnector // that will do, best first
	body     *authenticationBody
	field    string // of the call
	partner  bool
}

// wanted finds in the library what a deploy call wants.
//
// Errors: Invalid.
func (a *API) wanted(ctx context.Context, p tandem.PartnerID, b *deployBody) ([]wantedConnector, error) {
	var all []wantedConnector
	for i := range b.ConnectorAuthentications {
		all = append(all, wantedConnector{body: &b.ConnectorAuthentications[i], field: "ConnectorAuthentications"})
	}
	if b.PartnerConnector != nil {
		all = append(all, wantedConnector{body: b.PartnerConnector, field: "PartnerConnector", partner: true})
	}
	for i := range all {
		w := &all[i]
		if w.body.Name == "" {
			return nil, tandem.Invalidf(w.field, "%s: Name is required", w.field)
		}
		var err error
		if w.versions, err = a.toInstall(ctx, p, w.body.Name, w.body.Version); err != nil {
			return nil, err
		}
		if len(w.versions) == 0 {
			return nil, tandem.Invalidf(w.field, "%s: there is no connector %q", w.field, strings.TrimSpace(w.body.Name+" "+w.body.Version))
		}
	}
	return all, nil
}

// provide installs what is wanted in an account, or gives what is installed
// there of it the new credentials: the same call twice does not install twice.
func (a *API) provide(ctx context.Context, id tandem.AccountID, all []wantedConnector) error {
	if len(all) == 0 {
		return nil
	}
	turn := &a.providing[uint64(id)%uint64(len(a.providing))]
	turn.Lock() // of two calls at once, the second finds what the first installed
	defer turn.Unlock()
	installed, err := a.services.Connectors.List(ctx, id)
	if err != nil {
		return err
	}
	for i := range all {
		w := &all[i]
		if own := w.installed(installed); own != nil {
			_, err = a.services.Connectors.Update(ctx, id, own.ID, w.update())
		} else {
			_, err = a.services.Connectors.Install(ctx, id, &w.versions[0], w.install())
		}
		if err != nil {
			return fmt.Errorf("provide connector %s: %w", w.body.Name, err)
		}
	}
	return nil
}

// installed is the account's own that will do; nil if none is. Neither the
// partner's credentials go into what customers see, nor the other way round.
func (w *wantedConnector) installed(all []tandem.AccountConnector) *tandem.AccountConnector {
	for _, v := range w.versions {
		i := slices.IndexFunc(all, func(c tandem.AccountConnector) bool {
			return c.Connector == v.ID && !c.Inherited && c.IsPartnerIntegrationConnector == w.partner
		})
		if i >= 0 {
			return &all[i]
		}
	}
	return nil
}

func (w *wantedConnector) install() tandem.ConnectorInstall {
	return tandem.ConnectorInstall{
		AuthenticationID: w.body.AuthenticationID.Value, AuthValue: tandem.Secret(w.body.AuthValue), Properties: properties(w.body.Properties),
		IsPartnerIntegrationConnector: w.partner,
	}
}

// update leaves as it is what the call does not give.
func (w *wantedConnector) update() tandem.ConnectorUpdate {
	u := tandem.ConnectorUpdate{Properties: properties(w.body.Properties)}
	if auth := w.body.AuthenticationID; auth.Set && !auth.Null && auth.Value != 0 {
		u.AuthenticationID = auth.Optional
	}
	if w.body.AuthValue != "" {
		u.AuthValue = tandem.Some(tandem.Secret(w.body.AuthValue))
	}
	return u
}
