package connection

import (
	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Given is c opened with what is given, which is kept nowhere, so that c can be
// tried before anybody has installed it. Tokens of OAuth are given, not asked for.
//
// Errors: Invalid.
func Given(c *connector.Connector, in tandem.ConnectorTrial) (*Resolved, error) {
	way, err := wayOf(c, in.Authentication)
	if err != nil {
		return nil, err
	}
	var as tandem.AccountConnector
	if err := authenticate(&as, way, in.AuthValue); err != nil {
		return nil, err
	}
	if as.State != tandem.Authenticated {
		return nil, tandem.Invalidf("AuthValue", "AuthValue: is required.")
	}
	if tokened(way) && as.Tokens == nil {
		return nil, tandem.Invalidf("AuthValue", "AuthValue: must be a token; none is asked for in a trial. Use a connector that is installed.")
	}
	r := &Resolved{Connector: c, Authentication: way, AuthValue: in.AuthValue, Properties: in.Properties, State: as.State}
	return r, r.open(as.Tokens)
}

// As is how c, another release of the connector, authenticates with r's
// credentials.
//
// Errors: Invalid (it does so in no such way).
func (r *Resolved) As(c *connector.Connector) (*connector.Authentication, error) {
	for i := range c.Authentication {
		if way := &c.Authentication[i]; way.Name == r.Authentication.Name && way.AuthType == r.Authentication.AuthType {
			return way, nil
		}
	}
	return nil, tandem.Invalidf("AccountConnectorId", "AccountConnectorId: it authenticates by %s %s, which this release does not have.", r.Authentication.AuthType, r.Authentication.Name)
}

func wayOf(c *connector.Connector, name string) (*connector.Authentication, error) {
	for i := range c.Authentication {
		if way := &c.Authentication[i]; name == "" || way.Name == name {
			return way, nil
		}
	}
	return nil, tandem.Invalidf("Authentication", "Authentication: connector %s has none that is called %q.", c.Name, name)
}
