package connector

import (
	"fmt"
	"slices"
	"strings"
)

func (v *validator) authentications() {
	names := map[string]bool{}
	for i := range v.connector.Authentication {
		a, at := &v.connector.Authentication[i], fmt.Sprintf("Authentication[%d]", i)
		name := a.Name
		if name == "" {
			name = string(a.AuthType)
		}
		v.unique(names, name, at+".Name")
		v.authTarget(a, at)
		v.authFields(a, at)
		v.authParts(a, at)
		for _, text := range []struct{ name, text string }{
			{"RequestTokenUrl", a.RequestTokenURL}, {"AuthoriseUrl", a.AuthoriseURL}, {"AccessTokenUrl", a.AccessTokenURL}, {"RefreshTokenUrl", a.RefreshTokenURL},
		} {
			if text.text != "" && !endpointPattern.MatchString(text.text) {
				v.errs.add(at+"."+text.name, "must begin with https://, http:// or a merge field")
			}
			v.authMergeFields(a, text.text, at+"."+text.name)
		}
		for j, p := range a.TokenParameters {
			v.authMergeFields(a, p.Value, fmt.Sprintf("%s.TokenParameters[%d].Value", at, j))
		}
		for j, c := range a.Claims {
			v.authMergeFields(a, c.Value, fmt.Sprintf("%s.Claims[%d].Value", at, j))
		}
		v.authMergeFields(a, a.Scopes, at+".Scopes")
		v.authMergeFields(a, a.Region, at+".Region")
		v.authMergeFields(a, a.Service, at+".Service")
	}
}

// carried are the ways to authenticate that put a key or a token in a place of
// the request that a definition chooses.
var carried = []AuthType{AuthAPIKey, AuthOAuth2, AuthJWT}

func (v *validator) authTarget(a *Authentication, at string) {
	if !slices.Contains(carried, a.AuthType) {
		if a.AuthScheme != "" || a.TargetType != "" || a.TargetName != "" {
			v.errs.add(at, "AuthScheme, TargetType and TargetName are for ApiKey, OAuth2 and JwtBearer only")
		}
		return
	}
	switch a.TargetType {
	case QueryString:
		if a.TargetName == "" {
			v.errs.add(at+".TargetName", "is required: the name of the key in the query")
		}
	case RequestField:
		if v.location(a.TargetName, at+".TargetName"); a.TargetName == "" {
			v.errs.add(at+".TargetName", "is required: the location of the key in the body")
		}
	case HTTPHeader, "":
		v.header(a.TargetName, at+".TargetName")
	case MergeField: // put where a text asks for it
	case ResponseField, FilterField, Script, Index:
		v.errs.add(at+".TargetType", "a key is sent in HttpHeader, QueryString or RequestField, or put in by MergeField")
	}
}

func (v *validator) authFields(a *Authentication, at string) {
	if a.AuthType == AuthFields && len(a.Fields) == 0 {
		v.errs.add(at+".Fields", "is required: what a person is asked for")
	}
	if len(a.Fields) > 0 && a.AuthType != AuthFields && a.AuthType != AuthJWT {
		v.errs.add(at+".Fields", "is for AuthFields and JwtBearer only")
	}
	names := map[string]bool{}
	for i, f := range a.Fields {
		field := fmt.Sprintf("%s.Fields[%d]", at, i)
		v.unique(names, f.Name, field+".Name")
		v.location(f.Location, field+".Location")
	}
}

// authParts are what each type needs, or else may have, of an Authentication;
// what is of no type here is checked elsewhere.
var authParts = []struct {
	name      string
	there     func(*Authentication) bool
	need, may []string // types, OAuth 2.0 by its grant
}{
	{"OAuth2Type", func(a *Authentication) bool { return a.OAuth2Type != "" }, []string{"OAuth2"}, nil},
	{"RequestTokenUrl", func(a *Authentication) bool { return a.RequestTokenURL != "" }, []string{"OAuth1"}, nil},
	{"AuthoriseUrl", func(a *Authentication) bool { return a.AuthoriseURL != "" }, []string{"OAuth1", "AuthorisationCode"}, nil},
	{"AccessTokenUrl", func(a *Authentication) bool { return a.AccessTokenURL != "" }, []string{"OAuth1", "OAuth2"}, []string{"JwtBearer"}},
	{"RefreshTokenUrl", func(a *Authentication) bool { return a.RefreshTokenURL != "" }, nil, []string{"OAuth2"}},
	{"Scopes", func(a *Authentication) bool { return a.Scopes != "" }, nil, []string{"OAuth1", "OAuth2"}},
	{"ClientAuthentication", func(a *Authentication) bool { return a.ClientAuthentication != "" }, nil, []string{"OAuth2"}},
	{"TokenParameters", func(a *Authentication) bool { return len(a.TokenParameters) > 0 }, nil, []string{"OAuth2", "JwtBearer"}},
	{"Pkce", func(a *Authentication) bool { return a.PKCE }, nil, []string{"AuthorisationCode"}},
	{"SignatureMethod", func(a *Authentication) bool { return a.SignatureMethod != "" }, nil, []string{"OAuth1"}},
	{"Realm", func(a *Authentication) bool { return a.Realm != "" }, nil, []string{"OAuth1"}},
	{"Algorithm", func(a *Authentication) bool { return a.Algorithm != "" }, nil, []string{"JwtBearer"}},
	{"Claims", func(a *Authentication) bool { return len(a.Claims) > 0 }, []string{"JwtBearer"}, nil},
	{"Lifetime", func(a *Authentication) bool { return a.Lifetime != 0 }, nil, []string{"JwtBearer"}},
	{"Region", func(a *Authentication) bool { return a.Region != "" }, []string{"AwsSignatureV4"}, nil},
	{"Service", func(a *Authentication) bool { return a.Service != "" }, []string{"AwsSignatureV4"}, nil},
}

func (v *validator) authParts(a *Authentication, at string) {
	is := func(t string) bool { return t == string(a.AuthType) || t != "" && t == string(a.OAuth2Type) }
	for _, part := range authParts {
		there, needed := part.there(a), slices.ContainsFunc(part.need, is)
		switch {
		case needed && !there:
			v.errs.add(at+"."+part.name, "is required with %s%s", a.AuthType, oneOfPart(part.name))
		case there && !needed && !slices.ContainsFunc(part.may, is):
			v.errs.add(at+"."+part.name, "is for %s only", strings.Join(append(part.need, part.may...), ", "))
		}
	}
	if a.SignatureMethod != "" && !slices.Contains([]string{"HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1"}, a.SignatureMethod) {
		v.errs.add(at+".SignatureMethod", "%q is not known; it is one of HMAC-SHA1, HMAC-SHA256, RSA-SHA1", a.SignatureMethod)
	}
	if algorithms := []string{"RS256", "RS384", "RS512", "ES256", "HS256", "HS512"}; a.Algorithm != "" && !slices.Contains(algorithms, a.Algorithm) {
		v.errs.add(at+".Algorithm", "%q is not known; it is one of %s", a.Algorithm, strings.Join(algorithms, ", "))
	}
	if a.Lifetime < 0 {
		v.errs.add(at+".Lifetime", "cannot be negative")
	}
}

// oneOfPart lists the values of a part that is an enumeration.
func oneOfPart(name string) string {
	if name == "OAuth2Type" {
		return "; it is one of AuthorisationCode, ClientCredentials, PasswordCredentials"
	}
	return ""
}

// authMergeFields checks the merge fields of a text of a: they are the
// connector's parameters, a client's id, or members of the AuthValue.
func (v *validator) authMergeFields(a *Authentication, text, field string) {
	known := []string{ClientIDProperty}
	for _, f := range a.Fields {
		known = append(known, f.Name)
	}
	v.mergeFieldsOf(text, field, func(name string) bool { return slices.Contains(known, name) || v.mergeable(name, nil) })
}
