package connection

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// SigningSecret fills in the merge fields of a text that says what a third party
// signs its requests with: properties of an account connector, its credentials, its
// client's secret, and what the third party itself said. "": there is none, since the
// rest of a text that lacks a part is known to everybody.
//
// Errors: those of the database.
func (s *Connectors) SigningSecret(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, text string, said tandem.Secret) (tandem.Secret, error) {
	t, err := merge.Parse(text)
	if err != nil {
		return "", fmt.Errorf("what requests are signed with: %w", err)
	}
	values := map[string]string{}
	o, err := s.opened(ctx, use{a, id})
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound: // some webhooks have no account connector
	case err != nil:
		return "", fmt.Errorf("what requests to account connector %d are signed with: %w", id, err)
	default:
		values = o.signingValues()
	}
	values[connector.WebhookSecretField] = string(said)
	whole := true
	secret, err := t.Execute(func(name string) (any, bool) {
		v := values[name]
		whole = whole && v != ""
		return v, v != ""
	}, nil)
	if !whole {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("what requests to account connector %d are signed with: %w", id, err)
	}
	return tandem.Secret(secret), nil
}

// signingValues are what such a text can name of an account connector.
func (o *opened) signingValues() map[string]string {
	all := o.mergeValues()
	if all[connector.ClientSecretProperty] == "" {
		all[connector.ClientSecretProperty] = string(o.client().secret)
	}
	switch o.way.AuthType {
	case connector.AuthAPIKey:
		all[connector.AuthAPIKeyField] = string(o.AuthValue)
	case connector.AuthBasic:
		if pair, err := base64.StdEncoding.DecodeString(string(o.AuthValue)); err == nil {
			all[connector.AuthUsernameField], all[connector.AuthPasswordField], _ = strings.Cut(string(pair), ":")
		}
	default: // has neither
	}
	return all
}
