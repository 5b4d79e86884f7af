package invoke

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// admitted refuses an address whose host a parameter of the method has chosen, if
// credentials would go there: whoever maps the parameter need not be who they
// belong to. The latter lists the hosts in the property [connector.HostsProperty].
func (x *exchange) admitted() error {
	name := x.hostChosenBy()
	if name == "" || !x.confidential() {
		return nil
	}
	to, err := url.Parse(x.url)
	if err != nil || to.Host == "" {
		return buildError("the address must begin with http:// or https:// and a host, without a user")
	}
	if hostListed(x.call.Properties[connector.HostsProperty], to) {
		return nil
	}
	return authError("the credentials do not go to " + to.Host + ", which parameter " + name +
		" has chosen: the property " + connector.HostsProperty + " of the account connector does not list it")
}

// hostChosenBy names a parameter by which the call chooses the host; "" if it has
// none, or only what the definition offers.
func (x *exchange) hostChosenBy() string {
	for _, p := range x.plan.choosers {
		given := x.call.Parameters[p.Name]
		if given != "" && !slices.ContainsFunc(p.Values, func(c connector.Choice) bool { return c.Value == given }) {
			return p.Name
		}
	}
	return ""
}

// confidential says that a request has something of the account connector's to keep
// secret.
func (x *exchange) confidential() bool {
	a := x.call.Auth.Authentication
	return a != nil && a.AuthType != connector.AuthNone ||
		slices.ContainsFunc(x.plan.sensitive, func(name string) bool { return x.call.Properties[name] != "" })
}

// hostListed says whether a list, with commas, has the host of an address: by its
// name, or as *.example.com by that of a domain it is in. It is https, at its usual
// port, unless the list says otherwise: http://example.com:8080.
func hostListed(list string, to *url.URL) bool {
	for entry := range strings.SplitSeq(list, ",") {
		scheme, host, ok := strings.Cut(strings.ToLower(strings.TrimSpace(entry)), "://")
		if !ok {
			scheme, host = "https", scheme
		}
		at, err := url.Parse(scheme + "://" + strings.TrimSuffix(host, "/"))
		if err != nil || at.Host == "" || at.Path != "" || scheme != strings.ToLower(to.Scheme) || port(at) != port(to) {
			continue
		}
		listed, name := at.Hostname(), strings.ToLower(to.Hostname())
		if domain, ok := strings.CutPrefix(listed, "*"); ok {
			if strings.Count(domain, ".") > 1 && strings.HasPrefix(domain, ".") && strings.HasSuffix(name, domain) && name != domain {
				return true
			}
		} else if name == listed {
			return true
		}
	}
	return false
}

func port(u *url.URL) string {
	usual := "443"
	if strings.EqualFold(u.Scheme, "http") {
		usual = "80"
	}
	return cmp.Or(u.Port(), usual)
}
