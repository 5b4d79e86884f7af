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

// astray names the property by which the account has chosen the host that tokens
// come from; "": it has not.
func (o *opened) astray() string {
	for _, name := range oauth.Choosers(o.way) {
		if chosen := o.chosen(o.library.Parameters, name); chosen != "" {
			return chosen
		}
	}
	return ""
}

// misled is astray for the host that one of the methods calls.
func (o *opened) misled() string {
	for i := range o.library.Methods {
		m := &o.library.Methods[i]
		a, err := merge.ParseAddress(connector.Authority(m.Endpoint))
		if err != nil {
			continue // is not called
		}
		all := slices.Concat(m.Parameters, o.library.Parameters)
		for _, name := range a.Choosers() {
			if chosen := o.chosen(all, name); chosen != "" {
				return chosen
			}
		}
		if len(o.library.Choosers(m)) > 0 && o.listsHosts() {
			return connector.HostsProperty
		}
	}
	return ""
}

// listsHosts says that the account has chosen where credentials go.
func (o *opened) listsHosts() bool {
	return slices.ContainsFunc(o.Properties, func(p tandem.Property) bool { return p.Name == connector.HostsProperty && p.Value != "" })
}

// maxDepth bounds parameters that are made of each other.
const maxDepth = 8

// chosen names the property by which the account has chosen freely what a merge
// field of an address holds: not from a list of the definition's. What a method is
// called with is not the account connector's.
func (o *opened) chosen(all []connector.Parameter, field string) string {
	if by := o.chose(all, field, 0); by != "" {
		return by
	}
	// What a parameter is made of is put into it as it is, and can end a host's name.
	made := (&connector.Connector{Parameters: all}).Steering(&connector.Method{Endpoint: "{{" + field + "}}"})
	for i := range made {
		if set := o.free(&made[i]); strings.ContainsFunc(set, outsideHost) {
			return made[i].Name
		}
	}
	return ""
}

func (o *opened) chose(all []connector.Parameter, field string, depth int) string {
	i := slices.IndexFunc(all, func(p connector.Parameter) bool { return p.Name == field || p.TargetName == field })
	if i < 0 || depth > maxDepth {
		return field // a member of the AuthValue, which is the account's
	}
	p := &all[i]
	if o.free(p) != "" {
		return p.Name
	}
	if p.Value == "" && value(o.Properties, p.ID) != "" {
		return "" // one that the definition offers
	}
	a, err := merge.ParseAddress(cmp.Or(p.Value, p.Default))
	if err != nil {
		return p.Name
	}
	for _, name := range a.Choosers() {
		if by := o.chose(all, name, depth+1); by != "" {
			return by
		}
	}
	return ""
}

// free is the account's value for a parameter; "" if there is none, or the
// definition offers it.
func (o *opened) free(p *connector.Parameter) string {
	set := value(o.Properties, p.ID)
	if p.Value != "" || set == p.Default || slices.ContainsFunc(p.Values, func(c connector.Choice) bool { return c.Value == set }) {
		return ""
	}
	return set
}

func outsideHost(c rune) bool {
	return c != '.' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
}
