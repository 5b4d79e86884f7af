package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// redirected says what of a connector leads credentials to where they did not go
// before: another host, another place in a request, or another value of what a
// host is made of; "" for nothing.
func redirected(was, now *connector.Connector) string {
	hosts := hostsOf(was)
	for _, m := range now.Methods {
		if h := host(m.Endpoint); h != "" && !slices.Contains(hosts, h) {
			return fmt.Sprintf("method %q calls %s", m.Name, h)
		}
	}
	for _, a := range now.Authentication {
		same := func(b connector.Authentication) bool { b.ID = a.ID; return a == b }
		if !slices.ContainsFunc(was.Authentication, same) {
			return strings.TrimSpace(fmt.Sprintf("the authentication %s %s is another", a.AuthType, a.Name))
		}
	}
	for _, p := range now.Parameters {
		i := slices.IndexFunc(was.Parameters, func(b connector.Parameter) bool { return strings.EqualFold(b.Name, p.Name) })
		if !inHost(hosts, p) {
			continue
		}
		if i < 0 || was.Parameters[i].Value != p.Value || was.Parameters[i].Default != p.Default || was.Parameters[i].TargetType != p.TargetType || was.Parameters[i].TargetName != p.TargetName {
			return fmt.Sprintf("the parameter %q is part of a host", p.Name)
		}
	}
	return ""
}

func hostsOf(c *connector.Connector) (all []string) {
	for _, m := range c.Methods {
		all = append(all, host(m.Endpoint))
	}
	return all
}

// host is all of a URL, with merge fields, that comes before the path.
func host(endpoint string) string {
	if endpoint == "" {
		return ""
	}
	scheme, rest, ok := strings.Cut(endpoint, "://")
	if !ok { // a merge field holds it
		scheme, rest = "", endpoint
	}
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(scheme + "://" + rest)
}

// inHost says whether a parameter is merged into one of the hosts.
func inHost(hosts []string, p connector.Parameter) bool {
	name := p.TargetName
	if name == "" {
		name = p.Name
	}
	return p.TargetType == connector.MergeField && slices.ContainsFunc(hosts, func(h string) bool { return strings.Contains(h, strings.ToLower(name)) })
}
