// Package demand calls methods of installed connectors at once: data on demand,
// tests of a method, and the lookups that fill choice lists.
//
// A call goes the way that a step's goes, through package invoke, so that
// credentials, redaction, paging and the rules of egress are the same. Nothing is
// kept of it, and it counts no task, as it is not a step of a cycle.
package demand

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// Connections finds the connectors that an account may use.
type Connections interface {
	// Get errors: NotFound.
	Get(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.AccountConnector, error)
}

// Fields keeps the custom fields of account connectors.
type Fields interface {
	// List errors: NotFound.
	List(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) ([]tandem.CustomField, error)
	// Add errors: NotFound (also when inherited), Invalid.
	Add(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, of tandem.FieldTarget, found []connector.Field, discovered bool) (*tandem.FieldDiscovery, error)
}

// Library gives the connectors that an account's partner may use.
type Library interface {
	// AccountShelf errors: NotFound.
	AccountShelf(ctx context.Context, a tandem.AccountID) (tandem.Shelf, error)
}

// Caller makes a request with an account connector's credentials.
type Caller interface {
	// Call errors: *invoke.Error, where the third party or the data is to
	// blame.
	Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error)
}

// Service implements tandem.Demand.
type Service struct {
	connections Connections
	fields      Fields
	library     Library
	caller      Caller
}

var _ tandem.Demand = (*Service)(nil)

// New makes the service.
func New(connections Connections, fields Fields, library Library, caller Caller) *Service {
	return &Service{connections: connections, fields: fields, library: library, caller: caller}
}

// Call implements tandem.Demand.
func (s *Service) Call(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, method string, in tandem.MethodInput) ([]byte, error) {
	c, err := s.prepare(ctx, a, id, method, in)
	if err != nil {
		return nil, err
	}
	return s.pages(ctx, a, id, c)
}

// Test implements tandem.Demand.
func (s *Service) Test(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, method string, in tandem.MethodInput) (t tandem.MethodTest, _ error) {
	c, err := s.prepare(ctx, a, id, method, in)
	if err != nil {
		return t, err
	}
	c.Origin.Mode = invoke.ConnectorTesting
	r, err := s.caller.Call(ctx, a, id, c)
	return tested(c.Method, r, err)
}

// tested is a call as whoever tests it sees it.
func tested(m *connector.Method, r invoke.Result, err error) (t tandem.MethodTest, _ error) {
	t.Request, t.Response = r.Request, r.Response
	if r.Response != nil {
		t.StatusCode = r.Response.Status
	}
	var failed *invoke.Error
	switch {
	case err == nil:
		t.Success, t.Message = true, r.Warning
	case errors.As(err, &failed):
		t.Short, t.Message = failed.Short, failed.Detail
	default:
		return t, fmt.Errorf("test method %s: %w", m.Name, err)
	}
	return t, nil
}

// Lookup implements tandem.Demand.
func (s *Service) Lookup(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, trigger int64, in tandem.MethodInput) ([]connector.Choice, error) {
	lc, err := s.connector(ctx, a, id)
	if err != nil {
		return nil, err
	}
	t := find(lc.Triggers, func(t *connector.Trigger) bool { return t.ID == trigger })
	if t == nil {
		return nil, tandem.NotFoundf("Trigger %d could not be found.", trigger)
	}
	m := find(lc.Methods, func(m *connector.Method) bool {
		return m.Name == t.Method || strings.EqualFold(m.MethodUniqueIdentifier, t.Method)
	})
	if m == nil {
		return nil, tandem.NotFoundf("Method %q of trigger %q could not be found.", t.Method, t.Name)
	}
	c, err := s.fill(ctx, a, id, newCall(a, id, lc.Connector, m), in)
	if err != nil {
		return nil, err
	}
	body, err := s.pages(ctx, a, id, c)
	if err != nil {
		return nil, err
	}
	return choices(t, body)
}

// connector is the release of an account connector.
func (s *Service) connector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.LibraryConnector, error) {
	installed, err := s.connections.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return s.release(ctx, a, installed)
}

func (s *Service) release(ctx context.Context, a tandem.AccountID, installed *tandem.AccountConnector) (*tandem.LibraryConnector, error) {
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, err
	}
	lc, err := shelf.Connector(installed.Connector)
	if err != nil {
		return nil, err
	}
	return lc.With(installed.Categories), nil
}

func newCall(a tandem.AccountID, id tandem.AccountConnectorID, c *connector.Connector, m *connector.Method) invoke.Call {
	return invoke.Call{
		Origin:    invoke.Origin{Account: a, Connector: id, Mode: invoke.Running},
		Connector: c, Method: m, Parameters: map[string]string{}, IdempotencyKey: tandem.NewGUID(),
	}
}

// prepare finds the method, and names what is given by id.
func (s *Service) prepare(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, method string, in tandem.MethodInput) (invoke.Call, error) {
	lc, err := s.connector(ctx, a, id)
	if err != nil {
		return invoke.Call{}, err
	}
	m, err := findMethod(lc, method)
	if err != nil {
		return invoke.Call{}, err
	}
	return s.fill(ctx, a, id, newCall(a, id, lc.Connector, m), in)
}

// fill gives a call its input, with the custom fields of an account connector, if it is
// of one.
func (s *Service) fill(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call, in tandem.MethodInput) (_ invoke.Call, err error) {
	var custom []tandem.CustomField
	if id != 0 {
		if custom, err = s.fields.List(ctx, a, id); err != nil {
			return c, err
		}
	}
	if err := parameters(&c, in.Parameters); err != nil {
		return c, err
	}
	all, err := byID(c.Method, custom, in.Fields)
	if err == nil {
		c.Body, err = body(c.Method, all)
	}
	return c, err
}

// findMethod takes an id or a GUID. Errors: Invalid (neither), NotFound.
func findMethod(c *tandem.LibraryConnector, name string) (*connector.Method, error) {
	m, err := c.FindMethod(name)
	if err == nil && m.MethodType == connector.Webhook {
		err = tandem.Invalidf("method", "Method %q waits to be called; it cannot be called itself.", m.Name)
	}
	return m, err
}

func find[T any](all []T, is func(*T) bool) *T {
	for i := range all {
		if is(&all[i]) {
			return &all[i]
		}
	}
	return nil
}

func parameters(c *invoke.Call, given map[int64]any) error {
	for id, v := range given {
		p := find(c.Method.Parameters, func(p *connector.Parameter) bool { return p.ID == id })
		if p == nil {
			return tandem.Invalidf(fmt.Sprintf("Parameters.%d", id), "Parameter %d could not be found.", id)
		}
		c.Parameters[p.Name] = merge.Text(v)
	}
	return nil
}

// given is the value of a field, which the caller knows by a name.
type given struct {
	name  string
	field connector.Field
	value any
}

// byID are values by the ids of fields. Errors: Invalid.
func byID(m *connector.Method, custom []tandem.CustomField, values map[int64]any) ([]given, error) {
	all := make([]given, 0, len(values))
	for id, v := range values {
		f, ok := field(m, custom, id)
		if !ok {
			return nil, tandem.Invalidf(fmt.Sprintf("Fields.%d", id), "Field %d could not be found.", id)
		}
		all = append(all, given{name: fmt.Sprint(id), field: f, value: v})
	}
	return all, nil
}

// body is the request of the fields given; lists first, so that what goes into
// every item finds the items.
func body(m *connector.Method, all []given) (doc any, err error) {
	if m.RequestDataType != connector.NoBody {
		doc = map[string]any{}
	}
	type place struct {
		at    connector.Location
		value any
	}
	var later []place
	for _, g := range all {
		v := g.value
		at, err := connector.ParseLocation(g.field.ConnectorField)
		if _, object := v.(map[string]any); err == nil && !object { // which is sent as it is
			v, err = workflow.Convert(v, g.field.DataType, g.field.DataTypeFormat)
		}
		if err != nil {
			return nil, tandem.Invalidf("Fields."+g.name, "Field %s: %v", g.name, err)
		}
		if _, list := v.([]any); at.Lists() > 0 && !list {
			later = append(later, place{at, v})
			continue
		}
		if doc, err = at.Set(doc, v); err != nil {
			return nil, tandem.Invalidf("Fields."+g.name, "Field %s: %v", g.name, err)
		}
	}
	for _, l := range later {
		if doc, err = l.at.Set(doc, l.value); err != nil {
			return nil, tandem.Invalidf("Fields", "Fields: %v", err)
		}
	}
	return doc, nil
}

// field finds the request field with an id.
func field(m *connector.Method, custom []tandem.CustomField, id int64) (connector.Field, bool) {
	if f := find(m.RequestFields, func(f *connector.Field) bool { return f.ID == id }); f != nil {
		return *f, true
	}
	if f := find(custom, func(f *tandem.CustomField) bool { return f.ID == id && f.Of(m.MethodUniqueIdentifier) }); f != nil {
		return connector.Field{ConnectorField: f.ConnectorField, DataType: f.DataType, DataTypeFormat: f.DataTypeFormat}, true
	}
	return connector.Field{}, false
}

// pages makes a call, page by page, and gives all of it as one document.
func (s *Service) pages(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) ([]byte, error) {
	send := func(ctx context.Context, c invoke.Call) (invoke.Result, error) { return s.caller.Call(ctx, a, id, c) }
	r, err := invoke.Gather(ctx, c, send, invoke.GatherOptions{Key: func(int) string { return tandem.NewGUID() }})
	var failed *invoke.Error
	if errors.As(err, &failed) {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: failed.Error(), Err: err}
	}
	if err != nil {
		return nil, fmt.Errorf("call method %s: %w", c.Method.Name, err)
	}
	if r.Response == nil {
		return nil, nil
	}
	return r.Response.Body, nil
}
