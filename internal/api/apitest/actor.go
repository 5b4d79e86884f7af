package apitest

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// actor is somebody who calls the API.
type actor struct {
	name   string
	token  string      // of a program
	header http.Header // of a browser

	known         bool // is let in at all
	partner       tandem.PartnerID
	account       *tenant           // the only one it may act in; nil: any of the partner's
	user          bool              // of the account
	administrator bool              // among its users
	console       map[string]string // a console user's permissions by area; nil: no console user
}

// ask is a request by a.
func (a actor) ask(accounts ...string) request {
	return request{token: a.token, header: a.header, accounts: accounts}
}

// everywhere is the permission map of Full Access.
const everywhere = "everywhere"

// cast is everybody who calls every route.
func (b builder) cast(own, sub, beside, other *tenant) []actor {
	asleep := b.asleep(own.partner)
	all := []actor{
		{name: "nobody"},
		{name: "a token that was never issued", token: tandem.NewGUID()},
		{name: "a token past its time", token: b.Expired(b.Partners[0])},
		{name: "the token of a suspended account", token: asleep.token},
		{name: "a user of a suspended account", header: asleep.header},
		{name: "a user who was removed", header: b.removed(own)},
		{name: "a program", token: own.partnerToken, known: true, partner: own.partner},
		{name: "another partner's program", token: other.partnerToken, known: true, partner: other.partner},
	}
	for _, t := range []*tenant{own, sub, beside, other} {
		all = append(all,
			actor{name: "the token of " + t.Canary, token: t.token, known: true, partner: t.partner, account: t},
			b.user(t, false), b.user(t, true))
	}
	all = append(all, b.colleague(own, "", ""), b.colleague(own, everywhere, ""), b.colleague(other, everywhere, ""))
	for _, area := range areas {
		for _, level := range levels[1:] {
			all = append(all, b.colleague(own, area, level))
		}
	}
	return all
}

// user signs a user in to a tenant's account.
func (b builder) user(t *tenant, administrator bool) actor {
	b.of = t
	name := "standard"
	if administrator {
		name = "administrator"
	}
	id, username := b.member(name)
	if administrator {
		b.must(http.MethodPut, "/v1.0/accounts/"+t.Canary+"/users/"+username, "", object{"Administrator": true}, nil)
	}
	return actor{
		name: name + " user of " + t.Canary, header: b.SignIn(tandem.Principal{Partner: t.partner, User: id}, t.Canary),
		known: true, partner: t.partner, account: t, user: true, administrator: administrator,
	}
}

// member makes a user of the tenant's account.
func (b builder) member(name string) (tandem.UserID, string) {
	b.Helper()
	username := name + "-" + b.of.Canary + "@x.test"
	var made struct {
		ID tandem.UserID `json:"Id"`
	}
	b.must(http.MethodPost, "/v1.0/users", "", object{"Username": username, "Accounts": []string{b.of.Canary}}, &made)
	return made.ID, username
}

// removed is the browser of a user whose access was taken away.
func (b builder) removed(t *tenant) http.Header {
	b.of = t
	id, username := b.member("removed")
	header := b.SignIn(tandem.Principal{Partner: t.partner, User: id}, t.Canary)
	b.must(http.MethodDelete, "/v1.0/accounts/"+t.Canary+"/users", "", object{"Username": username}, nil)
	return header
}

// asleep makes an account, a token for it, and a user in it, and suspends it.
func (b builder) asleep(p tandem.PartnerID) actor {
	b.of = &tenant{Canary: "canary-asleep", partner: p, partnerToken: b.tokenFor(b.Partners[0], "")}
	b.must(http.MethodPost, "/v1.0/accounts", "", object{"Id": b.of.Canary, "Name": "name of " + b.of.Canary}, nil)
	id, _ := b.member("sleeper")
	a := actor{token: b.tokenFor(b.Partners[0], "account:"+b.of.Canary), header: b.SignIn(tandem.Principal{Partner: p, User: id}, b.of.Canary)}
	b.must(http.MethodPost, "/v1.0/accounts/"+b.of.Canary+"/suspend", "", nil, nil)
	return a
}

// colleague signs a console user of a tenant's partner in, who may do something
// in one area, everything, or nothing.
func (b builder) colleague(t *tenant, area, level string) actor {
	b.of = t
	a := actor{name: strings.TrimSpace("console user with " + area + " " + level), known: true, partner: t.partner, console: map[string]string{}}
	body := object{"Email": strings.ToLower(area+"-"+level+"-"+t.Canary) + "@desk.test"}
	switch area {
	case "":
	case everywhere:
		body["FullAccess"] = true
		for _, area := range areas {
			a.console[area] = levels[len(levels)-1]
		}
	default:
		a.console[area] = level
		body["Permissions"] = a.console
	}
	var made struct {
		ID json.Number `json:"Id"`
	}
	b.must(http.MethodPost, "/v1.0/consoleusers", "", body, &made)
	id, err := made.ID.Int64()
	if err != nil {
		b.Fatal(err)
	}
	a.header = b.SignIn(tandem.Principal{Partner: t.partner, ConsoleUser: tandem.ConsoleUserID(id)}, "")
	return a
}
