package connector

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
)

// CategoryCopy is a category of methods, copied for a type of objects: in the copies
// {{CyclrObjectName}} is its name.
type CategoryCopy struct {
	Category    string
	ObjectName  string
	DisplayName string `json:",omitempty"` // "": ObjectName
}

// ID is a number for o that is the same everywhere.
func (o CategoryCopy) ID() int64 { return o.number("category") }

// Same says that two are copies of one category for one type.
func (o CategoryCopy) Same(p CategoryCopy) bool {
	return o.Category == p.Category && o.ObjectName == p.ObjectName
}

// copySpace is the namespace of what copies are known by.
const copySpace = "8e0e5f0c-3c5c-4b53-9d0a-0f0a2a1f5c7e"

// number makes a number of what is copied, by its own kind and name: so large that
// no library ever gives it, and no larger than clients can count.
func (o CategoryCopy) number(parts ...string) int64 {
	guid := NameGUID(copySpace, strings.Join(append(parts, o.Category, o.ObjectName), "\x00"))
	b, _ := hex.DecodeString(strings.ReplaceAll(guid, "-", "")[:16]) // it is hexadecimal
	const top = 1 << 52
	return int64(binary.BigEndian.Uint64(b)&(top-1) | top)
}

// With is c with the methods of copied categories after its own, each with a number
// and a MethodUniqueIdentifier that are always the same for the method and the type
// of objects. What c lacks, or has already, is left out.
func (c *Connector) With(copies []CategoryCopy) *Connector {
	var more []Method
	for _, o := range copies {
		names := map[string]bool{}
		for i := range c.Methods {
			if m := &c.Methods[i]; m.Copy == nil && m.Category == o.Category {
				names[m.Name] = true
			}
		}
		for i := range c.Methods {
			m := &c.Methods[i]
			has := slices.ContainsFunc(c.Methods, func(n Method) bool { return n.Copy != nil && n.Copy.Same(o) })
			if m.Copy == nil && m.Category == o.Category && o.Category != "" && !has {
				more = append(more, m.copied(o, names))
			}
		}
	}
	if len(more) == 0 {
		return c
	}
	with := *c
	with.Methods = slices.Concat(c.Methods, more)
	return &with
}

// copied is m for a type of objects. Names are those of the methods that are copied
// with it.
func (m *Method) copied(o CategoryCopy, names map[string]bool) Method {
	n := *m
	own := func(name string) string {
		if names[name] {
			return name + " (" + o.ObjectName + ")"
		}
		return name
	}
	n.Copy = &o
	n.Name, n.MethodUniqueIdentifier = own(m.Name), NameGUID(m.MethodUniqueIdentifier, o.ObjectName)
	n.Category = o.DisplayName
	if n.Category == "" {
		n.Category = o.ObjectName
	}
	n.ID = o.number("method", m.MethodUniqueIdentifier)
	n.CreateWebhookMethod, n.DeleteWebhookMethod = own(m.CreateWebhookMethod), own(m.DeleteWebhookMethod)
	n.RequestFieldSource, n.ResponseFieldSource = m.RequestFieldSource.copied(own), m.ResponseFieldSource.copied(own)
	n.Parameters = slices.Clone(m.Parameters)
	for i := range n.Parameters {
		n.Parameters[i].ID = o.number("parameter", m.MethodUniqueIdentifier, n.Parameters[i].Name)
	}
	fields := func(kind string, all []Field) []Field {
		all = slices.Clone(all)
		for i := range all {
			all[i].ID = o.number(kind, m.MethodUniqueIdentifier, all[i].ConnectorField)
		}
		return all
	}
	n.RequestFields, n.ResponseFields = fields("request", m.RequestFields), fields("response", m.ResponseFields)
	return n
}

func (s *FieldSource) copied(own func(string) string) *FieldSource {
	if s == nil {
		return nil
	}
	n := *s
	n.Method = own(s.Method)
	return &n
}
