package apitest

import (
	"net/http"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// What the API's documentation says of console users, written down again: what
// judges must not be what is judged.
var (
	areas  = []string{"Templates", "Connectors", "CustomConnectors", "Accounts", "Users", "Marketplaces", "Settings", "Security", "Reports", "Billing"}
	levels = []string{"None", "View", "Edit", "Manage"}
)

// through is the verdict on who may do what a request asks for.
const through = 0

// verdict is the status that refuses a's request with owner's ids, or through.
func (m *matrix) verdict(r api.Route, e entry, a actor, named []string, owner *tenant) int {
	switch {
	case r.Scope == api.Public:
		return through
	case !a.known:
		return http.StatusUnauthorized
	case r.Scope == api.Partner && a.account != nil, r.Scope != api.Account && (!a.may(r.Need) || !a.may(e.needs)):
		return http.StatusForbidden
	case r.Scope == api.Shared && a.account != nil && e.owner == account && a.account != owner:
		return http.StatusForbidden
	case r.Scope != api.Account && e.owner != nobody && owner.partner != a.partner:
		return http.StatusNotFound
	case r.Scope != api.Account:
		return through
	}
	place, refused := m.place(a, r.Need, named)
	switch {
	case refused != through:
		return refused
	case e.scripted && a.header != nil:
		return http.StatusForbidden
	case e.owner == nobody, place == owner, e.owner == partner && place.partner == owner.partner, e.inherited && place.parent == owner.Canary:
		return through
	}
	return http.StatusNotFound
}

// place is the account that a acts in when it names some.
func (m *matrix) place(a actor, need tandem.Need, named []string) (place *tenant, refused int) {
	if len(slices.Compact(slices.Clone(named))) > 1 {
		return nil, http.StatusUnauthorized
	}
	if !a.may(need) || need.Unrestricted && a.account != nil {
		return nil, http.StatusForbidden
	}
	if len(named) == 0 || named[0] == "" {
		switch {
		case a.account != nil:
			return a.account, through
		case need.Accountless:
			return m.tenants[slices.IndexFunc(m.tenants, func(t *tenant) bool { return t.partner == a.partner })], through
		}
		return nil, http.StatusUnauthorized
	}
	for _, t := range m.tenants {
		if t.Canary == named[0] && t.partner == a.partner {
			place = t
		}
	}
	switch {
	case a.account != nil && place != a.account:
		return nil, http.StatusForbidden
	case place == nil:
		return nil, http.StatusUnauthorized
	}
	return place, through
}

// may says whether a person has the rights that a route asks for. A program
// needs none.
func (a actor) may(n tandem.Need) bool {
	if a.user {
		return !n.Vendor && (a.administrator || !n.Administrator)
	}
	if a.console == nil {
		return true
	}
	if n.Everything && slices.ContainsFunc(areas, func(area string) bool { return a.console[area] != levels[len(levels)-1] }) {
		return false
	}
	for _, area := range []string{n.Area.String(), n.Also.String()} {
		free := area == "" || area == "Reports" && n.Level.String() == "View"
		if !free && slices.Index(levels, a.console[area]) < slices.Index(levels, n.Level.String()) {
			return false
		}
	}
	return true
}
