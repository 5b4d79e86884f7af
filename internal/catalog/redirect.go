package catalog

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// redirected says what of a connector leads credentials to where they did not go
// before: another host, a host that is made of something else, or another place in
// a request; "" for nothing.
func redirected(was, now *connector.Connector) string {
	known := map[string]bool{}
	for i := range was.Methods {
		known[destination(was, &was.Methods[i])] = true
	}
	for i := range now.Methods {
		m := &now.Methods[i]
		if h := connector.Authority(m.Endpoint); h != "" && !known[destination(now, m)] {
			return fmt.Sprintf("method %q calls %s", m.Name, h)
		}
	}
	for _, a := range now.Authentication {
		same := func(b connector.Authentication) bool { b.ID = a.ID; return reflect.DeepEqual(a, b) }
		if !slices.ContainsFunc(was.Authentication, same) {
			return strings.TrimSpace(fmt.Sprintf("the authentication %s %s is another", a.AuthType, a.Name))
		}
	}
	return ""
}

// destination is a text that two methods share if they call the same host, made
// in the same way.
func destination(c *connector.Connector, m *connector.Method) string {
	parts := c.Steering(m)
	for i, p := range parts {
		parts[i] = connector.Parameter{
			Name: p.Name, TargetType: p.TargetType, TargetName: p.TargetName, Value: p.Value, Default: p.Default, AccountConnectorProperty: p.AccountConnectorProperty,
		}
	}
	slices.SortStableFunc(parts, func(a, b connector.Parameter) int { return cmp.Compare(a.Name, b.Name) })
	return fmt.Sprintf("%s\n%#v", connector.Authority(m.Endpoint), parts)
}
