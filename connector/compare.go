package connector

import (
	"fmt"
	"slices"
	"strings"
)

// Incompatible says, a line each, what c would take away from those who use was, or
// change so that what they have set does not fit any more. Used says whether anybody
// uses a method, by its MethodUniqueIdentifier: those of the others may change.
func (c *Connector) Incompatible(was *Connector, used func(guid string) bool) (lines []string) {
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for _, a := range was.Authentication {
		if !slices.ContainsFunc(c.Authentication, func(b Authentication) bool { return b.Name == a.Name && b.AuthType == a.AuthType }) {
			add("the authentication %s is gone", strings.TrimSpace(string(a.AuthType)+" "+a.Name))
		}
	}
	account := func(all []Parameter) (kept []Parameter) {
		for _, p := range all {
			if p.AccountConnectorProperty {
				kept = append(kept, p)
			}
		}
		return kept
	}
	changedParameters(account(was.Parameters), account(c.Parameters), "", add)
	for i := range was.Methods {
		m := &was.Methods[i]
		if !used(m.MethodUniqueIdentifier) {
			continue
		}
		j := slices.IndexFunc(c.Methods, func(n Method) bool { return strings.EqualFold(n.MethodUniqueIdentifier, m.MethodUniqueIdentifier) })
		if j < 0 {
			add("method %q is gone", m.Name)
			continue
		}
		m.changes(&c.Methods[j], add)
	}
	return lines
}

// changes tells what of m is gone in n, or is another.
func (m *Method) changes(n *Method, add func(format string, args ...any)) {
	of := fmt.Sprintf(" of method %q", m.Name)
	if m.MethodType != n.MethodType {
		add("method %q is %s now, and was %s", m.Name, n.MethodType, m.MethodType)
	}
	changedParameters(m.Parameters, n.Parameters, of, add)
	changedFields("request field", m.RequestFields, n.RequestFields, of, add)
	changedFields("response field", m.ResponseFields, n.ResponseFields, of, add)
	for _, f := range n.RequestFields {
		isNew := !slices.ContainsFunc(m.RequestFields, func(g Field) bool { return g.ConnectorField == f.ConnectorField })
		if isNew && !f.Optional && !f.ReadOnly && f.Default == "" && n.MethodType != Webhook {
			add("request field %s%s is new, and is required", f.ConnectorField, of)
		}
	}
}

func changedParameters(was, now []Parameter, of string, add func(format string, args ...any)) {
	for _, p := range was {
		if p.Hidden {
			continue
		}
		i := slices.IndexFunc(now, func(q Parameter) bool { return q.Name == p.Name && !q.Hidden })
		switch {
		case i < 0:
			add("parameter %s%s is gone", p.Name, of)
		case !fits(p.DataType, now[i].DataType):
			add("parameter %s%s is %s now, and was %s", p.Name, of, now[i].DataType, p.DataType)
		}
	}
	for _, p := range now {
		isNew := !slices.ContainsFunc(was, func(q Parameter) bool { return q.Name == p.Name })
		if isNew && !p.Optional && !p.Hidden && p.Value == "" && p.Default == "" && p.TargetType != ResponseField {
			add("parameter %s%s is new, and is required", p.Name, of)
		}
	}
}

func changedFields(kind string, was, now []Field, of string, add func(format string, args ...any)) {
	for _, f := range was {
		i := slices.IndexFunc(now, func(g Field) bool { return g.ConnectorField == f.ConnectorField })
		switch {
		case i < 0:
			add("%s %s%s is gone", kind, f.ConnectorField, of)
		case !fits(f.DataType, now[i].DataType):
			add("%s %s%s is %s now, and was %s", kind, f.ConnectorField, of, now[i].DataType, f.DataType)
		}
	}
}

// fits says that what was good for one type is so for another.
func fits(was, now DataType) bool {
	none := func(t DataType) bool { return t == "" || t == Undefined }
	exact := func(t DataType) bool { return t == Integer || t == Float || t == Decimal }
	switch {
	case was == now, none(was), none(now), now == Text && was != File:
		return true
	case exact(was) && exact(now):
		return was == Integer || now != Integer
	}
	return false
}
