package connector

import (
	"slices"
	"strings"
)

// Steering are the parameters, of c and of its method m, that the address which m
// calls is made of, as far as its path, and those that they are made of in turn.
// Whoever sets one of them chooses where the credentials go.
func (c *Connector) Steering(m *Method) []Parameter {
	return steering(slices.Concat(c.Parameters, m.Parameters), m.Endpoint)
}

// HostsProperty is the property that lists the hosts to which credentials go where
// a parameter of a method chooses the host: names, or *.example.com, with commas
// between; https:// at its usual port, unless an entry says otherwise.
const HostsProperty = "Hosts"

// Choosers are those of Steering that are the method's own, and that whoever maps
// them has a say in.
func (c *Connector) Choosers(m *Method) []Parameter {
	return slices.DeleteFunc(c.Steering(m), func(p Parameter) bool {
		return p.Value != "" || !slices.ContainsFunc(m.Parameters, func(own Parameter) bool { return own.Name == p.Name })
	})
}

// SteeringTokens is Steering for the addresses that give tokens by a.
func (c *Connector) SteeringTokens(a *Authentication) []Parameter {
	return steering(slices.Clone(c.Parameters), a.RequestTokenURL, a.AuthoriseURL, a.AccessTokenURL, a.RefreshTokenURL)
}

// steering are those of rest that addresses are made of.
func steering(rest []Parameter, addresses ...string) (all []Parameter) {
	texts := make([]string, len(addresses))
	for i, address := range addresses {
		texts[i] = Authority(address)
	}
	for ; len(texts) > 0; texts = texts[1:] {
		text := texts[0]
		rest = slices.DeleteFunc(rest, func(p Parameter) bool {
			if !merges(text, p.Name) && !merges(text, p.TargetName) {
				return false
			}
			all, texts = append(all, p), append(texts, p.Value, p.Default)
			return true
		})
	}
	return all
}

// Steers says whether a property of c, by the parameter's id, is part of an address,
// or lists the hosts that may be.
func (c *Connector) Steers(id int64) bool {
	is := func(p Parameter) bool { return p.AccountConnectorProperty && p.ID == id }
	return slices.ContainsFunc(c.Parameters, func(p Parameter) bool { return is(p) && p.Name == HostsProperty }) ||
		slices.ContainsFunc(c.Methods, func(m Method) bool { return slices.ContainsFunc(c.Steering(&m), is) }) ||
		slices.ContainsFunc(c.Authentication, func(a Authentication) bool { return slices.ContainsFunc(c.SteeringTokens(&a), is) })
}

// Authority is all of an endpoint, with its merge fields, that comes before the
// path: who is called.
func Authority(endpoint string) string {
	end := outside(endpoint, 0)
	if strings.HasSuffix(endpoint[:end], ":") && strings.HasPrefix(endpoint[end:], "//") {
		end = outside(endpoint, end+len("//"))
	}
	return endpoint[:end]
}

// outside is where s has one of "/?#", from i on, that is in no merge field.
func outside(s string, i int) int {
	for ; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "{{") {
			end := strings.Index(s[i:], "}}")
			if end < 0 {
				break
			}
			i += end + 1
		} else if strings.IndexByte("/?#", s[i]) >= 0 {
			return i
		}
	}
	return len(s)
}

// merges says whether text has a merge field of that name, whatever functions
// follow it.
func merges(text, name string) bool {
	if name == "" {
		return false
	}
	for i := range text {
		field, ok := strings.CutPrefix(text[i:], "{{")
		if !ok {
			continue
		}
		rest, ok := strings.CutPrefix(strings.TrimLeft(field, " "), name)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], " |}")) {
			return true
		}
	}
	return false
}
