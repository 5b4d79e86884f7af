package invoke

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// plan is a method, compiled.
type plan struct {
	verb         string
	endpoint     *merge.Address
	headers      []*value
	query        []*value
	merges       map[string]*value // by target and by name
	sensitive    []string          // properties
	fields       []field
	paging       *paging
	jsonRequest  bool
	jsonResponse bool
	keyed        bool // may have an Idempotency-Key
}

// value is a parameter: where its value comes from and goes to.
type value struct {
	name        string
	target      string // as it is sent: canonical of a header, escaped in a query
	ofConnector bool   // given by a property, not by a mapping
	variable    string // of the page, such as CYCLR_PAGE_NUMBER
	fixed       *merge.Template
	fallback    *merge.Template
	optional    bool
}

// field is a request field that needs something done to it.
type field struct {
	text     string // its location
	location connector.Location
	optional bool
	fallback *merge.Template
	kind     connector.DataType
}

func compile(c *connector.Connector, m *connector.Method) (*plan, error) {
	p := &plan{
		verb:         m.HTTPMethod,
		merges:       map[string]*value{},
		jsonRequest:  m.RequestDataType == connector.JSONBody,
		jsonResponse: m.ResponseDataType == connector.JSONBody,
		keyed:        m.HTTPMethod != http.MethodGet && m.HTTPMethod != http.MethodHead,
	}
	var err error
	if p.endpoint, err = merge.ParseAddress(m.Endpoint); err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	if p.paging, err = compilePaging(m); err != nil {
		return nil, err
	}
	for i := range c.Parameters {
		if c.Parameters[i].Sensitive {
			p.sensitive = append(p.sensitive, c.Parameters[i].Name)
		}
		if err := p.add(&c.Parameters[i], true); err != nil {
			return nil, err
		}
	}
	for i := range m.Parameters {
		if err := p.add(&m.Parameters[i], false); err != nil {
			return nil, err
		}
	}
	for i := range m.RequestFields {
		f, err := compileField(&m.RequestFields[i])
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", m.RequestFields[i].ConnectorField, err)
		}
		p.fields = append(p.fields, f)
	}
	return p, nil
}

// add compiles a parameter. A method's hides a connector's of the same name.
func (p *plan) add(from *connector.Parameter, ofConnector bool) error {
	v := &value{name: from.Name, target: from.TargetName, ofConnector: ofConnector, optional: from.Optional}
	if v.target == "" {
		v.target = from.Name
	}
	var err error
	if strings.HasPrefix(from.Value, "CYCLR_") {
		v.variable = from.Value
	} else if v.fixed, err = parseText(from.Value); err != nil {
		return fmt.Errorf("parameter %s: Value: %w", from.Name, err)
	}
	if v.fallback, err = parseText(from.Default); err != nil {
		return fmt.Errorf("parameter %s: Default: %w", from.Name, err)
	}
	switch from.TargetType {
	case connector.HTTPHeader:
		v.target = http.CanonicalHeaderKey(v.target)
		p.headers = append(p.headers, v)
	case connector.QueryString:
		v.target = url.QueryEscape(v.target)
		p.query = append(p.query, v)
	case connector.MergeField:
		p.merges[v.target] = v
	case connector.ResponseField: // of paging
		return nil
	}
	p.merges[v.name] = v
	return nil
}

// parseText gives nil for an empty text.
func parseText(s string) (*merge.Template, error) {
	if s == "" {
		return nil, nil
	}
	return merge.Parse(s)
}

func compileField(from *connector.Field) (f field, err error) {
	f = field{text: from.ConnectorField, optional: from.Optional, kind: from.DataType}
	if f.location, err = connector.ParseLocation(from.ConnectorField); err != nil {
		return f, err
	}
	f.fallback, err = parseText(from.Default)
	return f, err
}
