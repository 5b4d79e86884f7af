package invoke

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
)

// access is what credentials come to in a request.
type access struct {
	header, headerValue string // "": none
	query, queryValue   string // the name escaped; "": none
	fields              []placed
	sign                func(ctx context.Context, req *http.Request) error
	client              *egress.Client    // that shows a certificate; nil: the usual
	key, user, password string            // as merge fields
	values              map[string]string // members of an AuthValue that is an object
}

// placed is a part of the credentials that goes into the request's document.
type placed struct {
	location connector.Location
	value    string
}

// learn finds out where the credentials go, and what is to be hidden.
func (x *exchange) learn() error {
	for _, name := range x.plan.sensitive {
		x.secrets.add(x.call.Properties[name])
	}
	a := x.call.Auth.Authentication
	if a == nil || a.AuthType == connector.AuthNone {
		return nil
	}
	if x.call.Auth.Value == "" && len(x.call.Auth.Values) == 0 {
		return authError("the account connector has no credentials")
	}
	switch a.AuthType {
	case connector.AuthAPIKey:
		return x.carry(a, string(x.call.Auth.Value), "")
	case connector.AuthBasic:
		return x.basic(string(x.call.Auth.Value))
	case connector.AuthOAuth2, connector.AuthJWT:
		return x.token(a)
	case connector.AuthFields:
		return x.authFields(a)
	case connector.AuthOAuth1:
		return x.oauth1(a)
	case connector.AuthAWS:
		return x.aws(a)
	case connector.AuthMutualTLS:
		return x.mutualTLS()
	case connector.AuthNone:
	}
	return authError("the authentication " + string(a.AuthType) + " is not known")
}

func authError(detail string) *Error {
	return &Error{Kind: Auth, Short: tandem.IncidentNotAuthenticated, Detail: detail}
}

// carry puts a key, or a token, in the place that the definition gives it.
func (x *exchange) carry(a *connector.Authentication, key, scheme string) error {
	x.access.key = key
	x.secrets.add(key)
	switch a.TargetType {
	case connector.MergeField: // put where a text asks for it
	case connector.QueryString:
		x.access.query, x.access.queryValue = url.QueryEscape(a.TargetName), key
	case connector.RequestField:
		return x.placeAt(a.TargetName, key)
	default:
		x.access.header, x.access.headerValue = "Authorization", key
		if a.TargetName != "" {
			x.access.header = http.CanonicalHeaderKey(a.TargetName)
		}
		if a.AuthScheme != "" {
			scheme = a.AuthScheme
		} else if x.access.header != "Authorization" {
			scheme = ""
		}
		if scheme != "" {
			x.access.headerValue = scheme + " " + key
		}
	}
	return nil
}

func (x *exchange) placeAt(location, value string) error {
	at, err := connector.ParseLocation(location)
	if err != nil {
		return authError("the credentials have no place in the request: " + err.Error())
	}
	x.access.fields = append(x.access.fields, placed{at, value})
	return nil
}

func (x *exchange) basic(value string) error {
	pair, err := base64.StdEncoding.DecodeString(value)
	user, password, ok := strings.Cut(string(pair), ":")
	if err != nil || !ok {
		return authError("the credentials are not the base64 of user:password")
	}
	x.access.user, x.access.password = user, password
	x.access.header, x.access.headerValue = "Authorization", "Basic "+value
	x.secrets.add(string(pair))
	x.secrets.add(password)
	if len(password) < minSecret {
		x.secrets.add(user)
	}
	return nil
}

// token is an access token, which somebody has got.
func (x *exchange) token(a *connector.Authentication) error {
	token := string(x.call.Auth.Value)
	if given := x.members()["AccessToken"]; given != "" {
		token = given
	}
	if token == "" || strings.HasPrefix(token, "{") {
		return authError("the account connector has no access token")
	}
	return x.carry(a, token, "Bearer")
}

// authFields puts named fields into the body. Without one that is marked as
// sensitive, all are.
func (x *exchange) authFields(a *connector.Authentication) error {
	all := true
	for _, f := range a.Fields {
		all = all && !f.Sensitive
	}
	for _, f := range a.Fields {
		v := x.members()[f.Name]
		switch {
		case v == "" && f.Optional:
			continue
		case v == "":
			return authError("the credentials have no " + f.Name)
		}
		if all || f.Sensitive {
			x.secrets.add(v)
		}
		at := f.Location
		if at == "" {
			at = f.Name
		}
		if err := x.placeAt(at, v); err != nil {
			return err
		}
	}
	return nil
}

// members are those of an AuthValue that is an object.
func (x *exchange) members() map[string]string {
	if x.access.values != nil {
		return x.access.values
	}
	x.access.values = map[string]string{}
	var given map[string]any
	if err := json.Unmarshal([]byte(x.call.Auth.Value), &given); err == nil {
		for name, v := range given {
			x.access.values[name], _ = v.(string)
		}
	}
	for name, v := range x.call.Auth.Values {
		x.access.values[name] = string(v)
	}
	return x.access.values
}

// need gives members of the AuthValue that there must be.
func (x *exchange) need(names ...string) ([]string, error) {
	values := make([]string, len(names))
	for i, name := range names {
		if values[i] = x.members()[name]; values[i] == "" {
			return nil, authError("the credentials have no " + name)
		}
	}
	return values, nil
}

// authenticate puts the credentials into the request, and makes it.
func (x *exchange) authenticate(ctx context.Context) (*http.Request, error) {
	if x.access.header != "" {
		if err := x.setHeader(x.access.header, x.access.headerValue, "credentials"); err != nil {
			return nil, err
		}
	}
	if err := x.encode(ctx); err != nil {
		return nil, err
	}
	address := x.address()
	record := x.record(address)
	if x.access.query != "" {
		address = withQuery(address, x.access.query, x.access.queryValue)
	}
	req, err := x.request(ctx, address)
	if err != nil {
		x.result.Request = record
		return nil, err
	}
	if x.access.sign != nil {
		err = x.access.sign(ctx, req)
		x.recordSignature(record, req.Header)
	}
	x.result.Request = record
	return req, err
}
