package connection

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/oauth"
)

// client is whom a third party knows a connector as.
type client struct {
	id     string
	secret tandem.Secret
}

// client is the account connector's own, or else the partner's; never half of
// each. The partner's goes to no address that is the account's to choose.
func (o *opened) client() client {
	own := client{}
	for _, p := range o.Properties {
		switch {
		case strings.EqualFold(p.Name, connector.ClientIDProperty):
			own.id = p.Value
		case strings.EqualFold(p.Name, connector.ClientSecretProperty):
			own.secret = tandem.Secret(p.Value)
		}
	}
	if own.id != "" || own.secret != "" || o.astray() != "" {
		return own
	}
	return client{o.partner.ClientID, tandem.Secret(o.partner.ClientSecret)}
}

// flow is how tokens for o are got.
func (s *Connectors) flow(o *opened) *oauth.Flow {
	c := o.client()
	return &oauth.Flow{Authentication: o.way, ClientID: c.id, ClientSecret: c.secret, Values: o.mergeValues(), HTTP: s.http, Hook: s.hook(o)}
}

// mergeValues are what addresses and texts of a way to authenticate can name.
func (o *opened) mergeValues() map[string]string {
	given := o.properties(o.astray())
	if all := members(o.way); all != nil && !tokenObject(o.way) && o.AuthValue != "" {
		if read, err := readMembers(all, string(o.AuthValue)); err == nil {
			delete(read, connector.PrivateKeyMember)
			for name, v := range read {
				given[name] = string(v)
			}
		}
	}
	all := map[string]string{}
	for name, v := range given {
		all[name] = v
	}
	for i := range o.library.Parameters {
		p := &o.library.Parameters[i]
		v := o.filled(p, given, 0)
		all[p.Name], all[cmp.Or(p.TargetName, p.Name)] = v, v
	}
	return all
}

// tokenObject says that the AuthValue of a is of tokens, not of what to get one by.
func tokenObject(a *connector.Authentication) bool {
	return a.AuthType == connector.AuthOAuth2 || a.AuthType == connector.AuthOAuth1
}

// filled is a parameter's value, its own merge fields filled in; "" where they
// cannot be.
func (o *opened) filled(p *connector.Parameter, given map[string]string, depth int) string {
	text := p.Value
	if text == "" {
		if v := given[p.Name]; v != "" {
			return v // an account's value is no template
		}
		text = p.Default
	}
	t, err := merge.Parse(text)
	if err != nil || depth > maxDepth {
		return ""
	}
	s, err := t.Execute(func(name string) (any, bool) {
		i := slices.IndexFunc(o.library.Parameters, func(q connector.Parameter) bool { return q.Name == name || q.TargetName == name })
		if i < 0 {
			v, ok := given[name]
			return v, ok
		}
		return o.filled(&o.library.Parameters[i], given, depth+1), true
	}, nil)
	if err != nil {
		return ""
	}
	return s
}
