package demand

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// TestStep implements tandem.Demand.
func (s *Service) TestStep(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, in tandem.StepTrial) (t tandem.MethodTest, _ error) {
	c, err := s.step(ctx, a, id, in)
	if err != nil {
		return t, err
	}
	r, err := s.caller.Call(ctx, a, id, c)
	return tested(c.Method, r, err)
}

// step makes the call of a step that is tried.
func (s *Service) step(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, in tandem.StepTrial) (c invoke.Call, err error) {
	if n := len(in.Script); n > tandem.MaxStepScript {
		return c, tandem.Invalidf("Script", "Script: it has %d bytes, and may have %d at most.", n, tandem.MaxStepScript)
	}
	lc, err := s.connector(ctx, a, id)
	if err != nil {
		return c, err
	}
	m, err := findMethod(lc, in.Method)
	if err != nil {
		return c, err
	}
	custom, err := s.fields.List(ctx, a, id)
	if err != nil {
		return c, err
	}
	c = newCall(a, id, lc.Connector, m)
	c.Origin.Mode, c.Origin.Variables = invoke.StepTesting, in.Variables
	c.Script, c.LastRun = in.Script, in.LastRun
	for name, v := range in.Parameters {
		if !hasParameter(lc.Connector, m, name) {
			return c, tandem.Invalidf("Parameters."+name, "Parameters: method %q has no parameter %q.", m.Name, name)
		}
		c.Parameters[name] = merge.Text(v)
	}
	c.Body, err = body(m, byLocation(m, custom, in.Fields))
	return c, err
}

// hasParameter says that a step can give a method a parameter: one of its own, or of
// its connector.
func hasParameter(c *connector.Connector, m *connector.Method, name string) bool {
	is := func(p *connector.Parameter) bool { return p.Name == name }
	return find(m.Parameters, is) != nil || find(c.Parameters, is) != nil
}

// byLocation are values by the locations of fields. One that nobody declares is of no
// type.
func byLocation(m *connector.Method, custom []tandem.CustomField, values map[string]any) []given {
	all := make([]given, 0, len(values))
	for at, v := range values {
		f := connector.Field{ConnectorField: at}
		if own := find(m.RequestFields, func(f *connector.Field) bool { return f.ConnectorField == at }); own != nil {
			f = *own
		} else if own := find(custom, func(f *tandem.CustomField) bool {
			return f.ConnectorField == at && f.ForRequestFormat && f.Of(m.MethodUniqueIdentifier)
		}); own != nil {
			f.DataType, f.DataTypeFormat = own.DataType, own.DataTypeFormat
		}
		all = append(all, given{name: at, field: f, value: v})
	}
	return all
}
