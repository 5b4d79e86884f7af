package invoke

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// maxPages is the cap of a method that gives none.
const maxPages = 1000

// paging is how a method's pages follow one another, compiled.
type paging struct {
	items    connector.Location
	size     int
	max      int
	fillers  []filler
	numbered bool // page number or offset leads on
}

// filler reads the next URL, or a token, from a page.
type filler struct {
	variable string
	location connector.Location
}

func compilePaging(m *connector.Method) (*paging, error) {
	if m.Paging == nil {
		return nil, nil
	}
	p := &paging{size: m.Paging.PageSize, max: m.Paging.MaxPages}
	if p.max == 0 {
		p.max = maxPages
	}
	var err error
	if p.items, err = connector.ParseLocation(m.Paging.Items); err != nil {
		return nil, fmt.Errorf("paging: %w", err)
	}
	for _, from := range m.Parameters {
		if from.Value == connector.PageNumber || from.Value == connector.PageOffset {
			p.numbered = true
		}
		if from.TargetType != connector.ResponseField {
			continue
		}
		f := filler{variable: from.Value}
		at := from.TargetName
		if at == "" {
			at = from.Name
		}
		if f.location, err = connector.ParseLocation(at); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", from.Name, err)
		}
		p.fillers = append(p.fillers, f)
	}
	return p, nil
}

// place is where a page is. The zero value is the first.
type place struct {
	Number int               `json:"n,omitempty"` // pages before it
	Offset int               `json:"o,omitempty"` // items before it
	URL    string            `json:"u,omitempty"`
	Tokens map[string]string `json:"t,omitempty"` // by variable
}

func parsePlace(s string) (p place, err error) {
	if s == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(s), &p); err != nil {
		return p, buildError("the place of the page cannot be read: %v", err)
	}
	return p, nil
}

func (p place) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // not reached: it is of numbers and texts
	}
	return string(b)
}

// variable is the value of a page variable; "" to be left out.
func (p place) variable(name string, how *paging) string {
	switch {
	case name == connector.PageNumber:
		return strconv.Itoa(p.Number + 1)
	case name == connector.PageOffset:
		return strconv.Itoa(p.Offset)
	case name == connector.PageSize && how != nil && how.size > 0:
		return strconv.Itoa(how.size)
	}
	return p.Tokens[name]
}

// next is the place of the page after doc; "" after the last.
func (r *reader) next(doc any) (string, error) {
	how := r.plan.paging
	if how == nil {
		return "", nil
	}
	found, _ := how.items.Get(doc)
	items, ok := found.([]any)
	if found != nil && !ok {
		return "", formatError("%s is not a list", how.items)
	}
	if len(items) == 0 || len(items) < how.size {
		return "", nil
	}
	to := place{Number: r.place.Number + 1, Offset: r.place.Offset + len(items)}
	if len(how.fillers) > 0 {
		led, err := r.follow(doc, &to)
		if err != nil || !led {
			return "", err
		}
	}
	switch {
	case to.Number >= how.max:
		return "", formatError("there are more than %d pages", how.max)
	case !how.numbered && to.URL == r.place.URL && maps.Equal(to.Tokens, r.place.Tokens):
		return "", formatError("the next page is the same page again")
	}
	return to.String(), nil
}

// follow reads the next URL and tokens, and says whether there are any.
func (r *reader) follow(doc any, to *place) (led bool, _ error) {
	for _, f := range r.plan.paging.fillers {
		v, _ := f.location.Get(doc)
		s := merge.Text(v)
		switch {
		case s == "":
			continue
		case f.variable == connector.PageNextURL:
			next, err := r.url.Parse(s)
			if err != nil {
				return false, formatError("the next page's URL cannot be read")
			}
			if next.Scheme != r.url.Scheme || next.Host != r.url.Host || next.User != nil {
				return false, formatError("the next page is on another host, %s", next.Host)
			}
			next.Fragment = ""
			to.URL = r.secrets.text(next.String())
		default:
			if to.Tokens == nil {
				to.Tokens = map[string]string{}
			}
			to.Tokens[f.variable] = s
		}
		led = true
	}
	return led, nil
}
