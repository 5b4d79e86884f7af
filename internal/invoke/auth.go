package invoke

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// access is what credentials come to in a request.
type access struct {
	header, headerValue string // "": none
	query               string // name in the query, escaped; "": none
	key, user, password string // as merge fields
}

// authenticate finds out where the credentials go, and what is to be hidden.
func (b *builder) authenticate() error {
	for _, name := range b.plan.sensitive {
		b.secrets.add(b.call.Properties[name])
	}
	a, value := b.call.Auth.Authentication, string(b.call.Auth.Value)
	switch {
	case a == nil || a.AuthType == connector.AuthNone:
		return nil
	case value == "":
		return authError("the account connector has no credentials")
	case a.AuthType == connector.AuthAPIKey:
		b.apiKey(a, value)
		return nil
	case a.AuthType == connector.AuthBasic:
		return b.basic(value)
	}
	return authError("the authentication " + string(a.AuthType) + " is not known")
}

func authError(detail string) *Error {
	return &Error{Kind: Auth, Short: tandem.IncidentNotAuthenticated, Detail: detail}
}

func (b *builder) apiKey(a *connector.Authentication, key string) {
	b.access.key = key
	b.secrets.add(key)
	switch a.TargetType {
	case connector.MergeField:
	case connector.QueryString:
		b.access.query = url.QueryEscape(a.TargetName)
	default:
		b.access.header, b.access.headerValue = "Authorization", key
		if a.TargetName != "" {
			b.access.header = http.CanonicalHeaderKey(a.TargetName)
		}
		if a.AuthScheme != "" {
			b.access.headerValue = a.AuthScheme + " " + key
		}
	}
}

func (b *builder) basic(value string) error {
	pair, err := base64.StdEncoding.DecodeString(value)
	user, password, ok := strings.Cut(string(pair), ":")
	if err != nil || !ok {
		return authError("the credentials are not the base64 of user:password")
	}
	b.access.user, b.access.password = user, password
	b.access.header, b.access.headerValue = "Authorization", "Basic "+value
	b.secrets.add(string(pair))
	b.secrets.add(password)
	if len(password) < minSecret {
		b.secrets.add(user)
	}
	return nil
}
