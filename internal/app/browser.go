package app

import (
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/console"
	"github.com/tandem-ipaas/tandem/internal/dist"
	"github.com/tandem-ipaas/tandem/internal/embed"
)

// embedded makes the service domain, with the built pages.
func (a *App) embedded(built *dist.Files) (*embed.Embed, error) {
	v := &a.Services
	return embed.New(a.log, embed.Services{
		Partners: a.store, Audit: v.Audit, Sessions: v.Sessions, Tickets: a.Tickets, Settings: v.Settings, Accounts: v.Accounts, Users: v.Users,
		Memberships: v.Memberships, Access: v.Access, Profile: v.UserProfile, SignOns: v.SignOns, Invitations: v.Invitations, Library: v.Library,
		Connectors: v.Connectors, SignIns: v.SignIns, Demand: v.Demand, Templates: v.Templates, Marketplaces: v.Marketplaces, Cycles: a.cycles, Control: a.cycles,
	}, built, embed.Options{Secure: a.overTLS()})
}

func (a *App) overTLS() bool { return strings.HasPrefix(a.cfg.ServiceURL, "https:") }

var errOtherSite = &tandem.Error{Code: tandem.Unauthenticated, Message: "A page of another site asks."}

// browsers says who a browser's request to the API is of. What a page of another
// site asks for is nobody's, reading too: a connector's method can be called by
// GET. One browser may hold
// cookies of both kinds, for where console and service domain share a host: what
// a page of the console asks for, its user asks for, and what an account's screen
// asks for, nobody but its session's; all else is of the account user, if there is
// one.
func browsers(c *console.Console, e *embed.Embed) func(*http.Request) (tandem.Principal, error) {
	return func(r *http.Request) (tandem.Principal, error) {
		if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
			return tandem.Principal{}, errOtherSite
		}
		from := embed.Asking(r)
		if embed.SessionOf(from) != "" {
			return e.Principal(r)
		}
		first, second := e.Principal, c.Principal
		if strings.HasPrefix(from, console.Base) {
			first, second = second, first
		}
		who, err := first(r)
		if tandem.ErrorCode(err) == tandem.Unauthenticated {
			return second(r)
		}
		return who, err
	}
}
