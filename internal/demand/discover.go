package demand

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Discover implements tandem.Demand.
func (s *Service) Discover(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, of tandem.FieldTarget, parameters map[string]string) (*tandem.FieldDiscovery, error) {
	lc, m, err := s.own(ctx, a, id, of)
	if err != nil {
		return nil, err
	}
	from := m.ResponseFieldSource
	if of.ForRequestFormat {
		from = m.RequestFieldSource
	}
	if from == nil {
		return nil, tandem.Invalidf("Method", "Method %q does not say how its custom fields are discovered.", m.Name)
	}
	source := find(lc.Methods, func(m *connector.Method) bool { return m.Name == from.Method })
	if source == nil {
		return nil, tandem.NotFoundf("Method %q, which tells of custom fields, could not be found.", from.Method)
	}
	c := newCall(a, id, lc.Connector, source)
	for _, p := range source.Parameters {
		if v, ok := parameters[p.Name]; ok {
			c.Parameters[p.Name] = v
		}
	}
	body, err := s.pages(ctx, a, id, c)
	if err != nil {
		return nil, err
	}
	found, left, err := fieldsOf(from, body)
	if err != nil {
		return nil, err
	}
	of.Method = m.MethodUniqueIdentifier
	d, err := s.fields.Add(ctx, a, id, of, found, true)
	if err != nil {
		return nil, err
	}
	d.LeftOut = left
	return d, nil
}

// Sample implements tandem.Demand.
func (s *Service) Sample(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, of tandem.FieldTarget, document any) (*tandem.FieldDiscovery, error) {
	_, m, err := s.own(ctx, a, id, of)
	if err != nil {
		return nil, err
	}
	found, err := connector.SampleFields(document)
	if err != nil {
		return nil, tandem.Invalidf("Sample", "Sample: %v.", err)
	}
	of.Method = m.MethodUniqueIdentifier
	return s.fields.Add(ctx, a, id, of, found, false)
}

// own finds the method of one of a's own connectors. Errors: NotFound, Invalid.
func (s *Service) own(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, of tandem.FieldTarget) (*tandem.LibraryConnector, *connector.Method, error) {
	installed, err := s.connections.Get(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	if installed.Inherited {
		return nil, nil, tandem.NotFoundf("Account connector could not be found.")
	}
	lc, err := s.release(ctx, a, installed)
	if err != nil {
		return nil, nil, err
	}
	m, err := lc.FindMethod(of.Method)
	return lc, m, err
}

// fieldsOf reads an answer that tells of fields, and says what of it does not.
func fieldsOf(from *connector.FieldSource, body []byte) (fields []connector.Field, left []string, err error) {
	doc, err := document(body)
	if err != nil {
		return nil, nil, err
	}
	samples := []any{doc}
	if from.Items != "" {
		at, err := connector.ParseLocation(from.Items)
		if err != nil {
			return nil, nil, fmt.Errorf("items of custom fields: %w", err)
		}
		v, ok := at.Get(doc)
		if !ok {
			return nil, nil, tandem.Invalidf("", "%s: there is no %s.", tandem.IncidentNotExpected, from.Items)
		}
		samples = flatten([]any{v}, at.Lists())
	}
	if from.Enhanced {
		fields, left = connector.DescribedFields(flat(nil, samples))
		return fields, left, nil
	}
	if fields, err = connector.SampleFields(samples...); err != nil {
		err = tandem.Invalidf("", "%s: %v.", tandem.IncidentNotExpected, err)
	}
	return fields, nil, err
}

// flatten opens lists, so many levels deep.
func flatten(all []any, levels int) []any {
	for range levels {
		var next []any
		for _, v := range all {
			list, _ := v.([]any)
			next = append(next, list...)
		}
		all = next
	}
	return all
}
