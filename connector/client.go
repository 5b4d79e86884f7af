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
func (a *Authentication) HasClient() bool {
	return a.AuthType == AuthOAuth1 || a.AuthType == AuthOAuth2
}

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

// Members of AuthValues that are objects, beside those that a definition names.
const (
	UsernameMember        = "Username"
	PasswordMember        = "Password"
	PrivateKeyMember      = "PrivateKey"
	CertificateMember     = "Certificate"
	AccessKeyIDMember     = "AccessKeyId"
	SecretAccessKeyMember = "SecretAccessKey"
	SessionTokenMember    = "SessionToken"
)

// Asked are what a person is asked for, where the AuthValue is an object; nil:
// it is none, or is not typed in.
func (a *Authentication) Asked() []AuthField {
	switch a.AuthType {
	case AuthFields:
		return a.Fields
	case AuthJWT:
		return append(slices.Clone(a.Fields), AuthField{Name: PrivateKeyMember, DisplayName: "Private key", Description: "PEM", Sensitive: true, Multiline: true})
	case AuthAWS:
		return []AuthField{
			{Name: AccessKeyIDMember, DisplayName: "Access key id"}, {Name: SecretAccessKeyMember, DisplayName: "Secret access key", Sensitive: true},
			{Name: SessionTokenMember, DisplayName: "Session token", Sensitive: true, Optional: true},
		}
	case AuthMutualTLS:
		return []AuthField{
			{Name: CertificateMember, Description: "PEM", Multiline: true}, {Name: PrivateKeyMember, DisplayName: "Private key", Description: "PEM", Sensitive: true, Multiline: true},
		}
	case AuthOAuth2:
		if a.OAuth2Type == PasswordCredentials {
			return []AuthField{{Name: UsernameMember, DisplayName: "User name"}, {Name: PasswordMember, Sensitive: true}}
		}
	case AuthNone, AuthAPIKey, AuthBasic, AuthOAuth1:
	}
	return nil
}

// Interactive says that a person signs in at the third party.
func (a *Authentication) Interactive() bool {
	return a.AuthType == AuthOAuth1 || a.AuthType == AuthOAuth2 && a.OAuth2Type == AuthorisationCode
}
