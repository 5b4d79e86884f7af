package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// sessions say who is signed in by a header that only this test sends.
type sessions map[string]tandem.Principal

func (s sessions) find(r *http.Request) (tandem.Principal, error) {
	return signed(s[r.Header.Get("X-Session")])
}

// signedIn is c by somebody who is signed in.
func signedIn(who string, c call) call {
	c.token, c.header = "-", map[string]string{"X-Session": who}
	return c
}

// newUserWorld has accounts a, and b below it, and in a an administrator, ada, and
// a standard user, amy, both signed in.
func newUserWorld(t *testing.T) *world {
	t.Helper()
	known := sessions{}
	w := newWorld(t, api.Options{Session: known.find})
	w.account("a", "")
	w.account("b", "a")
	for _, name := range []string{"ada", "amy"} {
		w.ok(call{method: "PUT", path: "/v1.0/accounts/a/users", body: map[string]string{"Username": name}}, nil)
		var found []struct{ ID tandem.UserID }
		w.ok(call{method: "GET", path: "/v1.0/users?query=" + name}, &found)
		a, err := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "a")
		if err != nil {
			t.Fatal(err)
		}
		known[name] = tandem.Principal{Partner: w.partner.PartnerID, Account: a.ID, User: found[0].ID, Administrator: name == "ada"}
	}
	w.ok(call{method: "PUT", path: "/v1.0/accounts/a/users/ada", body: map[string]any{"Administrator": "true"}}, nil)
	return w
}

func TestUsersOfAnAccount(t *testing.T) {
	w := newUserWorld(t)
	users := call{method: "GET", path: "/v1.0/accounts/a/users"}
	list := func(c call, want ...string) {
		t.Helper()
		var got []string
		a := w.ok(c, &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.path, diff)
		}
		if a.header.Get("Total-Records") == "" {
			t.Errorf("%s: no Total-Records", c.path)
		}
	}
	change := func(method, body string) call { return call{method: method, path: users.path, body: body} }
	list(users, "ada", "amy")
	w.ok(change("PUT", `{"username":"Bob@X.test","PASSWORD":"correct horse"}`), nil)
	w.ok(change("PUT", `{"Username":"bob@x.test"}`), nil) // is there already
	list(users, "ada", "amy", "Bob@X.test")               // as it was first given
	list(call{method: "GET", path: users.path + "?page=2&per_page=2"}, "Bob@X.test")
	list(call{method: "GET", path: "/v1.0/accounts/b/users"}, []string{}...)
	w.fails(change("PUT", `{}`), 400, "Username is required")
	w.fails(change("PUT", `{"Username":"new","Password":"password1"}`), 400, "Password is too easy to guess")
	w.fails(change("PUT", `{"Username":"new","Password":"short"}`), 400, "Password must have 8 to 128 characters")
	w.ok(change("DELETE", `{"Username":"bob@x.test"}`), nil)
	w.fails(change("DELETE", `{"Username":"bob@x.test"}`), 404, "")
	w.fails(call{method: "GET", path: "/v1.0/accounts/none/users"}, 404, "")
	w.fails(call{method: "GET", path: users.path, token: w.tokenFor(w.partner, "account:a")}, 403, "")
	w.ok(call{method: "PUT", path: "/v1.0/users", body: map[string]string{"Username": "bob@x.test", "Password": "a new horse"}}, nil)
	w.fails(call{method: "PUT", path: "/v1.0/users", body: map[string]string{"Username": "nobody", "Password": "a new horse"}}, 404, "")
	w.fails(call{method: "PUT", path: "/v1.0/users", body: map[string]string{"Username": "bob@x.test"}}, 400, "Password must have 8 to 128 characters")
	for body, status := range map[string]int{`{}`: 400, `{"Administrator":null}`: 400, `{"Administrator":"x"}`: 400, `{"Administrator":false}`: 200} {
		if a := w.do(call{method: "PUT", path: users.path + "/amy", body: body}); a.status != status {
			t.Errorf("%s: %d %s, want %d", body, a.status, a.body, status)
		}
	}
	w.fails(call{method: "PUT", path: users.path + "/bob@x.test", body: `{"Administrator":true}`}, 404, "")
}

func TestUserManagement(t *testing.T) {
	w := newUserWorld(t)
	type user struct {
		ID                            tandem.UserID `json:"Id"`
		Username, FirstName, LastName string
		Email                         string
		APIUser                       bool `json:"ApiUser"`
		LastSignInDate                *string
		Accounts                      []tandem.Membership
	}
	var made, got user
	a := w.ok(call{method: "POST", path: "/v1.0/users", body: `{"username":"Zoë@x.test","FirstName":"Zoë","Password":"correct horse","Accounts":["b"]}`}, &made)
	want := user{ID: made.ID, Username: "Zoë@x.test", FirstName: "Zoë", Email: "zoë@x.test", Accounts: []tandem.Membership{{APIID: "b", AccountName: "b", Enabled: true}}}
	if diff := cmp.Diff(want, made); diff != "" || a.status != 201 || strings.Contains(a.body, "horse") {
		t.Errorf("made: %d %s, -want +got\n%s", a.status, a.body, diff)
	}
	one := fmt.Sprintf("/v1.0/users/%d", made.ID)
	w.ok(call{method: "PUT", path: one, body: `{"LastName":"Page","Email":null,"Accounts":["a"]}`}, &got)
	want.LastName, want.Email, want.Accounts = "Page", "", []tandem.Membership{{APIID: "a", AccountName: "a", Enabled: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changed: -want +got\n%s", diff)
	}
	got = user{}
	w.ok(call{method: "GET", path: one}, &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read: -want +got\n%s", diff)
	}
	for query, names := range map[string]string{
		"": "ada amy Zoë@x.test", "?query=ZO%C3%8B": "Zoë@x.test", "?account=b": "", "?account=a": "ada amy Zoë@x.test",
		"?pageSize=1&page=2": "amy", "?page=99": "",
	} {
		var page []user
		w.ok(call{method: "GET", path: "/v1.0/users" + query}, &page)
		found := []string{}
		for _, u := range page {
			found = append(found, u.Username)
		}
		if strings.Join(found, " ") != names {
			t.Errorf("%s: %v, want %s", query, found, names)
		}
	}
	w.fails(call{method: "GET", path: "/v1.0/users?account=none"}, 404, "")
	w.fails(call{method: "POST", path: "/v1.0/users", body: `{"Username":"AMY"}`}, 400, "Username already in use")
	w.fails(call{method: "POST", path: "/v1.0/users", body: `{"Username":"new","Accounts":["none"]}`}, 400, `Accounts: there is no account with the ID "none"`)
	w.fails(call{method: "PUT", path: one, body: `{"Username":"other"}`}, 400, "Username cannot be changed")
	w.fails(call{method: "GET", path: "/v1.0/users/x"}, 400, "")
	w.fails(call{method: "GET", path: "/v1.0/users", token: w.tokenFor(w.partner, "account:a")}, 403, "")
	w.fails(signedIn("ada", call{method: "GET", path: "/v1.0/users"}), 403, "")
	w.ok(call{method: "DELETE", path: one}, nil)
	w.fails(call{method: "DELETE", path: one}, 404, "")
	w.fails(call{method: "GET", path: one}, 404, "")
}

// An account's own people see to themselves, as far as they are administrators.
func TestMembers(t *testing.T) {
	w := newUserWorld(t)
	list := call{method: "GET", path: "/v1.0/account/users"}
	demote := func(name string) call {
		return call{method: "PUT", path: list.path + "/" + name, body: `{"Administrator":false}`}
	}
	invite := call{method: "POST", path: "/v1.0/account/invitations", body: `{"Email":"new@x.test","Administrator":true}`}
	for _, c := range []call{list, demote("ada"), {method: "DELETE", path: list.path + "/ada"}, invite, {method: "GET", path: invite.path}} {
		w.fails(signedIn("amy", c), 403, "Only an administrator of the account may do this.")
		c.account = "b"
		w.fails(signedIn("ada", c), 403, "") // of the parent only
	}
	var members []tandem.Member
	a := w.ok(signedIn("ada", list), &members)
	if len(members) != 2 || members[0].Username != "ada" || !members[0].Administrator || members[1].Administrator || a.header.Get("Total-Records") != "2" {
		t.Errorf("members: %s", a.body)
	}
	w.fails(signedIn("ada", demote("ada")), 409, "An account keeps at least one administrator. Make somebody else one first.")
	w.fails(signedIn("ada", call{method: "DELETE", path: list.path + "/ada"}), 409, "")
	w.fails(signedIn("ada", demote("nobody")), 404, "")
	w.ok(signedIn("ada", call{method: "PUT", path: list.path + "/amy", body: `{"Administrator":true}`}), nil)
	w.ok(signedIn("ada", demote("amy")), nil)
	w.ok(signedIn("ada", call{method: "DELETE", path: list.path + "/amy"}), nil)
	w.ok(call{method: "DELETE", path: "/v1.0/accounts/a/users", body: `{"Username":"ada"}`}, nil) // the partner may

	w.fails(call{method: "PUT", path: "/v1.0/account/email", account: "a", body: `{"Email":"x@x.test"}`}, 400, "")
	w.fails(signedIn("amy", call{method: "PUT", path: "/v1.0/account/email", body: `{"Email":"x@x.test","Password":"guess"}`}), 400, "Password is wrong")
}

// Who is signed in sees and changes themselves, and nobody else.
func TestOwnUser(t *testing.T) {
	w := newUserWorld(t)
	w.ok(call{method: "PUT", path: "/v1.0/users", body: `{"Username":"amy","Password":"correct horse"}`}, nil)
	me := call{method: "GET", path: "/v1.0/account/me"}
	change := func(body string) call { return call{method: "PUT", path: me.path, body: body} }
	var got, want tandem.Member
	w.ok(signedIn("ada", me), &want)
	if want.Username != "ada" || !want.Administrator || want.APIUser {
		t.Errorf("%+v", want)
	}
	w.ok(signedIn("amy", change(`{"FirstName":"Amy"}`)), &got)
	if got.Username != "amy" || got.FirstName != "Amy" || got.Administrator {
		t.Errorf("%+v", got)
	}
	for body, message := range map[string]string{
		`{"LastName":"x","Password":"a new horse"}`:                                      "CurrentPassword is wrong",
		`{"LastName":"x","Password":"a new horse","CurrentPassword":"guess"}`:            "CurrentPassword is wrong",
		`{"LastName":"x","Password":"password","CurrentPassword":"correct horse"}`:       "",
		`{"LastName":"a\nb","Password":"a new horse","CurrentPassword":"correct horse"}`: "LastName: at most 100 characters, on one line",
	} {
		w.fails(signedIn("amy", change(body)), 400, message)
	}
	w.ok(signedIn("amy", change(`{"password":"a new horse","currentpassword":"correct horse"}`)), &got)
	if got.FirstName != "Amy" || got.LastName != "" {
		t.Errorf("%+v", got)
	}
	w.fails(signedIn("amy", change(`{"Password":"a newer horse","CurrentPassword":"correct horse"}`)), 400, "CurrentPassword is wrong")
	w.ok(signedIn("ada", me), &got)
	if got != want {
		t.Errorf("another user: %+v, want %+v", got, want)
	}
	for _, c := range []call{me, change(`{"FirstName":"x"}`)} { // of a program
		c.account = "a"
		w.fails(c, 400, "This is for a user of the account, who is signed in.")
	}
}

func TestInvitations(t *testing.T) {
	w := newUserWorld(t)
	for _, at := range []struct {
		path string
		by   func(call) call
	}{
		{"/v1.0/accounts/b/invitations", func(c call) call { return c }},
		{"/v1.0/account/invitations", func(c call) call { c.account = "b"; return c }},
		{"/v1.0/account/invitations", func(c call) call { return signedIn("ada", c) }},
	} {
		var made, again tandem.Invitation
		a := w.ok(at.by(call{method: "POST", path: at.path, body: `{"Email":"New@x.test","Administrator":"True"}`}), &made)
		if a.status != 201 || made.Email != "new@x.test" || !made.Administrator || !strings.HasPrefix(made.Link, "http://service.test/account/invitation?token=") {
			t.Errorf("%s: %d %s", at.path, a.status, a.body)
		}
		one := fmt.Sprintf("%s/%d", at.path, made.ID)
		if a := w.ok(at.by(call{method: "POST", path: one + "/resend"}), &again); a.status != 201 || again.ID == made.ID || again.Link == made.Link {
			t.Errorf("%s: %s", one, a.body)
		}
		var all []tandem.Invitation
		if a := w.ok(at.by(call{method: "GET", path: at.path}), &all); len(all) != 1 || all[0].ID != again.ID || strings.Contains(a.body, "token=") || a.header.Get("Total-Records") != "1" {
			t.Errorf("%s: %s", at.path, a.body)
		}
		w.ok(at.by(call{method: "GET", path: at.path + "?page=2"}), &all)
		if len(all) != 0 {
			t.Errorf("%s: on the second page: %+v", at.path, all)
		}
		w.fails(at.by(call{method: "DELETE", path: one}), 404, "")
		w.fails(at.by(call{method: "DELETE", path: at.path + "/0"}), 404, "")
		w.ok(at.by(call{method: "DELETE", path: fmt.Sprintf("%s/%d", at.path, again.ID)}), nil)
		w.fails(at.by(call{method: "POST", path: at.path, body: `{"Email":"a@x.test,b@x.test"}`}), 400, `Email: "a@x.test,b@x.test" is not an email address`)
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/none/invitations"}, 404, "")
}

// The connector of the partner's own product is there for customers to use, and
// none of their business beyond that.
func TestPartnersConnector(t *testing.T) {
	w := newUserWorld(t)
	install := func(flag bool) call {
		return call{method: "POST", path: "/v1.0/connectors/Bookshelf%20CRM/install", account: "a", body: map[string]any{
			"AuthValue": "the key", "Properties": []map[string]string{{"Name": "BaseUrl", "Value": "http://secret.test"}}, "IsPartnerIntegrationConnector": flag,
		}}
	}
	var made struct{ ID int64 }
	w.ok(install(true), &made)
	one := fmt.Sprintf("/v1.0/account/connectors/%d", made.ID)
	for _, path := range []string{one, "/v1.0/account/connectors"} {
		if a := w.ok(call{method: "GET", path: path, account: "a"}, nil); !strings.Contains(a.body, "secret.test") || !strings.Contains(a.body, `"AuthValue":"***"`) {
			t.Errorf("to the partner: %s", a.body)
		}
		if a := w.ok(signedIn("ada", call{method: "GET", path: path}), nil); strings.Contains(a.body, "secret.test") || !strings.Contains(a.body, `"AuthValue":null`) || !strings.Contains(a.body, `"Properties":[]`) {
			t.Errorf("to an account user: %s", a.body)
		}
	}
	const why = "The settings of this connector are kept by whoever provides it."
	w.fails(signedIn("ada", call{method: "PUT", path: one, body: `{"AuthValue":"stolen"}`}), 403, why)
	w.fails(signedIn("ada", call{method: "PUT", path: one + "/deauthenticate"}), 403, why)
	w.fails(signedIn("ada", call{method: "DELETE", path: one}), 403, why)
	w.fails(signedIn("ada", call{method: "GET", path: one + "/properties"}), 403, why)
	w.fails(signedIn("ada", install(true)), 403, "")
	own := install(false)
	own.account = ""
	w.ok(signedIn("ada", own), &made)
	w.ok(signedIn("ada", call{method: "DELETE", path: fmt.Sprintf("/v1.0/account/connectors/%d", made.ID)}), nil)
	w.ok(call{method: "DELETE", path: one, account: "a"}, nil)
}
