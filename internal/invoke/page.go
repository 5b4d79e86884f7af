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

func compilePaging(c *connector.Connector, m *connector.Method) (*paging, error) {
	from := m.Pages(c)
	if from == nil {
		return nil, nil
	}
	p := &paging{size: from.PageSize, max: from.MaxPages}
	if p.max == 0 {
		p.max = maxPages
	}
	var err error
	if p.items, err = connector.ParseLocation(from.Items); err != nil {
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

// place is where a page, or a part, is. The zero value is the first.
type place struct {
	Number int               `json:"n,omitempty"` // pages before it
	Offset int               `json:"o,omitempty"` // items before it
	Kept   int               `json:"k,omitempty"` // of those, the ones that filters let through
	URL    string            `json:"u,omitempty"`
	Tokens map[string]string `json:"t,omitempty"` // by variable
	actionData
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
		return "" // not reached: it is of numbers, texts and JSON
	}
	return string(b)
}

func (p place) first() bool { return p.Number == 0 }

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

// turn finds the place of the page, or the part, that follows.
func (x *exchange) turn() (err error) {
	if x.plan.parts != nil {
		x.result.Next = x.nextPart()
	} else if x.plan.paging != nil {
		x.result.Next, err = x.nextPage()
	}
	return err
}

// nextPage is the place of the page after this one; "" after the last.
func (x *exchange) nextPage() (string, error) {
	how := x.plan.paging
	doc, err := x.answer.document()
	if err != nil {
		return "", err
	}
	found, _ := how.items.Get(doc)
	items, ok := found.([]any)
	if found != nil && !ok {
		return "", formatError("%s is not a list", how.items)
	}
	if len(items) == 0 || len(items) < how.size {
		return "", nil
	}
	to := place{Number: x.place.Number + 1, Offset: x.place.Offset + len(items), Kept: x.place.Kept, actionData: x.action()}
	if len(how.fillers) > 0 {
		led, err := x.follow(doc, &to)
		if err != nil || !led {
			return "", err
		}
	}
	switch {
	case to.Number >= how.max:
		return "", formatError("there are more than %d pages", how.max)
	case !how.numbered && to.URL == x.place.URL && maps.Equal(to.Tokens, x.place.Tokens):
		return "", formatError("the next page is the same page again")
	}
	return to.String(), nil
}

// follow reads the next URL and tokens, and says whether there are any.
func (x *exchange) follow(doc any, to *place) (led bool, _ error) {
	for _, f := range x.plan.paging.fillers {
		v, _ := f.location.Get(doc)
		s := merge.Text(v)
		switch {
		case s == "":
			continue
		case f.variable == connector.PageNextURL:
			if err := x.followURL(s, to); err != nil {
				return false, err
			}
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

// followURL takes a next page's address, which has to be where this one's is.
func (x *exchange) followURL(s string, to *place) error {
	if x.asked == nil {
		return formatError("nothing was requested that a next page's URL could be beside")
	}
	next, err := x.asked.Parse(s)
	if err != nil {
		return formatError("the next page's URL cannot be read")
	}
	if next.Scheme != x.asked.Scheme || next.Host != x.asked.Host || next.User != nil {
		return formatError("the next page is on another host, %s", next.Host)
	}
	next.Fragment = ""
	to.URL = x.secrets.text(next.String())
	return nil
}
