package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/tandem-ipaas/tandem/connector"
)

// authentications makes the ways to authenticate of the security schemes.
func (im *importer) authentications() {
	names := map[string]bool{}
	u := im.security()
	var schemes openapi3.SecuritySchemes
	if im.doc.Components != nil {
		schemes = im.doc.Components.SecuritySchemes
	}
	for _, name := range slices.Sorted(maps.Keys(schemes)) {
		at := place("/components/securitySchemes").at(name)
		ref := schemes[name]
		switch {
		case ref == nil || ref.Value == nil:
			im.notes.add(at, "the way to authenticate is empty")
		case u.beside[name] && !u.alone[name]:
			im.besideAuthentication(ref.Value, at)
		default:
			for _, a := range im.scheme(ref.Value, slices.Sorted(maps.Keys(u.scopes[name])), at) {
				a.Name = unique(names, line(strings.TrimSpace(name+" "+a.Name)))
				im.connector.Authentication = append(im.connector.Authentication, a)
			}
		}
	}
	switch found := len(im.connector.Authentication); {
	case found == 0 && len(schemes) > 0:
		im.notes.add("/components/securitySchemes", "none of the ways to authenticate can be used: add one before the connector is")
		fallthrough
	case found == 0, !u.needed:
		im.connector.Authentication = append(im.connector.Authentication, connector.Authentication{Name: unique(names, "None"), AuthType: connector.AuthNone})
	}
}

// uses are how operations use the security schemes, by name.
type uses struct {
	alone  map[string]bool
	beside map[string]bool            // together with another one
	scopes map[string]map[string]bool // that are asked for
	needed bool                       // something is always needed
}

func (im *importer) security() uses {
	u := uses{map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}, len(im.doc.Security) > 0}
	u.add(im, im.doc.Security, "/security")
	for _, op := range im.all() {
		if op.operation.Security == nil {
			continue
		}
		own := *op.operation.Security
		u.add(im, own, op.at.at("security"))
		if len(im.doc.Security) > 0 && !sameSchemes(own, im.doc.Security) {
			im.notes.tally(op.at.at("security"), "an operation has ways to authenticate of its own: all of the connector's are offered for it")
		}
		u.needed = u.needed || len(im.doc.Security) == 0 && len(own) > 0 && !slices.ContainsFunc(own, empty)
	}
	if slices.ContainsFunc(im.doc.Security, empty) {
		u.needed = false
	}
	return u
}

func empty(r openapi3.SecurityRequirement) bool { return len(r) == 0 }

func sameSchemes(a, b openapi3.SecurityRequirements) bool {
	return slices.EqualFunc(a, b, func(x, y openapi3.SecurityRequirement) bool {
		return maps.EqualFunc(x, y, func([]string, []string) bool { return true })
	})
}

// add counts requirements. Of several schemes that are needed together, one is the
// way to authenticate: the first that is no key, if there is one.
func (u uses) add(im *importer, all openapi3.SecurityRequirements, at place) {
	for _, r := range all {
		names := slices.Sorted(maps.Keys(r))
		for _, name := range names {
			if u.scopes[name] == nil {
				u.scopes[name] = map[string]bool{}
			}
			for _, scope := range r[name] {
				u.scopes[name][scope] = true
			}
		}
		if len(names) == 0 {
			continue
		}
		first := max(0, slices.IndexFunc(names, func(name string) bool { return !im.isKey(name) }))
		u.alone[names[first]] = true
		for i, name := range names {
			if i != first && im.isKey(name) {
				u.beside[name] = true
			} else if i != first {
				im.notes.tally(at, "several ways to authenticate are needed at once: one of them is used")
			}
		}
	}
}

func (im *importer) isKey(name string) bool {
	if im.doc.Components == nil {
		return false
	}
	ref := im.doc.Components.SecuritySchemes[name]
	return ref != nil && ref.Value != nil && ref.Value.Type == "apiKey" && ref.Value.In != "cookie"
}

// besideAuthentication makes a key that is needed beside another one a parameter.
func (im *importer) besideAuthentication(s *openapi3.SecurityScheme, at place) {
	p := connector.Parameter{Name: line(s.Name), Description: im.prose(s.Description, at.at("description"), maxHint), TargetType: connector.QueryString,
		DataType: connector.Text, Sensitive: true, AccountConnectorProperty: true}
	if s.In == "header" {
		p.TargetType = connector.HTTPHeader
		if err := connector.CheckHeader(s.Name); err != nil {
			im.notes.add(at, err.Error())
			return
		}
	}
	if p.Name == "" {
		im.notes.add(at, "the key has no name")
		return
	}
	if name := unique(im.own, p.Name); name != p.Name {
		p.Name, p.TargetName = name, p.Name
	}
	im.connector.Parameters = append(im.connector.Parameters, p)
}

// scheme gives the ways to authenticate of a security scheme.
func (im *importer) scheme(s *openapi3.SecurityScheme, scopes []string, at place) []connector.Authentication {
	if s.Description != "" {
		im.notes.tally(at.at("description"), "descriptions of ways to authenticate are not kept")
	}
	switch s.Type {
	case "apiKey":
		return im.key(s, at)
	case "http":
		switch strings.ToLower(s.Scheme) {
		case "basic":
			return []connector.Authentication{{AuthType: connector.AuthBasic}}
		case "bearer":
			return []connector.Authentication{{AuthType: connector.AuthAPIKey, AuthScheme: "Bearer"}}
		}
		im.notes.add(at, fmt.Sprintf("the HTTP authentication %q is not supported", short(s.Scheme)))
	case "oauth2":
		return im.flows(s.Flows, scopes, at.at("flows"))
	case "mutualTLS":
		return []connector.Authentication{{AuthType: connector.AuthMutualTLS}}
	case "openIdConnect":
		im.notes.add(at, "OpenID Connect is not looked up: add OAuth2 with the addresses of "+short(s.OpenIdConnectUrl))
	default:
		im.notes.add(at, fmt.Sprintf("the way to authenticate %q is not known", short(s.Type)))
	}
	return nil
}

func (im *importer) key(s *openapi3.SecurityScheme, at place) []connector.Authentication {
	a := connector.Authentication{AuthType: connector.AuthAPIKey, TargetName: s.Name}
	switch s.In {
	case "header":
		if err := connector.CheckHeader(s.Name); err != nil {
			im.notes.add(at, err.Error())
			return nil
		}
	case "query":
		a.TargetType = connector.QueryString
		if s.Name == "" {
			im.notes.add(at, "the key has no name")
			return nil
		}
	default:
		im.notes.add(at, fmt.Sprintf("a key in a %s is not supported", short(s.In)))
		return nil
	}
	return []connector.Authentication{a}
}

func (im *importer) flows(f *openapi3.OAuthFlows, scopes []string, at place) (all []connector.Authentication) {
	if f == nil {
		im.notes.add(at, "OAuth 2.0 has no flow")
		return nil
	}
	if f.Implicit != nil {
		im.notes.add(at.at("implicit"), "the implicit flow of OAuth 2.0 is not supported: it gives tokens to browsers only")
	}
	for _, flow := range []struct {
		name   string
		grant  connector.OAuth2Type
		of     *openapi3.OAuthFlow
		person bool
	}{
		{"authorizationCode", connector.AuthorisationCode, f.AuthorizationCode, true},
		{"clientCredentials", connector.ClientCredentials, f.ClientCredentials, false},
		{"password", connector.PasswordCredentials, f.Password, false},
	} {
		if flow.of == nil {
			continue
		}
		here := at.at(flow.name)
		a := connector.Authentication{Name: flow.name, AuthType: connector.AuthOAuth2, OAuth2Type: flow.grant, Scopes: im.scopes(flow.of, scopes, here)}
		ok := im.tokenURL(&a.AccessTokenURL, flow.of.TokenURL, here.at("tokenUrl"), true)
		ok = im.tokenURL(&a.RefreshTokenURL, flow.of.RefreshURL, here.at("refreshUrl"), false) && ok
		if flow.person {
			ok = im.tokenURL(&a.AuthoriseURL, flow.of.AuthorizationURL, here.at("authorizationUrl"), true) && ok
		}
		if ok {
			all = append(all, a)
		}
	}
	return all
}

// scopes are those that operations ask for, or else all that there are.
func (im *importer) scopes(f *openapi3.OAuthFlow, asked []string, at place) string {
	if len(asked) == 0 {
		asked = slices.Sorted(maps.Keys(f.Scopes))
	}
	s := strings.Join(asked, " ")
	if !usable(s) || line(s) != s {
		im.notes.add(at.at("scopes"), "the scopes are too long, or not text, and are left out: add those that are needed")
		return ""
	}
	return s
}

func (im *importer) tokenURL(to *string, raw string, at place, needed bool) bool {
	if raw == "" {
		if needed {
			im.notes.add(at, "the address is missing, so the flow is left out")
		}
		return !needed
	}
	u, err := im.address(raw, nil, true, at)
	if err != nil {
		im.notes.add(at, err.Error())
		return false
	}
	*to = u
	return true
}
