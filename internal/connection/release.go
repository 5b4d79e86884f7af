package connection

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Move moves one of a's own connectors to another release of the same connector.
// Credentials stay if the way to authenticate is the same, and properties by their
// names.
//
// Errors: NotFound; Invalid (another connector, or one that cannot be installed).
func (s *Connectors) Move(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, to tandem.ConnectorID) (*tandem.AccountConnector, error) {
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("move account connector %d: %w", id, err)
	}
	next, err := shelf.Connector(to)
	if err != nil {
		return nil, err
	}
	err = s.store.ChangeAccountConnector(ctx, a, id, func(c *tandem.AccountConnector) error {
		was, err := shelf.Connector(c.Connector)
		if err != nil {
			return err
		}
		if was.ID == next.ID {
			return nil
		}
		if !next.SameAs(was) {
			return tandem.Invalidf("ConnectorId", "ConnectorId: %s %s is no release of %s.", next.Name, next.Version, was.Name)
		}
		if err := next.Installable(); err != nil {
			return err
		}
		if err := s.open(ctx, c); err != nil {
			return err
		}
		rebase(c, was.Connector, next.Connector)
		c.Connector = next.ID
		return s.seal(ctx, c)
	})
	s.forget(id)
	if err != nil {
		return nil, fmt.Errorf("move account connector %d: %w", id, err)
	}
	s.log.InfoContext(ctx, "connector moved to another release", "account", a, "account_connector", id, "connector", to)
	return s.Get(ctx, a, id)
}

// rebase finds in next what c has by was.
func rebase(c *tandem.AccountConnector, was, next *connector.Connector) {
	var properties []tandem.Property
	for _, p := range next.AccountProperties() {
		i := slices.IndexFunc(c.Properties, func(q tandem.Property) bool { return strings.EqualFold(q.Name, p.Name) })
		if i >= 0 {
			properties = append(properties, tandem.Property{ID: p.ID, Name: p.Name, Value: c.Properties[i].Value, Sensitive: p.Sensitive})
		}
	}
	c.Properties = properties
	old := slices.IndexFunc(was.Authentication, func(a connector.Authentication) bool { return a.ID == c.AuthenticationID })
	for _, way := range next.Authentication {
		if old < 0 {
			break
		}
		same := was.Authentication[old]
		same.ID = way.ID
		if reflect.DeepEqual(same, way) {
			c.AuthenticationID = way.ID
			return
		}
	}
	first := next.Authentication[0]
	c.AuthenticationID, c.AuthValue, c.Tokens, c.State = first.ID, "", nil, tandem.NotAuthenticated
	c.Note = fmt.Sprintf("Release %s authenticates in another way. Give its credentials.", next.Version)
	if first.AuthType == connector.AuthNone {
		c.State, c.Note = tandem.Authenticated, ""
	}
}
