package connector

import "slices"

// Portable is a copy of c that may go elsewhere: without the ids that a library
// gave its parts, and without the values of sensitive parameters, which are asked
// for where it is installed instead.
func (c *Connector) Portable() *Connector {
	u := *c
	u.Authentication, u.Parameters, u.Triggers, u.Methods = slices.Clone(c.Authentication), slices.Clone(c.Parameters), slices.Clone(c.Triggers), slices.Clone(c.Methods)
	for i := range u.Authentication {
		u.Authentication[i].ID = 0
	}
	for i := range u.Parameters {
		u.Parameters[i].ID = 0
		u.Parameters[i].conceal()
	}
	for i := range u.Triggers {
		u.Triggers[i].ID = 0
	}
	for i := range u.Methods {
		u.Methods[i].unnumber()
	}
	return &u
}

func (p *Parameter) conceal() {
	if p.Sensitive && (p.Value != "" || p.Default != "") {
		p.Value, p.Default, p.Hidden, p.AccountConnectorProperty = "", "", false, true
	}
}

func (m *Method) unnumber() {
	m.ID = 0
	m.Parameters, m.RequestFields, m.ResponseFields = slices.Clone(m.Parameters), slices.Clone(m.RequestFields), slices.Clone(m.ResponseFields)
	for i := range m.Parameters {
		m.Parameters[i].ID = 0
	}
	for _, fields := range [][]Field{m.RequestFields, m.ResponseFields} {
		for i := range fields {
			fields[i].ID = 0
		}
	}
}
