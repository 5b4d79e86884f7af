package connection

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// properties matches the given values with the parameters that they are for.
func properties(c *connector.Connector, given []tandem.Property) ([]tandem.Property, error) {
	out, all := make([]tandem.Property, 0, len(given)), c.AccountProperties()
	for _, g := range given {
		named := func(p connector.Parameter) bool { return strings.EqualFold(p.Name, g.Name) }
		i := slices.IndexFunc(all, named)
		switch {
		case i < 0 && slices.ContainsFunc(c.Parameters, named):
			return nil, tandem.Invalidf("Properties", "Connector property name '%s' is not an account connector property.", g.Name)
		case i < 0:
			return nil, tandem.Invalidf("Properties", "There is not a connector property that matches name '%s'.", g.Name)
		}
		p := &all[i]
		if slices.ContainsFunc(out, func(o tandem.Property) bool { return o.ID == p.ID }) {
			return nil, tandem.Invalidf("Properties", "Connector property name '%s' is given twice.", g.Name)
		}
		out = append(out, tandem.Property{ID: p.ID, Name: p.Name, Value: g.Value, Sensitive: p.Sensitive})
	}
	return out, nil
}

// overlay puts what is set over what there was.
func overlay(was, set []tandem.Property) []tandem.Property {
	kept := slices.DeleteFunc(slices.Clone(was), func(p tandem.Property) bool { return index(set, p.ID) >= 0 })
	return append(kept, set...)
}

// redirectedNote says why credentials went.
const redirectedNote = "The credentials were removed, since %s was changed, which is part of the address that they are sent to. Give them again."

// setProperties does with c's properties what u says. What is secret was given for
// the address of before: an account user who changes that does not send it to
// another.
func setProperties(c *tandem.AccountConnector, lc *connector.Connector, u tandem.ConnectorUpdate) error {
	given, err := properties(lc, u.Properties)
	if err != nil {
		return err
	}
	was := c.Properties
	given = slices.DeleteFunc(given, func(p tandem.Property) bool { return p.Sensitive && p.Value == masked }) // as it was read
	c.Properties = slices.DeleteFunc(overlay(was, given), func(p tandem.Property) bool { return slices.Contains(u.Unset, p.ID) })
	if !u.Customer {
		return nil
	}
	name := steered(lc, was, c.Properties)
	if name == "" {
		return nil
	}
	c.Properties = slices.DeleteFunc(c.Properties, func(p tandem.Property) bool { return p.Sensitive && index(given, p.ID) < 0 })
	if c.AuthValue != "" || c.Tokens != nil {
		c.AuthValue, c.Tokens, c.State, c.Note = "", nil, tandem.NotAuthenticated, fmt.Sprintf(redirectedNote, name)
	}
	return nil
}

// steered names a parameter that differs and is part of an address; "" for none.
func steered(lc *connector.Connector, was, now []tandem.Property) string {
	for i := range lc.Parameters {
		p := &lc.Parameters[i]
		if p.Value == "" && cmp.Or(value(was, p.ID), p.Default) != cmp.Or(value(now, p.ID), p.Default) && lc.Steers(p.ID) {
			return p.Name
		}
	}
	return ""
}

func index(all []tandem.Property, id int64) int {
	return slices.IndexFunc(all, func(p tandem.Property) bool { return p.ID == id })
}

// value is that of a property; "" if it is not set.
func value(all []tandem.Property, id int64) string {
	if i := index(all, id); i >= 0 {
		return all[i].Value
	}
	return ""
}
