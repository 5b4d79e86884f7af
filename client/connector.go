package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// Install says how to install a connector.
type Install struct {
	Name        string `json:",omitempty"`
	Description string `json:",omitempty"`
	// AuthenticationID is that of the connector's ways to authenticate; 0: the first.
	AuthenticationID int64      `json:"AuthenticationId,omitempty"`
	AuthValue        string     `json:",omitempty"` // the key; for Basic, base64 of user:password; else as its documentation says
	Properties       []Property `json:",omitempty"`

	IsPartnerIntegrationConnector bool `json:",omitempty"` // your own product's
}

// Property is a setting of an installed connector.
type Property struct{ Name, Value string }

// ConnectorChange changes an installed connector. What is not set stays.
type ConnectorChange struct {
	Name        tandem.Optional[string] `json:",omitzero"`
	Description tandem.Optional[string] `json:",omitzero"`
	AuthValue   tandem.Optional[string] `json:",omitzero"`
}

// AccountConnector is an installed connector.
type AccountConnector struct {
	ID                  tandem.AccountConnectorID `json:"Id"`
	Name                string
	Description         string
	ConnectorID         tandem.ConnectorID `json:"ConnectorId"`
	Authenticated       bool
	AuthenticationState tandem.AuthenticationState
	AuthenticationNote  string // what is wrong with its credentials, for people; "": nothing is known
	Inherited           bool   // from an account above
}

// MethodInput is what a method is called with: values by the ids of its parameters
// and request fields.
type MethodInput struct {
	Parameters map[string]any `json:",omitempty"`
	Fields     map[string]any `json:",omitempty"`
}

// Choice is one of the values that a lookup found.
type Choice struct{ Name, Value string }

// InstallConnector installs the newest version of a connector in the account.
func (c *Client) InstallConnector(ctx context.Context, name string, in Install) (AccountConnector, error) {
	return call[AccountConnector](ctx, c, http.MethodPost, path("connectors", name, "install"), in)
}

// Connectors lists the connectors of the account, inherited ones too.
func (c *Client) Connectors(ctx context.Context) ([]AccountConnector, error) {
	return all[AccountConnector](ctx, c, "/account/connectors", nil)
}

// Connector reads a connector of the account.
func (c *Client) Connector(ctx context.Context, id tandem.AccountConnectorID) (AccountConnector, error) {
	return call[AccountConnector](ctx, c, http.MethodGet, path("account", "connectors", id), nil)
}

// UpdateConnector changes or authenticates a connector of the account.
func (c *Client) UpdateConnector(ctx context.Context, id tandem.AccountConnectorID, change ConnectorChange) (AccountConnector, error) {
	return call[AccountConnector](ctx, c, http.MethodPut, path("account", "connectors", id), change)
}

// Deauthenticate forgets the credentials of a connector.
func (c *Client) Deauthenticate(ctx context.Context, id tandem.AccountConnectorID) error {
	return c.Do(ctx, http.MethodPut, path("account", "connectors", id, "deauthenticate"), nil, nil)
}

// DeleteConnector removes a connector from the account.
func (c *Client) DeleteConnector(ctx context.Context, id tandem.AccountConnectorID) error {
	return c.Do(ctx, http.MethodDelete, path("account", "connectors", id), nil, nil)
}

// CallMethod calls a method, by its id or MethodUniqueIdentifier, and gives the
// third party's answer, after scripts.
func (c *Client) CallMethod(ctx context.Context, id tandem.AccountConnectorID, method string, in MethodInput) (json.RawMessage, error) {
	return call[json.RawMessage](ctx, c, http.MethodPost, path("account", "connectors", id, "methods", method), in)
}

// LookUp gives the choices of a trigger of a connector.
func (c *Client) LookUp(ctx context.Context, id tandem.AccountConnectorID, trigger int64) ([]Choice, error) {
	return call[[]Choice](ctx, c, http.MethodPost, path("account", "connectors", id, "triggers", trigger), nil)
}
