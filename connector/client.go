package connector

import (
	"slices"
	"strings"
)

// Names of properties in which an account connector may have a client of its own.
const (
	ClientIDProperty     = "ClientId"
	ClientSecretProperty = "ClientSecret"
)

// Numbers of those properties, where the definition has no such parameters.
const (
	clientIDNumber     = -1
	clientSecretNumber = -2
)

// HasClient says that a is OAuth with a client.
func (a *Authentication) HasClient() bool { return a.AuthType == AuthOAuth1 || a.AuthType == AuthOAuth2 }

// AccountProperties are the parameters that an account connector has values for:
// those that the definition says so of, and, of a connector with OAuth, a client of
// its own.
func (c *Connector) AccountProperties() []Parameter {
	all := slices.DeleteFunc(slices.Clone(c.Parameters), func(p Parameter) bool { return !p.AccountConnectorProperty })
	if !slices.ContainsFunc(c.Authentication, func(a Authentication) bool { return a.HasClient() }) {
		return all
	}
	for _, p := range []Parameter{
		{ID: clientIDNumber, Name: ClientIDProperty, DisplayName: "Client id", Optional: true, AccountConnectorProperty: true},
		{ID: clientSecretNumber, Name: ClientSecretProperty, DisplayName: "Client secret", Optional: true, AccountConnectorProperty: true, Sensitive: true},
	} {
		if !slices.ContainsFunc(c.Parameters, func(own Parameter) bool { return strings.EqualFold(own.Name, p.Name) }) {
			all = append(all, p)
		}
	}
	return all
}
