package apitest

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

// team is what a partner has to do with who comes in.
type team struct {
	Colleague, Invited, Leaver string // console users
	Program, Former            string // OAuth clients
	Browser                    string // a session
	Visitor                    string // a session in the account
	Issuer, Issued             string // an OAuth client, and one of its tokens
}

// names are how paths of entries call what is in m.
func (m team) names() []string {
	return []string{
		"{colleague}", m.Colleague, "{invited}", m.Invited, "{leaver}", m.Leaver,
		"{program}", m.Program, "{former}", m.Former, "{browser}", m.Browser,
		"{visitor}", m.Visitor, "{issuer}", m.Issuer, "{issued}", m.Issued,
	}
}

// team makes what a tenant's partner has to do with who comes in. The partners
// have few OAuth clients at most, and share them.
func (b builder) team() {
	of := b.of
	invite := func(who string) string {
		return b.must(http.MethodPost, "/v1.0/consoleusers", "", object{"Email": who + "-of-" + of.Canary + "@x.test", "Name": who + " of " + of.Canary}, nil)
	}
	of.Colleague, of.Invited, of.Leaver = invite("colleague"), invite("invited"), invite("leaver")
	of.Program, of.Former = b.client("a program"), b.client("a former program")
	of.Browser = b.Session(of.partner).String()
	user, err := strconv.ParseInt(of.User, 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	b.SignIn(tandem.Principal{Partner: of.partner, User: tandem.UserID(user)}, of.Canary)
	of.Visitor = b.first("/v1.0/account/sessions", of.Canary)
}

// issued makes another token of the partner's own client.
func (b builder) issued(p tandem.NewPartner) {
	b.tokenFor(p, "")
	b.of.Issuer = p.ClientID
	b.of.Issued = b.first("/v1.0/oauthclients/"+p.ClientID+"/tokens", "")
}

// first is the Id of the first row of a list.
func (b builder) first(path, at string) string {
	b.Helper()
	var rows []struct {
		ID any `json:"Id"`
	}
	b.must(http.MethodGet, path, at, nil, &rows)
	if len(rows) == 0 {
		b.Fatalf("%s is empty", path)
	}
	return fmt.Sprint(rows[0].ID)
}

// client is an OAuth client of the tenant's partner by name, made if it is not
// there yet.
func (b builder) client(name string) string {
	var there []struct {
		ID   string `json:"Id"`
		Name string
	}
	b.must(http.MethodGet, "/v1.0/oauthclients", "", nil, &there)
	for _, c := range there {
		if c.Name == name {
			return c.ID
		}
	}
	return b.must(http.MethodPost, "/v1.0/oauthclients", "", object{"Name": name}, nil)
}

// securityEntries are those of console users, sessions and OAuth clients.
func securityEntries() map[string]entry {
	return map[string]entry{
		"getProfile":          {path: "/v1.0/me"},
		"updateProfile":       {path: "/v1.0/me", body: fixed(object{"Name": "changed"})},
		"beginTwoFactor":      {path: "/v1.0/me/twofactor", body: fixed(object{"CurrentPassword": "x"})},
		"confirmTwoFactor":    {path: "/v1.0/me/twofactor", body: fixed(object{"Code": "123456"})},
		"disableTwoFactor":    {path: "/v1.0/me/twofactor", body: fixed(object{"CurrentPassword": "x", "Code": "123456"})},
		"createRecoveryCodes": {path: "/v1.0/me/recoverycodes", body: fixed(object{"CurrentPassword": "x", "Code": "123456"})},
		"listSessions":        {path: "/v1.0/sessions"},
		"revokeSession":       {path: "/v1.0/sessions/{browser}", owner: partner},

		"listAccountSessions":  {path: "/v1.0/account/sessions"},
		"revokeAccountSession": {path: "/v1.0/account/sessions/{visitor}", owner: account},

		"listConsoleUsers":    {path: "/v1.0/consoleusers"},
		"inviteConsoleUser":   {path: "/v1.0/consoleusers", body: fixed(object{"Email": "new@x.test"})},
		"getConsoleUser":      {path: "/v1.0/consoleusers/{colleague}", owner: partner},
		"updateConsoleUser":   {path: "/v1.0/consoleusers/{colleague}", owner: partner, body: fixed(object{"Name": "changed"})},
		"removeConsoleUser":   {path: "/v1.0/consoleusers/{leaver}", owner: partner},
		"resetTwoFactor":      {path: "/v1.0/consoleusers/{colleague}/twofactor", owner: partner},
		"reinviteConsoleUser": {path: "/v1.0/consoleusers/{invited}/resend", owner: partner},

		"listOAuthClients":  {path: "/v1.0/oauthclients"},
		"createOAuthClient": {path: "/v1.0/oauthclients", body: fixed(object{"Name": "new"})},
		"getOAuthClient":    {path: "/v1.0/oauthclients/{program}", owner: partner},
		"updateOAuthClient": {path: "/v1.0/oauthclients/{program}", owner: partner, body: fixed(object{"Name": "changed"})},
		"deleteOAuthClient": {path: "/v1.0/oauthclients/{former}", owner: partner},
		"listTokens":        {path: "/v1.0/oauthclients/{issuer}/tokens", owner: partner},
		"revokeToken":       {path: "/v1.0/oauthclients/{issuer}/tokens/{issued}", owner: partner},
		"rotateSecret":      {path: "/v1.0/oauthclients/{program}/secret", owner: partner},

		"getSignOn":      {path: "/v1.0/settings/sso"},
		"updateSignOn":   {path: "/v1.0/settings/sso", body: fixed(object{"Issuer": "https://login.test", "ClientId": "tandem", "ClientSecret": "key of the provider", "Domains": []string{"x.test"}})},
		"testSignOn":     {path: "/v1.0/settings/sso/test"},
		"getSecurity":    {path: "/v1.0/settings/security"},
		"updateSecurity": {path: "/v1.0/settings/security", body: fixed(object{"RequireTwoFactor": true})},
	}
}
