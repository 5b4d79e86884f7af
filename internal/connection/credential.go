package connection

import (
	"encoding/base64"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// maxAuthValue is the most bytes of credentials, base64 included.
const maxAuthValue = 16 << 10

// authentication finds a way in by its number; 0 is the first.
func authentication(c *connector.Connector, id int64) (*connector.Authentication, error) {
	for i := range c.Authentication {
		if id == 0 || c.Authentication[i].ID == id {
			return &c.Authentication[i], nil
		}
	}
	return nil, tandem.Invalidf("AuthenticationId", "AuthenticationId: connector %s has no authentication %d.", c.Name, id)
}

// authenticate gives c its credentials, if they are right in form; without
// them it is not authenticated, unless none are needed.
func authenticate(c *tandem.AccountConnector, auth *connector.Authentication, value tandem.Secret) error {
	c.AuthenticationID, c.AuthValue, c.Tokens, c.State, c.Note = auth.ID, value, nil, tandem.NotAuthenticated, ""
	if value == "" {
		if auth.AuthType == connector.AuthNone {
			c.State = tandem.Authenticated
		}
		return nil
	}
	if len(value) > maxAuthValue {
		return tandem.Invalidf("AuthValue", "AuthValue: must have at most %d bytes.", maxAuthValue)
	}
	if isEmptyObject(string(value)) && auth.HasClient() && auth.OAuth2Type != connector.PasswordCredentials {
		return nil // to be got: by a sign-in, or from the client's id and secret
	}
	if auth.AuthType == connector.AuthOAuth2 {
		t, _, err := readToken(auth, string(value))
		if c.Tokens = t; t == nil {
			return err // a password, to be tried
		}
	} else if err := checkAuthValue(auth, string(value)); err != nil {
		return err
	}
	c.State = tandem.Authenticated
	return nil
}

// kept is what is kept of an AuthValue beside tokens, which have a place of their
// own.
func kept(auth *connector.Authentication, value tandem.Secret) tandem.Secret {
	if auth.AuthType != connector.AuthOAuth2 || value == "" {
		return value
	}
	_, rest, err := readToken(auth, string(value))
	if err != nil {
		return "" // it was checked when it was set
	}
	return rest
}

// obtainable says that tokens for c can be had at once, without anybody's saying
// yes, and that it has none.
func obtainable(c *tandem.AccountConnector, auth *connector.Authentication) bool {
	if auth.AuthType != connector.AuthOAuth2 || c.State == tandem.Authenticated {
		return false
	}
	return auth.OAuth2Type == connector.ClientCredentials || auth.OAuth2Type == connector.PasswordCredentials && c.AuthValue != ""
}

// checkAuthValue never repeats the value: it may be a password.
func checkAuthValue(auth *connector.Authentication, value string) error {
	switch auth.AuthType {
	case connector.AuthNone:
		return tandem.Invalidf("AuthValue", "AuthValue: the connector needs no credentials, leave it out.")
	case connector.AuthBasic:
		return checkBasic(value)
	case connector.AuthAPIKey:
		return checkText(value)
	}
	if members(auth) == nil {
		return tandem.Invalidf("AuthenticationId", "AuthenticationId: authentication of type %s cannot be used.", auth.AuthType)
	}
	return checkObject(auth, value)
}

func checkBasic(value string) error {
	plain, err := base64.StdEncoding.DecodeString(value)
	if err != nil && strings.Contains(value, ":") {
		return tandem.Invalidf("AuthValue", "AuthValue: this looks like user:password itself; Basic authentication takes it encoded in base64.")
	}
	if err != nil {
		return tandem.Invalidf("AuthValue", "AuthValue: is not base64; Basic authentication takes user:password, encoded in base64.")
	}
	if !strings.Contains(string(plain), ":") {
		return tandem.Invalidf("AuthValue", "AuthValue: what is encoded has no colon; Basic authentication takes user:password, encoded in base64.")
	}
	return checkText(string(plain))
}

// checkText refuses what could end a header, or never was meant to be in one.
func checkText(value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return tandem.Invalidf("AuthValue", "AuthValue: must not hold line breaks or other control characters.")
	}
	return nil
}
