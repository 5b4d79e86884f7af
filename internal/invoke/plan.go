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
	verb      string
	endpoint  *merge.Address
	choosers  []connector.Parameter // of the method, that the endpoint's host is made of
	headers   []*value
	query     []*value
	merges    map[string]*value // by target and by name
	exposed   []string          // of merges, what scripts see
	settings  []*value          // that scripts see as script_parameters
	filters   []filter
	index     *value
	sensitive []string // properties
	fields    []field
	paging    *paging
	parts     *parts
	request   format
	response  format
	scripts   scripts
	local     bool // sends nothing: a script, or what is built in
	keyed     bool // may have an Idempotency-Key
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

func compile(c *connector.Connector, m *connector.Method) (*plan, error) {
	p := &plan{
		verb:     m.HTTPMethod,
		merges:   map[string]*value{},
		request:  requestFormat(m),
		response: responseFormat(m),
		scripts:  newScripts(c, m),
		local:    m.MethodType == connector.ScriptMethod || m.BuiltIn != "",
		keyed:    m.HTTPMethod != http.MethodGet && m.HTTPMethod != http.MethodHead,
		choosers: c.Choosers(m),
	}
	var err error
	if p.endpoint, err = merge.ParseAddress(m.Endpoint); err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	if p.paging, err = compilePaging(c, m); err != nil {
		return nil, err
	}
	if p.parts, err = compileParts(m); err != nil {
		return nil, err
	}
	if err := p.addParameters(c, m); err != nil {
		return nil, err
	}
	return p, p.addFields(m)
}

func (p *plan) addParameters(c *connector.Connector, m *connector.Method) error {
	for i := range c.Parameters {
		if c.Parameters[i].Sensitive {
			p.sensitive = append(p.sensitive, c.Parameters[i].Name)
		}
		if err := p.add(&c.Parameters[i], true); err != nil {
			return err
		}
	}
	for i := range m.Parameters {
		if err := p.add(&m.Parameters[i], false); err != nil {
			return err
		}
	}
	return nil
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
		p.exposed = append(p.exposed, v.target)
	case connector.Script:
		p.settings = append(p.settings, v)
	case connector.Index:
		p.index = v
	case connector.FilterField:
		at, err := connector.ParseLocation(v.target)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", from.Name, err)
		}
		p.filters = append(p.filters, filter{v, at})
	case connector.ResponseField: // of paging
		return nil
	case connector.RequestField: // of an ApiKey only
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
