package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type propertyShape struct {
	Name               string
	Value              string                    `doc:"*** where it is sensitive, unless you have just set it; empty: it has none."`
	ID                 int64                     `json:"Id" doc:"That of the connector's parameter."`
	AccountConnectorID tandem.AccountConnectorID `json:"AccountConnectorId"`
}

type propertyBody struct {
	Name  string
	Value anyText
}

// PropertyPath names a property of an installed connector.
type PropertyPath struct {
	AccountConnectorPath
	PropertyID int64 `path:"propertyId"`
}

func showProperty(c *tandem.AccountConnector, p tandem.Property) propertyShape {
	return propertyShape{ID: p.ID, Name: p.Name, Value: p.Value, AccountConnectorID: c.ID}
}

func properties(bodies []propertyBody) []tandem.Property {
	var all []tandem.Property
	for _, p := range bodies {
		all = append(all, tandem.Property{Name: p.Name, Value: string(p.Value)})
	}
	return all
}

// property finds the one that is.
func property(c *tandem.AccountConnector, is func(tandem.Property) bool) (*object[propertyShape], error) {
	for _, p := range c.Properties {
		if is(p) {
			return one(showProperty(c, p), nil)
		}
	}
	return nil, tandem.NotFoundf("Property could not be found.")
}

func byID(id int64) func(tandem.Property) bool {
	return func(p tandem.Property) bool { return p.ID == id }
}

func (a *API) listProperties(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Slicing
},
) (*list[propertyShape], error) {
	c, err := a.openProperties(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	all := []propertyShape{}
	for _, p := range c.Properties {
		all = append(all, showProperty(c, p))
	}
	return whole(in.Slicing, all, nil)
}

// openConnector finds an installed connector whose settings the caller may know
// and change. Errors: NotFound, Forbidden (it is the partner's, and an account
// user asks).
func (a *API) openConnector(ctx context.Context, at policy.Place, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	c, err := a.services.Connectors.Get(ctx, at.Account, id)
	if err == nil && at.User != 0 && c.IsPartnerIntegrationConnector {
		return nil, &tandem.Error{Code: tandem.Forbidden, Message: "The settings of this connector are kept by whoever provides it."}
	}
	return c, err
}

// openProperties is openConnector, with the properties that have no value too.
func (a *API) openProperties(ctx context.Context, at policy.Place, id tandem.AccountConnectorID) (*tandem.AccountConnector, error) {
	c, err := a.openConnector(ctx, at, id)
	if err != nil {
		return nil, err
	}
	l, err := a.services.Library.Get(ctx, at.Partner, c.Connector)
	if err != nil {
		return nil, fmt.Errorf("connector of account connector %d: %w", c.ID, err)
	}
	c.Properties = propertiesOf(c, l)
	return c, nil
}

// propertiesOf are those that c, an installation of l, can have: the value is ""
// where none is set. Of a sensitive one of an account above, nothing is told.
func propertiesOf(c *tandem.AccountConnector, l *tandem.LibraryConnector) []tandem.Property {
	all := slices.Clone(c.Properties)
	for _, p := range l.AccountProperties() {
		if !(c.Inherited && p.Sensitive) && !slices.ContainsFunc(all, byID(p.ID)) {
			all = append(all, tandem.Property{ID: p.ID, Name: p.Name})
		}
	}
	slices.SortFunc(all, func(x, y tandem.Property) int { return cmp.Compare(x.ID, y.ID) })
	return all
}

func (a *API) getProperty(ctx context.Context, at policy.Place, in *PropertyPath) (*object[propertyShape], error) {
	c, err := a.openProperties(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	return property(c, byID(in.PropertyID))
}

func (a *API) createProperty(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body propertyBody
},
) (*object[propertyShape], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	return a.setProperty(ctx, at, in.ID, in.Body)
}

func (a *API) setProperty(ctx context.Context, at policy.Place, id tandem.AccountConnectorID, b propertyBody) (*object[propertyShape], error) {
	c, err := a.services.Connectors.Update(ctx, at.Account, id, tandem.ConnectorUpdate{Properties: properties([]propertyBody{b}), Customer: at.User != 0})
	if err != nil {
		return nil, err
	}
	return property(c, func(p tandem.Property) bool { return strings.EqualFold(p.Name, b.Name) })
}

func (a *API) updateProperty(ctx context.Context, at policy.Place, in *struct {
	PropertyPath
	Body propertyBody
},
) (*object[propertyShape], error) {
	c, err := a.openProperties(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	was, err := property(c, byID(in.PropertyID))
	if err != nil {
		return nil, err
	}
	if in.Body.Name != "" && !strings.EqualFold(in.Body.Name, was.Body.Name) {
		return nil, tandem.Invalidf("Name", "Name: property %d is %q; a property cannot be renamed", in.PropertyID, was.Body.Name)
	}
	in.Body.Name = was.Body.Name
	return a.setProperty(ctx, at, in.ID, in.Body)
}

// deleteProperty takes the value away. The property stays, as long as the connector
// defines it.
func (a *API) deleteProperty(ctx context.Context, at policy.Place, in *PropertyPath) (*empty, error) {
	c, err := a.openProperties(ctx, at, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := property(c, byID(in.PropertyID)); err != nil {
		return nil, err
	}
	_, err = a.services.Connectors.Update(ctx, at.Account, in.ID, tandem.ConnectorUpdate{Unset: []int64{in.PropertyID}, Customer: at.User != 0})
	return done(err)
}
