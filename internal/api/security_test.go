package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// beginSession signs the first console user of a partner in.
func beginSession(t *testing.T, s api.Services, p tandem.PartnerID) tandem.Session {
	t.Helper()
	users, err := s.ConsoleUsers.List(t.Context(), p, tandem.Search{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := sessionOf(t, s, p, users.Rows[0].ID)
	return n
}

func sessionOf(t *testing.T, s api.Services, p tandem.PartnerID, id tandem.ConsoleUserID) (tandem.Session, string) {
	t.Helper()
	token, err := s.Sessions.Begin(t.Context(), tandem.Session{Who: tandem.Principal{Partner: p, ConsoleUser: id}, Address: "192.0.2.1", Agent: "Lynx"})
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Sessions.Resume(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return n, string(token)
}

// deskHeader carries a session's token, in place of the console's cookie.
const deskHeader = "X-Test-Session"

// newDesks is a world that console users can be signed in to.
func newDesks(t *testing.T, db *store.Store) *world {
	t.Helper()
	var w *world
	w = newWorldOn(t, db, api.Options{Session: func(r *http.Request) (tandem.Principal, error) {
		n, err := w.services.Sessions.Resume(r.Context(), tandem.Secret(r.Header.Get(deskHeader)))
		return n.Who, err
	}})
	return w
}

// desk is the header of a console user with some permissions; "": the first one,
// with Full Access.
func (w *world) desk(permissions string) (map[string]string, tandem.Session) {
	w.t.Helper()
	users, err := w.services.ConsoleUsers.List(w.t.Context(), w.partner.PartnerID, tandem.Search{})
	if err != nil {
		w.t.Fatal(err)
	}
	id := users.Rows[0].ID
	if permissions != "" {
		var made struct {
			ID tandem.ConsoleUserID `json:"Id"`
		}
		w.ok(call{method: "POST", path: "/v1.0/consoleusers", body: fmt.Sprintf(`{"Email":"u%d@acme.test","Permissions":%s}`, users.Total, permissions)}, &made)
		id = made.ID
	}
	n, token := sessionOf(w.t, w.services, w.partner.PartnerID, id)
	return map[string]string{deskHeader: token}, n
}

func desks(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("SQLite", func(t *testing.T) { test(t, newDesks(t, storetest.SQLite(t))) })
	t.Run("Postgres", func(t *testing.T) { test(t, newDesks(t, storetest.Postgres(t))) })
}

type teamMember struct {
	ID            int `json:"Id"`
	Email, Name   string
	FullAccess    bool
	Permissions   map[string]string
	Invited       bool
	InvitationURL string `json:"InvitationUrl"`
}

func TestConsoleUsers(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		var u, got teamMember
		a := w.ok(call{method: "POST", path: "/v1.0/ConsoleUsers", body: `{"email":" Bert@Acme.test","permissions":{"accounts":"EDIT","Security":"None"}}`}, &u)
		want := teamMember{ID: u.ID, Email: "bert@acme.test", Name: "bert@acme.test", Permissions: map[string]string{"Accounts": "Edit"}, Invited: true, InvitationURL: u.InvitationURL}
		if diff := cmp.Diff(want, u); diff != "" || a.status != 201 || !strings.HasPrefix(u.InvitationURL, "http://service.test/console/invitation#") {
			t.Errorf("%d, -want +got\n%s", a.status, diff)
		}
		path := fmt.Sprintf("/v1.0/consoleusers/%d", u.ID)
		w.ok(call{method: "GET", path: path}, &got)
		if got.InvitationURL != "" {
			t.Error("the link is shown again")
		}
		w.ok(call{method: "PUT", path: path, body: `{"Name":"Bert","FullAccess":"true"}`}, &got)
		if got.Name != "Bert" || !got.FullAccess || got.Permissions["Billing"] != "Manage" {
			t.Errorf("changed: %+v", got)
		}
		var again teamMember
		if w.ok(call{method: "POST", path: path + "/resend"}, &again); again.InvitationURL == "" || again.InvitationURL == u.InvitationURL {
			t.Errorf("invited again: %q", again.InvitationURL)
		}
		var all []teamMember
		if a := w.ok(call{method: "GET", path: "/v1.0/consoleusers?page=2&pageSize=1"}, &all); len(all) != 1 || all[0].ID != u.ID || a.header.Get("Total-Records") != "2" {
			t.Errorf("list: %+v %v", all, a.header)
		}
		for body, message := range map[string]string{
			`{"Email":"x"}`:             `Email: "x" is not an email address`,
			`{"Email":"ada@acme.test"}`: "",
			`{"Email":"new@acme.test","Permissions":{"Kitchen":"View"}}`: "",
			`{"Email":"new@acme.test","Permissions":{"Accounts":"Own"}}`: "",
		} {
			status := 400
			if strings.Contains(body, "ada@") {
				status = 409
			}
			w.fails(call{method: "POST", path: "/v1.0/consoleusers", body: body}, status, message)
		}
		w.ok(call{method: "DELETE", path: path}, nil)
		w.fails(call{method: "GET", path: path}, 404, "")
		w.fails(call{method: "DELETE", path: path}, 404, "")
	})
}

// Who may look at the team may not change it; who may not look has a profile all
// the same.
func TestTeamPermissions(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		clerk, own := w.desk(`{"Accounts":"Manage"}`)
		viewer, _ := w.desk(`{"Security":"View"}`)
		editor, _ := w.desk(`{"Security":"Edit"}`)
		guard, _ := w.desk(`{"Security":"Manage"}`)
		chief, _ := w.desk("")
		for _, c := range []struct {
			name       string
			who        map[string]string
			look, sets int
		}{{"clerk", clerk, 403, 403}, {"viewer", viewer, 200, 403}, {"editor", editor, 200, 403}, {"guard", guard, 200, 201}, {"chief", chief, 200, 201}} {
			for _, path := range []string{"/v1.0/consoleusers", "/v1.0/oauthclients", "/v1.0/settings/security"} {
				if a := w.do(call{method: "GET", path: path, token: "-", header: c.who}); a.status != c.look {
					t.Errorf("%s gets %s: %d, want %d", c.name, path, a.status, c.look)
				}
			}
			body := fmt.Sprintf(`{"Email":"by-%s@acme.test"}`, c.name)
			if a := w.do(call{method: "POST", path: "/v1.0/consoleusers", token: "-", header: c.who, body: body}); a.status != c.sets {
				t.Errorf("%s invites: %d, want %d", c.name, a.status, c.sets)
			}
			w.ok(call{method: "GET", path: "/v1.0/me", token: "-", header: c.who}, nil)
		}
		var seen []struct {
			ID      int `json:"Id"`
			Current bool
		}
		w.ok(call{method: "GET", path: "/v1.0/sessions", token: "-", header: clerk}, &seen)
		if len(seen) != 1 || !seen[0].Current || seen[0].ID != int(own.ID) {
			t.Errorf("the clerk sees %+v", seen)
		}
		if w.ok(call{method: "GET", path: "/v1.0/sessions?pageSize=2", token: "-", header: viewer}, &seen); len(seen) != 2 {
			t.Errorf("a page of two: %+v", seen)
		}
		if w.ok(call{method: "GET", path: "/v1.0/sessions"}, &seen); len(seen) != 5 {
			t.Errorf("a program sees %+v", seen)
		}
		theirs := fmt.Sprintf("/v1.0/sessions/%d", own.ID)
		for name, who := range map[string]map[string]string{"viewer": viewer, "editor": editor} {
			if a := w.do(call{method: "DELETE", path: theirs, token: "-", header: who}); a.status != 404 {
				t.Errorf("the %s ends another's session: %d", name, a.status)
			}
		}
		w.ok(call{method: "DELETE", path: theirs, token: "-", header: guard}, nil)
		if a := w.do(call{method: "GET", path: "/v1.0/me", token: "-", header: clerk}); a.status != 401 {
			t.Errorf("a session that was ended: %d", a.status)
		}
		_, again := w.desk(`{}`)
		w.ok(call{method: "DELETE", path: fmt.Sprintf("/v1.0/sessions/%d", again.ID)}, nil)
	})
}

func TestProfile(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		ada, _ := w.desk("")
		put := func(path, body string) call {
			return call{method: "PUT", path: path, token: "-", header: ada, body: body}
		}
		var me struct {
			Email, Name string
			TwoFactor   bool
			Permissions map[string]string
		}
		w.ok(put("/v1.0/me", `{"Name":"Ada L."}`), &me)
		if me.Name != "Ada L." || me.Email != "ada@acme.test" || me.TwoFactor || me.Permissions["Security"] != "Manage" {
			t.Errorf("%+v", me)
		}
		w.fails(put("/v1.0/me", `{"Password":"a fine new one","CurrentPassword":"wrong"}`), 400, "CurrentPassword is wrong")
		w.fails(put("/v1.0/me", `{"Password":"a fine new one"}`), 400, "CurrentPassword is wrong")
		w.ok(put("/v1.0/me", fmt.Sprintf(`{"Password":"a fine new one","CurrentPassword":%q}`, w.partner.Password)), nil)
		var e struct {
			Secret string
			URL    string `json:"Url"`
		}
		w.ok(call{method: "POST", path: "/v1.0/me/twofactor", token: "-", header: ada, body: `{"CurrentPassword":"a fine new one"}`}, &e)
		code, err := totp.GenerateCode(e.Secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		w.fails(put("/v1.0/me/twofactor", `{"Code":"1"}`), 400, "Code is wrong, or was used before")
		var codes struct{ RecoveryCodes []string }
		w.ok(put("/v1.0/me/twofactor", `{"Code":"`+code+`"}`), &codes)
		w.ok(call{method: "POST", path: "/v1.0/me/recoverycodes", token: "-", header: ada, body: fmt.Sprintf(`{"CurrentPassword":"a fine new one","Code":%q}`, codes.RecoveryCodes[9])}, &codes)
		if w.ok(call{method: "GET", path: "/v1.0/me", token: "-", header: ada}, &me); !me.TwoFactor || len(codes.RecoveryCodes) != 10 {
			t.Errorf("%+v, %v", me, codes)
		}
		w.ok(call{method: "DELETE", path: "/v1.0/me/twofactor", token: "-", header: ada, body: fmt.Sprintf(`{"CurrentPassword":"a fine new one","Code":%q}`, codes.RecoveryCodes[0])}, nil)
		for _, c := range []call{{method: "PUT", path: "/v1.0/me", body: `{"Name":"x"}`}, {method: "POST", path: "/v1.0/me/twofactor", body: `{}`}} {
			w.fails(c, 400, "This is for people who are signed in to the console.")
		}
		if strings.Contains(w.log.String(), "a fine new one") {
			t.Error("a password is in the log")
		}
	})
}

func TestOAuthClients(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		type program struct {
			ID           string `json:"Id"`
			Name         string
			ClientSecret string
		}
		var c, got program
		w.ok(call{method: "POST", path: "/v1.0/oauthclients", body: `{"Name":"Nightly"}`}, &c)
		path := "/v1.0/oauthclients/" + c.ID
		if w.ok(call{method: "GET", path: path}, &got); got.ClientSecret != "" || got.Name != "Nightly" || c.ClientSecret == "" {
			t.Errorf("made %+v, read %+v", c, got)
		}
		use := func(secret string) string {
			return w.tokenFor(tandem.NewPartner{ClientID: c.ID, ClientSecret: secret}, "")
		}
		token := use(c.ClientSecret)
		w.ok(call{method: "GET", path: "/v1.0/accounts", token: token}, nil)
		w.ok(call{method: "PUT", path: path, body: `{"Name":"Daily"}`}, &got)
		w.fails(call{method: "PUT", path: path, body: `{"Name":" "}`}, 400, "Name is required")
		w.ok(call{method: "POST", path: path + "/secret"}, &got)
		if got.Name != "Daily" || got.ClientSecret == "" || got.ClientSecret == c.ClientSecret {
			t.Errorf("with another secret: %+v", got)
		}
		w.fails(call{method: "GET", path: "/v1.0/accounts", token: token}, 401, "")
		token = use(got.ClientSecret)
		for i := range 3 {
			w.ok(call{method: "POST", path: "/v1.0/oauthclients", body: fmt.Sprintf(`{"Name":"Program %d"}`, i)}, nil)
		}
		w.fails(call{method: "POST", path: "/v1.0/oauthclients", body: `{"Name":"One more"}`}, 400, "There can be at most 5 OAuth clients. Delete one first.")
		var all []program
		if a := w.ok(call{method: "GET", path: "/v1.0/oauthclients?pageSize=2"}, &all); len(all) != 2 || all[0].Name != "Daily" || a.header.Get("Total-Records") != "5" {
			t.Errorf("list: %+v", all)
		}
		w.ok(call{method: "DELETE", path: path}, nil)
		w.fails(call{method: "GET", path: "/v1.0/accounts", token: token}, 401, "")
		w.fails(call{method: "GET", path: path}, 404, "")
		w.ok(call{method: "POST", path: "/v1.0/oauthclients", body: `{"Name":"One more"}`}, nil)
	})
}

func TestTokensOfAClient(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		w.account("books", "")
		path := "/v1.0/oauthclients/" + w.partner.ClientID + "/tokens"
		var found []tandem.LiveToken
		list := func() []tandem.LiveToken {
			t.Helper()
			w.ok(call{method: "GET", path: path}, &found)
			return found
		}
		before := len(list())
		narrow := w.tokenFor(w.partner, "account:books")
		if list(); len(found) != before+1 || found[0].AccountID == nil || *found[0].AccountID != "books" || *found[0].AccountName != "books" || found[1].AccountID != nil {
			t.Fatalf("tokens: %+v", found)
		}
		if life := found[0].Expires.Sub(found[0].Issued); life != tandem.TokenLifetime {
			t.Errorf("it works for %s", life)
		}
		w.ok(call{method: "GET", path: "/v1.0/cycles", token: narrow}, nil)
		w.ok(call{method: "DELETE", path: path + "/" + strings.ToUpper(found[0].ID)}, nil)
		w.fails(call{method: "GET", path: "/v1.0/cycles", token: narrow}, 401, "")
		for _, gone := range []string{found[0].ID, "0", strings.Repeat("x", 32), found[1].ID + "00"} {
			w.fails(call{method: "DELETE", path: path + "/" + gone}, 404, "Token could not be found.")
		}
		var other struct {
			ID string `json:"Id"`
		}
		w.ok(call{method: "POST", path: "/v1.0/oauthclients", body: `{"Name":"Other"}`}, &other)
		w.fails(call{method: "DELETE", path: "/v1.0/oauthclients/" + other.ID + "/tokens/" + found[1].ID}, 404, "Token could not be found.")
		w.fails(call{method: "GET", path: "/v1.0/oauthclients/" + tandem.NewGUID() + "/tokens"}, 404, "")
		if len(list()) != before {
			t.Errorf("left: %+v", found)
		}
	})
}

func TestSessionsInAnAccount(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		w.account("a", "")
		w.account("b", "")
		browser := func(username, account string) (header map[string]string, id tandem.SessionID) {
			t.Helper()
			a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, account)
			if err != nil {
				t.Fatal(err)
			}
			u, err := w.services.Memberships.Add(t.Context(), w.partner.PartnerID, a.ID, username, "correct horse")
			if err != nil {
				t.Fatal(err)
			}
			token, err := w.services.Sessions.Begin(t.Context(), tandem.Session{Who: tandem.Principal{Partner: w.partner.PartnerID, Account: a.ID, User: u.ID}, Agent: "Lynx"})
			if err != nil {
				t.Fatal(err)
			}
			n, err := w.services.Sessions.Resume(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			return map[string]string{deskHeader: string(token)}, n.ID
		}
		ada, atDesk := browser("ada", "a")
		amy, _ := browser("amy", "a")
		_, elsewhere := browser("amy", "b")
		_, bob := browser("bob", "b")
		w.ok(call{method: "PUT", path: "/v1.0/accounts/a/users/ada", body: `{"Administrator":true}`}, nil)
		const path = "/v1.0/account/sessions"
		seen := func(c call) (names []string) {
			t.Helper()
			var found []struct {
				Username, AccountID, Agent string
				Current                    bool
			}
			c.method = "GET"
			w.ok(c, &found)
			for _, n := range found {
				if n.Agent != "Lynx" {
					t.Errorf("session: %+v", n)
				}
				names = append(names, fmt.Sprint(n.Username, " in ", n.AccountID, map[bool]string{true: ", this one"}[n.Current]))
			}
			return names
		}
		for _, c := range []struct {
			why  string
			call call
			want []string
		}{
			{"a program", call{path: path, account: "a"}, []string{"amy in a", "ada in a"}},
			{"an administrator", call{path: path, token: "-", header: ada}, []string{"amy in a", "ada in a, this one"}},
			{"an administrator of themselves", call{path: path + "?own=true", token: "-", header: ada}, []string{"ada in a, this one"}},
			{"a standard user", call{path: path, token: "-", header: amy}, []string{"amy in b", "amy in a, this one"}},
		} {
			if diff := cmp.Diff(c.want, seen(c.call)); diff != "" {
				t.Errorf("%s: -want +got\n%s", c.why, diff)
			}
		}
		w.fails(call{method: "GET", path: path + "?own=true", account: "a"}, 400, "This is for a user of the account, who is signed in.")
		end := func(id tandem.SessionID, by map[string]string) call {
			return call{method: "DELETE", path: path + "/" + id.String(), token: "-", header: by}
		}
		w.fails(end(atDesk, amy), 404, "")
		w.fails(end(bob, ada), 404, "")
		w.fails(end(9999, ada), 404, "Session 9999 could not be found.")
		w.ok(end(elsewhere, amy), nil)
		w.ok(call{method: "DELETE", path: path + "/" + atDesk.String(), account: "a"}, nil)
		w.fails(call{method: "GET", path: path, token: "-", header: ada}, 401, "")
	})
}

func TestPartnerRenamed(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		var got tandem.Partner
		w.ok(call{method: "GET", path: "/v1.0/partner"}, &got)
		was := got
		w.ok(call{method: "PUT", path: "/v1.0/partner", body: `{"Name":" Acme Works "}`}, &got)
		if was.ID != w.partner.PartnerID || was.Created.IsZero() || got != (tandem.Partner{ID: was.ID, Name: "Acme Works", Created: was.Created}) {
			t.Errorf("%+v became %+v", was, got)
		}
		for body, message := range map[string]string{
			`{}`: "Name is required", `{"Name":"a\nb"}`: "Name: want one line of text", `{"Name":"` + strings.Repeat("ä", 201) + `"}`: "Name: at most 200 characters",
		} {
			w.fails(call{method: "PUT", path: "/v1.0/partner", body: body}, 400, message)
		}
		viewer, _ := w.desk(`{"Settings":"View"}`)
		w.ok(call{method: "GET", path: "/v1.0/partner", token: "-", header: viewer}, nil)
		w.fails(call{method: "PUT", path: "/v1.0/partner", body: `{"Name":"Mine"}`, token: "-", header: viewer}, 403, "")
	})
}

// 127.0.0.1 is where all requests of a test come from.
func TestAddressLists(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		ada, _ := w.desk("")
		set := func(who map[string]string, body string) call {
			c := call{method: "PUT", path: "/v1.0/settings/security", header: who, body: body}
			if who != nil {
				c.token = "-"
			}
			return c
		}
		w.fails(set(ada, `{"ConsoleAddresses":["192.0.2.0/24"]}`), 400,
			"ConsoleAddresses: your own address, 127.0.0.1, is not among them: you would lock yourself out")
		w.fails(set(nil, `{"ApiAddresses":["192.0.2.0/33"]}`), 400, `ApiAddresses: "192.0.2.0/33" is not a network, such as 192.0.2.0/24`)
		var got struct {
			ConsoleAddresses, APIAddresses []string
			RequireTwoFactor               bool
		}
		w.ok(set(ada, `{"ConsoleAddresses":["127.0.0.1","192.0.2.7/24","192.0.2.0/24","2001:db8::1"],"RequireTwoFactor":"true"}`), &got)
		if diff := cmp.Diff([]string{"127.0.0.1/32", "192.0.2.0/24", "2001:db8::1/128"}, got.ConsoleAddresses); diff != "" || !got.RequireTwoFactor || len(got.APIAddresses) != 0 {
			t.Errorf("%+v: %s", got, diff)
		}
		w.ok(call{method: "GET", path: "/v1.0/me", token: "-", header: ada}, nil)

		w.ok(set(nil, `{"ConsoleAddresses":["192.0.2.0/24"]}`), nil) // a program may
		const refusal = "This is not allowed from your network address."
		w.fails(call{method: "GET", path: "/v1.0/me", token: "-", header: ada}, 403, refusal)
		w.ok(call{method: "GET", path: "/v1.0/me"}, nil)
		w.ok(set(nil, `{"ConsoleAddresses":null,"ApiAddresses":["192.0.2.0/24"]}`), nil)
		w.ok(call{method: "GET", path: "/v1.0/me", token: "-", header: ada}, nil)
		w.fails(call{method: "GET", path: "/v1.0/me"}, 403, refusal)
		form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
		body := "grant_type=client_credentials&client_id=" + w.partner.ClientID + "&client_secret=" + w.partner.ClientSecret
		w.fails(call{method: "POST", path: "/oauth/token", token: "-", header: form, body: body}, 403, refusal)
		w.ok(set(ada, `{"ApiAddresses":[]}`), nil)
		w.ok(call{method: "GET", path: "/v1.0/me"}, nil)
	})
}

// Who may not do everything gets no secret that may, nor signs in as a user
// without a say over users.
func TestNobodyGetsMoreThanTheyMay(t *testing.T) {
	desks(t, func(t *testing.T, w *world) {
		w.account("books", "")
		var c struct {
			ID string `json:"Id"`
		}
		all, _ := w.desk("")
		w.ok(call{method: "POST", path: "/v1.0/oauthclients", body: `{"Name":"all"}`, header: all, token: "-"}, &c)
		some, _ := w.desk(`{"Security":"Manage"}`)
		for _, path := range []string{"/v1.0/oauthclients", "/v1.0/oauthclients/" + c.ID + "/secret"} {
			w.fails(call{method: "POST", path: path, body: `{"Name":"some"}`, header: some, token: "-"}, 403, "")
			w.ok(call{method: "POST", path: path, body: `{"Name":"all"}`, header: all, token: "-"}, nil)
		}
		accounts, _ := w.desk(`{"Accounts":"Manage"}`)
		users, _ := w.desk(`{"Accounts":"Edit","Users":"Edit"}`)
		signIn := call{method: "POST", path: "/v1.0/accounts/books/signintoken", body: `{"Username":"ada"}`, token: "-"}
		signIn.header = accounts
		w.fails(signIn, 403, "")
		signIn.header = users
		w.ok(signIn, nil)
		for _, what := range []string{"launch", "orbit", "marketplace"} {
			w.fails(call{method: "POST", path: "/v1.0/users/" + what, body: `{}`, header: accounts, token: "-"}, 403, "")
		}
	})
}
