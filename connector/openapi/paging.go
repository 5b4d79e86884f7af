package openapi

import (
	"net/http"
	"slices"

	"github.com/tandem-ipaas/tandem/connector"
)

// pageable is an extension that says how the items, and the next page's address,
// are called.
const pageable = "x-ms-pageable"

// pagers are the parameters that, together, page in one certain way.
var pagers = []struct {
	variable string
	leads    []string // names of the parameter that leads on
	sizes    []string // names of the one beside it
	next     string   // the member of the answer that leads on; "": none does
}{
	{connector.PageToken, []string{"pageToken"}, nil, "nextPageToken"},
	{connector.PageToken, []string{"page_token"}, nil, "next_page_token"},
	{connector.PageNumber, []string{"page"}, []string{"per_page", "page_size", "pageSize", "perPage", "limit"}, ""},
	{connector.PageOffset, []string{"offset"}, []string{"limit"}, ""},
}

// page describes how a list is read page by page, if that is certain: by an
// extension, or by parameters whose names mean one thing everywhere, whose size is
// given, and an answer with one list. All else is left as parameters.
func (b *methodBuilder) page() {
	m := &b.method
	if m.HTTPMethod != http.MethodGet || m.ResponseDataType != connector.JSONBody || b.extended() {
		return
	}
	items, ok := b.list()
	if !ok {
		return
	}
	for _, p := range pagers {
		lead, size := b.sent(p.leads), b.sent(p.sizes)
		switch {
		case lead == nil:
			continue
		case p.next != "" && b.answers(p.next):
			drive(lead, p.variable)
			m.Paging = &connector.Paging{Items: items}
			b.next(p.next, p.variable)
			return
		case p.next != "" || size == nil || p.variable == connector.PageNumber && !b.sizes[target(lead)].fromOne():
			continue
		}
		if most := b.sizes[target(size)].pageSize(); most > 0 {
			drive(lead, p.variable)
			drive(size, connector.PageSize)
			m.Paging = &connector.Paging{Items: items, PageSize: most}
			return
		}
	}
}

// extended describes the pages of the extension.
func (b *methodBuilder) extended() bool {
	says, ok := b.op.operation.Extensions[pageable].(map[string]any)
	if !ok {
		return false
	}
	next, _ := says["nextLinkName"].(string)
	items, named := says["itemName"].(string)
	if !named {
		items = "value"
	}
	if next == "" || line(next) != next || line(items) != items || items == "" {
		return false // one page
	}
	b.next(connector.Location{}.Member(next).String(), connector.PageNextURL)
	b.method.Paging = &connector.Paging{Items: connector.Location{}.Member(items).String()}
	return true
}

// next reads what leads to the next page from the answer.
func (b *methodBuilder) next(location, variable string) {
	b.method.Parameters = append(b.method.Parameters, connector.Parameter{
		Name: unique(b.names, location), TargetType: connector.ResponseField, TargetName: location, Value: variable, Hidden: true,
	})
}

// sent is the query's parameter of one of the names.
func (b *methodBuilder) sent(names []string) *connector.Parameter {
	for i := range b.method.Parameters {
		p := &b.method.Parameters[i]
		if s := b.sizes[target(p)]; p.TargetType == connector.QueryString && p.Optional && slices.Contains(names, target(p)) && s != nil {
			return p
		}
	}
	return nil
}

func target(p *connector.Parameter) string {
	if p.TargetName != "" {
		return p.TargetName
	}
	return p.Name
}

// drive lets pages decide on a parameter.
func drive(p *connector.Parameter, variable string) {
	p.Value, p.Default, p.Hidden, p.Values = variable, "", true, nil
}

// list is the answer's one list of objects.
func (b *methodBuilder) list() (string, bool) {
	found := map[string]bool{}
	for _, f := range b.method.ResponseFields {
		l, err := connector.ParseLocation(f.ConnectorField)
		if err != nil {
			return "", false
		}
		list, item, ok := l.Cut()
		if !ok || len(item.Names()) == 0 {
			continue
		}
		if len(list.Names()) > 1 { // of an object, such as its parts
			return "", false
		}
		found[list.String()] = true
	}
	if len(found) != 1 {
		return "", false
	}
	for items := range found {
		if items == "" {
			items = "[]"
		}
		return items, true
	}
	return "", false
}

// answers says that the answer has a member.
func (b *methodBuilder) answers(name string) bool {
	return slices.ContainsFunc(b.method.ResponseFields, func(f connector.Field) bool { return f.ConnectorField == name })
}

// maxPage is more than a page has.
const maxPage = 1000

// pageSize is how many items a page has, by what is said of the parameter for it; 0
// if nothing is.
func (s *shape) pageSize() int {
	if s == nil || s.kind != "integer" && s.kind != "number" {
		return 0
	}
	if s.most != nil && *s.most >= 1 && *s.most <= maxPage {
		return int(*s.most)
	}
	if n, ok := s.fallback.(float64); ok && n >= 1 && n <= maxPage && n == float64(int(n)) {
		return int(n)
	}
	return 0
}

// fromOne says that a page's number is one, and that nothing speaks of a page 0.
func (s *shape) fromOne() bool {
	first, given := s.fallback.(float64)
	return s.kind == "integer" && (s.least == nil || *s.least >= 1) && (!given || first == 1)
}
