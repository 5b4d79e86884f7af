package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Library is as in tandem.Library.
type Library interface {
	ByName(ctx context.Context, p tandem.PartnerID, name, version string) ([]tandem.LibraryConnector, error)
}

// Connectors are as in tandem.AccountConnectors.
type Connectors interface {
	List(ctx context.Context, a tandem.AccountID) ([]tandem.AccountConnector, error)
	Install(ctx context.Context, a tandem.AccountID, c *tandem.LibraryConnector, in tandem.ConnectorInstall) (*tandem.AccountConnector, error)
	Update(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, u tandem.ConnectorUpdate) (*tandem.AccountConnector, error)
}

// want is a connector that a deployment wants to be there.
type want struct {
	*tandem.DeployedConnector
	versions []tandem.LibraryConnector // that will do, best first
}

// wanted finds in the library what a deployment wants.
//
// Errors: Invalid.
func (s *Deployments) wanted(ctx context.Context, p tandem.PartnerID, connectors []tandem.DeployedConnector) ([]want, error) {
	var all []want
	for i := range connectors {
		c := &connectors[i]
		if c.Name == "" {
			return nil, tandem.Invalidf(c.Field, "%s: Name is required", c.Field)
		}
		versions, err := s.library.ByName(ctx, p, c.Name, c.Version)
		if err != nil {
			return nil, err
		}
		if len(versions) == 0 {
			return nil, tandem.Invalidf(c.Field, "%s: there is no connector %q", c.Field, strings.TrimSpace(c.Name+" "+c.Version))
		}
		tandem.InstallableFirst(versions)
		all = append(all, want{c, versions})
	}
	return all, nil
}

// provide gives the connector that is installed in an account the new credentials,
// or installs it: never twice, as of two calls at once the second is told that the
// first was there.
func (s *Deployments) provide(ctx context.Context, a tandem.AccountID, w *want) error {
	own, err := s.installed(ctx, a, w)
	if err != nil {
		return err
	}
	if own == nil {
		_, err = s.connectors.Install(ctx, a, &w.versions[0], w.install())
		if tandem.ErrorCode(err) == tandem.Conflict {
			own, err = s.installed(ctx, a, w)
		}
	}
	if err == nil && own != nil {
		_, err = s.connectors.Update(ctx, a, own.ID, w.update())
	}
	if err != nil {
		return fmt.Errorf("provide connector %s: %w", w.Name, err)
	}
	return nil
}

// installed is the account's own that will do; nil if none is. Neither the
// partner's credentials go into what customers see, nor the other way round.
func (s *Deployments) installed(ctx context.Context, a tandem.AccountID, w *want) (*tandem.AccountConnector, error) {
	all, err := s.connectors.List(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, v := range w.versions {
		i := slices.IndexFunc(all, func(c tandem.AccountConnector) bool {
			return c.Connector == v.ID && !c.Inherited && c.IsPartnerIntegrationConnector == w.IsPartnerIntegrationConnector
		})
		if i >= 0 {
			return &all[i], nil
		}
	}
	return nil, nil
}

func (w *want) install() tandem.ConnectorInstall {
	in := w.ConnectorInstall
	for _, v := range w.versions {
		in.Unless = append(in.Unless, v.ID)
	}
	return in
}

// update leaves as it is what the deployment does not give.
func (w *want) update() tandem.ConnectorUpdate {
	u := tandem.ConnectorUpdate{Properties: w.Properties}
	if w.AuthenticationID != 0 {
		u.AuthenticationID = tandem.Some(w.AuthenticationID)
	}
	if w.AuthValue != "" {
		u.AuthValue = tandem.Some(w.AuthValue)
	}
	return u
}
