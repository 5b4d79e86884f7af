package embed_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestProfile(t *testing.T) {
	databases(t, func(w *world) {
		w.accounts("books", "records")
		for _, who := range []string{"amy@x.test", "ben@x.test"} {
			w.call(http.MethodPut, "/accounts/books/users", object{"Username": who, "Password": strong}, nil)
		}
		sign := func(username, password string) *browser {
			b := w.browser()
			b.ok(b.send(b.ok(b.open("/account/signin")), "/signin", "username", username, "password", password), `"ApiUser":false`)
			return b
		}
		b, second, third, ben := sign("amy@x.test", strong), sign("amy@x.test", strong), sign("amy@x.test", strong), sign("ben@x.test", strong)
		page := b.ok(b.open("/account/profile"), "amy@x.test", "Sign out there", "books, since", "127.0.0.1")
		if got := strings.Count(page.text, "Sign out there"); got != 2 {
			t.Errorf("%d other sessions, want 2:\n%s", got, page.text)
		}
		page = b.ok(b.send(page, "/name", "firstName", "Amy <3", "lastName", "Turner"), `value="Amy <3"`, "Turner")
		b.refused(b.send(page, "/name", "firstName", strings.Repeat("a", 101)), 400, "FirstName")

		// Of sessions, those of oneself end one by one.
		theirs := strings.TrimPrefix(ben.names()[0], "tandem_account_")
		form := b.form(page, "/end")
		foreign := strings.Replace(form.action, "/sessions/", "/sessions/"+theirs+"/x/", 1)
		foreign, _, _ = strings.Cut(foreign, "/x/")
		foreign += "/end?" + page.url.RawQuery
		b.refused(b.do(http.MethodPost, foreign, form.values), 404, "no such session")
		b.refused(b.do(http.MethodPost, strings.Replace(foreign, theirs+"/end", "x/end", 1), form.values), 404, "no such session")
		ben.ok(ben.open("/account"))
		page = b.ok(b.send(page, "/end")) // the newest other one
		third.refused(third.open("/account"), 401, "Your session has ended")
		second.ok(second.open("/account"))

		const other = strong + " 2"
		b.refused(b.send(page, "/password", "password", "wrong", "newPassword", other), 400, "CurrentPassword is wrong")
		b.refused(b.send(page, "/password", "password", strong, "newPassword", "short"), 400, "assword")
		b.refused(b.send(page, "/password", "password", strong, "newPassword", ""), 400, "Password is required")
		second.ok(second.open("/account"))
		page = b.ok(b.send(page, "/password", "password", strong, "newPassword", other), "Your profile")
		second.refused(second.open("/account"), 401, "Your session has ended")
		ben.ok(ben.open("/account"))
		sign("amy@x.test", other)
		b.refused(b.send(page, "/newemail", "email", "new@x.test", "password", strong), 400, "Password is wrong")
		b.refused(b.send(page, "/newemail", "email", "new@x.test", "password", other), 503, "Mail is not set up")
		b.ok(b.send(page, "/signout"), "You are signed out.")
	})
}

// An API user may be many people: they see and change nothing of each other.
func TestNoProfileOfAPIUsers(t *testing.T) {
	w := newWorld(t, appConfig)
	b, other := w.browser(), w.browser()
	w.deploy("orbit", "books", object{})
	b.ok(b.open(w.signIn(w.token("books", "guest@x.test"), "/account")))
	other.ok(other.open(w.deploy("orbit", "books", object{}).OrbitURL))
	for _, who := range []*browser{b, other} {
		home := who.ok(who.open("/account"))
		who.refused(who.open("/account/profile"), 404, "no such page")
		values := who.form(home, "/signout").values
		for path, fill := range map[string]url.Values{
			"/account/profile/name": {"firstName": {"x"}}, "/account/profile/password": {"newPassword": {strong}}, "/account/newemail": {"email": {"x@x.test"}},
			"/account/profile/sessions/1/end": nil,
		} {
			for k, v := range fill {
				values[k] = v
			}
			who.refused(who.do(http.MethodPost, path, values), 404, "no such page")
		}
	}
}
