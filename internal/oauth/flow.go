package oauth

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Flow gets tokens by one way to authenticate.
type Flow struct {
	Authentication *connector.Authentication
	ClientID       string
	ClientSecret   tandem.Secret     // "": a public client
	Values         map[string]string // of merge fields: properties, and members of an AuthValue, by name
	HTTP           *http.Client      // guarded; its timeout bounds a request
	Hook           Hook              // may change what is sent; nil: nobody does
}

// lookup is the value of a merge field.
func (f *Flow) lookup(name string) (any, bool) {
	if name == connector.ClientIDProperty {
		return f.ClientID, true
	}
	v, ok := f.Values[name]
	return v, ok
}

// address fills in an address of the definition. Errors: *Error (Unusable).
func (f *Flow) address(name, text string) (*url.URL, error) {
	a, err := merge.ParseAddress(text)
	if err == nil {
		text, err = a.Execute(f.lookup)
	}
	if err != nil {
		return nil, unusable("%s: %v", name, err)
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return nil, unusable("%s is not an address that begins with https:// and a host", name)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// text fills in a text of the definition. Errors: *Error (Unusable).
func (f *Flow) text(name, text string) (string, error) {
	t, err := merge.Parse(text)
	if err == nil {
		text, err = t.Execute(f.lookup, nil)
	}
	if err != nil {
		return "", unusable("%s: %v", name, err)
	}
	return text, nil
}

// addParameters fills the definition's own parameters into a form.
func (f *Flow) addParameters(form url.Values) error {
	for _, p := range f.Authentication.TokenParameters {
		s, err := f.text("TokenParameters", p.Value)
		if err != nil {
			return err
		}
		form.Set(p.Name, s)
	}
	return nil
}

// addScopes fills the scopes into a form, if there are any.
func (f *Flow) addScopes(form url.Values) error {
	s, err := f.text("Scopes", f.Authentication.Scopes)
	if err == nil && s != "" {
		form.Set("scope", s)
	}
	return err
}

// Choosers are the merge fields by which an address that gets the client's
// secret, or a token, can be on any host.
func Choosers(a *connector.Authentication) (names []string) {
	for _, text := range []string{a.RequestTokenURL, a.AuthoriseURL, a.AccessTokenURL, a.RefreshTokenURL} {
		if p, err := merge.ParseAddress(text); err == nil {
			names = append(names, p.Choosers()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Issues says that an issuer, as it names itself in an answer to a browser
// (RFC 9207), can be who was asked: it is on the host of one of the addresses, or
// on a domain that the host is in, or the other way about.
func (f *Flow) Issues(issuer string) bool {
	u, err := url.Parse(issuer)
	if err != nil || u.Hostname() == "" {
		return false
	}
	for _, text := range []string{f.Authentication.AuthoriseURL, f.Authentication.AccessTokenURL} {
		if to, err := f.address("", text); err == nil && (within(to.Host, u.Host) || within(u.Host, to.Host)) {
			return true
		}
	}
	return false
}

// within says that a host is domain, or in it; domains of one label have nobody in
// them.
func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || strings.Contains(domain, ".") && strings.HasSuffix(host, "."+domain)
}

// secrets are what is not told of an answer.
func (f *Flow) secrets(form url.Values) []tandem.Secret {
	all := []tandem.Secret{f.ClientSecret}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		switch name {
		case "code", "refresh_token", "password", "assertion", "client_secret", "code_verifier", "client_assertion":
			all = append(all, tandem.Secret(form.Get(name)))
		}
	}
	return all
}

// asError gives an error of this package's type.
func asError(what string, err error) error {
	if known := (*Error)(nil); errors.As(err, &known) {
		return known
	}
	e := &Error{Kind: Transient, Detail: what + ": " + Say(cause(err)), Err: err}
	if egress.KindOf(err) == egress.Refused {
		e.Kind = Unusable
	}
	return e
}

// cause leaves out the URL, whose query may hold a secret.
func cause(err error) string {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return fmt.Sprint(u.Err)
	}
	return err.Error()
}
