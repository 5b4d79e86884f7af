package connector

import "strings"

// Paging says how a list is read page by page.
type Paging struct {
	Items    string // location of the list in a page
	PageSize int    `json:",omitempty"` // what a full page holds; a shorter one is the last; 0: not known
	MaxPages int    `json:",omitempty"` // default 1000
}

// Pages is how m's list is read: by its own Paging, or by its connector's if it
// has page variables; nil: there are no pages.
func (m *Method) Pages(c *Connector) *Paging {
	if m.Paging != nil || c.Paging == nil {
		return m.Paging
	}
	for _, p := range m.Parameters {
		if strings.HasPrefix(p.Value, "CYCLR_PAGE_") {
			return c.Paging
		}
	}
	return nil
}

// PagingOut says that a long list is sent in several requests.
type PagingOut struct {
	Items    string // location of the list in the request
	PageSize int    // the most items of a request
}

// Names that a parameter's Value can be, for methods with Paging. A
// ResponseField parameter fills the next URL or a token from each page; other
// parameters with the same Value send it with the next one. CYCLR_PAGE_TOKEN may
// go on with _ and a suffix, for APIs with several.
const (
	PageNumber  = "CYCLR_PAGE_NUMBER" // from 1
	PageOffset  = "CYCLR_PAGE_OFFSET" // items so far, from 0
	PageSize    = "CYCLR_PAGE_SIZE"   // Paging.PageSize
	PageNextURL = "CYCLR_PAGE_NEXT_URL"
	PageToken   = "CYCLR_PAGE_TOKEN"
)

// IgnoreParameter, as a parameter's value, leaves the parameter out, even a
// required one.
const IgnoreParameter = "CYCLR_IGNORE_PARAMETER"
