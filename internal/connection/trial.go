package connection

import (
	"context"
	"fmt"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// introduce lets credentials that c was just given be tried, and shows in c what
// came of it. That the third party does not take them, or cannot be asked, is no
// error: c says so.
func (s *Connectors) introduce(ctx context.Context, c *tandem.AccountConnector) error {
	if s.authenticated == nil || c.State != tandem.Authenticated {
		return nil
	}
	if err := s.authenticated(tandem.WithAct(ctx, nil), c.Account, c.ID); err != nil {
		s.log.WarnContext(ctx, "credentials could not be tried", "account", c.Account, "account_connector", c.ID, "error", err)
	}
	now, err := s.Get(ctx, c.Account, c.ID)
	if err != nil {
		return err
	}
	c.State, c.Note = now.State, now.Note
	for _, p := range now.Properties {
		if !slices.ContainsFunc(c.Properties, func(q tandem.Property) bool { return q.ID == p.ID }) {
			c.Properties = append(c.Properties, p)
		}
	}
	return nil
}

// Test implements tandem.AccountConnectors.
func (s *Connectors) Test(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	o, err := s.opened(ctx, use{a, id})
	switch {
	case err != nil:
		return nil, fmt.Errorf("test account connector %d: %w", id, err)
	case o.Inherited:
		return nil, tandem.NotFoundf("Account connector could not be found.")
	case s.authenticated == nil || o.library.PostInstallTestMethod == "" && o.library.PostInstallLookup == nil:
		return nil, tandem.Invalidf("", "Connector %s says nothing that its credentials could be tested by.", o.library.Name)
	}
	if err := s.authenticated(ctx, a, id); err != nil {
		return nil, fmt.Errorf("test account connector %d: %w", id, err)
	}
	return s.Get(ctx, a, id)
}

// Try tries the credentials of one of a's own connectors, those of before too that
// were refused once. What test says is written down, unless somebody has given
// others meanwhile: a note, "" if all is well, and whether they are refused, so that
// the connector is not authenticated. They are kept all the same.
//
// Errors: NotFound; Invalid (it has none).
func (s *Connectors) Try(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, test func(context.Context) (note string, refused bool)) error {
	var was tandem.AccountConnector
	_, err := s.change(ctx, a, id, func(c *tandem.AccountConnector, _ *connector.Connector) error {
		if c.State != tandem.Authenticated && c.AuthValue == "" && c.Tokens == nil {
			return tandem.Invalidf("", "The connector has no credentials to test.")
		}
		c.State = tandem.Authenticated
		was = *c
		return nil
	}, tandem.ConnectorUpdate{})
	if err != nil {
		return err
	}
	note, refused := test(ctx)
	_, err = s.change(context.WithoutCancel(ctx), a, id, func(c *tandem.AccountConnector, _ *connector.Connector) error {
		same := c.AuthenticationID == was.AuthenticationID && c.AuthValue == was.AuthValue && (c.Tokens == nil) == (was.Tokens == nil)
		if !same || c.State != tandem.Authenticated {
			return nil
		}
		if c.Note = note; refused {
			c.State = tandem.NotAuthenticated
		}
		return nil
	}, tandem.ConnectorUpdate{})
	return err
}
