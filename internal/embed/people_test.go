package embed_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const strong = "correct horse battery staple"

func TestSignInByPassword(t *testing.T) {
	databases(t, func(w *world) {
		for _, account := range []string{"books", "records"} {
			w.call(http.MethodPost, "/accounts", object{"Id": account, "Name": account}, nil)
			w.call(http.MethodPut, "/accounts/"+account+"/users", object{"Username": "amy@x.test", "Password": strong}, nil)
		}
		w.call(http.MethodPost, "/accounts", object{"Id": "closed", "Name": "closed"}, nil)
		b := w.browser()
		page := b.ok(b.open("/account/signin?returnUrl=%2Forbit"), "User name or email", "I forgot my password")
		again := b.refused(b.send(page, "/signin", "username", "amy@x.test", "password", "wrong"), 401, "Username or password is wrong.")
		if strings.Contains(again.text, "wrong\"") {
			t.Error("the password is shown again")
		}
		b.refused(b.send(page, "/signin", "username", "nobody", "password", "wrong"), 401, "Username or password is wrong.")
		b.refused(b.send(page, "/signin", "username", "\xff", "password", "wrong"), 400, "cannot be kept")
		w.eventually("the audit log", func() bool {
			found, err := w.Audit.Search(t.Context(), w.partner.PartnerID, tandem.AuditFilter{Action: "signIn"})
			if err != nil {
				t.Fatal(err)
			}
			return found.Total > 0 && found.Rows[0].Outcome == tandem.ActRefused && found.Rows[0].Actor == "amy@x.test"
		})
		b.refused(b.send(page, "/signin", "username", "amy@x.test", "password", strong, "returnUrl", "//evil.test"), 400, "leads nowhere")
		page = b.ok(b.send(page, "/signin", "username", "AMY@x.test", "password", strong), "Where do you want to go?")
		page = b.ok(b.send(page, "/choose", "account", "records"), "Your integrations")
		if page.url.Path != "/orbit" {
			t.Errorf("it leads to %s", page.url)
		}

		home := b.ok(b.open("/account"), `"Username":"amy@x.test"`, `"Accounts":[{"Id"`)
		from := w.where(home)
		other := map[string]string{"books": "records", "records": "books"}[from]
		b.refused(b.send(home, "/switch", "account", "closed"), 404, "no such account")
		home = b.ok(b.send(home, "/switch", "account", other))
		if w.where(home) != other || len(b.cookies) != 2 {
			t.Errorf("in %s, with cookies %v", w.where(home), b.names())
		}
		b.ok(b.send(home, "/signout"), "You are signed out.")
		if b.ok(b.open("/account")); len(b.cookies) != 1 {
			t.Errorf("cookies %v", b.names())
		}
	})
}

// where is the account that a page is of.
func (w *world) where(a answer) string {
	if t, screen := w.browser().told(a); screen {
		return t.Account.Name
	}
	_, rest, _ := strings.Cut(a.text, `<p class="account">`)
	name, _, _ := strings.Cut(rest, "<")
	return name
}

// The partner is named in the address where there are several.
func TestSignInOfWhom(t *testing.T) {
	w := newWorld(t, appConfig)
	if _, err := w.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test"); err != nil {
		t.Fatal(err)
	}
	b := w.browser()
	for path, status := range map[string]int{
		"/account/signin": 404, "/account/reset": 404, "/account/signin/x": 404, "/account/signin/0": 404, "/account/signin/99": 404,
		"/account/signin/" + itoa(int64(w.partner.PartnerID)): 200, "/account/reset/" + itoa(int64(w.partner.PartnerID)): 200,
	} {
		if a := b.open(path); a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
	}
}

// Who was let in by a program has no way in of their own, nor to elsewhere.
func TestAPIUser(t *testing.T) {
	w := newWorld(t, appConfig)
	w.deploy("orbit", "books", object{})
	w.deploy("orbit", "records", object{})
	w.token("records", "guest@x.test")
	b := w.browser()
	b.ok(b.open(w.signIn(w.token("books", "guest@x.test"), "/account")), `"Username":"guest@x.test"`, `"ApiUser":true`, `"Accounts":[]`)
	home := b.ok(b.open("/account"))
	if strings.Contains(home.text, "records") {
		t.Errorf("%s", home.text)
	}
	values := b.form(home, "/signout").values
	values.Set("account", "records")
	b.refused(b.do(http.MethodPost, "/account/switch", values), 404, "no such account")
}

func TestInvitation(t *testing.T) {
	w := newWorld(t, appConfig)
	w.call(http.MethodPost, "/accounts", object{"Id": "books", "Name": "Books & Co"}, nil)
	books, err := w.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	if err != nil {
		t.Fatal(err)
	}
	in, err := w.Invitations.Invite(t.Context(), w.partner.PartnerID, books.ID, "ben@x.test", true)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(in.Link, w.URL()+"/account/invitation?token=") {
		t.Fatalf("link %q", in.Link)
	}
	b := w.browser()
	page := b.ok(b.open(in.Link), "Books & Co", "ben@x.test", "Choose a password")
	b.refused(b.send(page, "/invitation", "firstName", "Ben", "password", "short"), 400, "assword")
	page = b.ok(b.send(page, "/invitation", "firstName", "Ben", "password", strong), `"Username":"ben@x.test"`, `"Administrator":true`)
	b.refused(b.open(in.Link), 410, "")
	if !strings.Contains(page.url.Path, "/account") {
		t.Errorf("it leads to %s", page.url)
	}
}

func TestReset(t *testing.T) {
	w := newWorld(t, appConfig)
	w.call(http.MethodPost, "/accounts", object{"Id": "books", "Name": "books"}, nil)
	w.call(http.MethodPut, "/accounts/books/users", object{"Username": "amy@x.test", "Password": strong}, nil)
	users, err := w.Users.List(t.Context(), w.partner.PartnerID, tandem.UserFilter{})
	if err != nil || len(users.Rows) != 1 {
		t.Fatalf("%+v, %v", users, err)
	}
	link := func(p tandem.Purpose, page, email string) string {
		token, _, err := w.Tickets.Issue(t.Context(), tandem.Ticket{
			Purpose: p, Partner: w.partner.PartnerID, User: users.Rows[0].ID, Email: email, Expires: time.Now().Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		return page + "?token=" + url.QueryEscape(string(token))
	}
	b := w.browser()
	b.refused(b.send(b.ok(b.open("/account/reset")), "/reset", "username", "amy@x.test"), 503, "")

	address := link(tandem.PasswordTicket, "/account/reset", "")
	page := b.ok(b.open(address), "New password")
	b.refused(b.send(page, "/reset", "password", "short"), 400, "assword")
	b.ok(b.send(page, "/reset", "password", strong+" 2"), "Your password is changed.")
	b.refused(b.send(page, "/reset", "password", strong+" 3"), 410, "")
	b.ok(b.send(b.open("/account/signin"), "/signin", "username", "amy@x.test", "password", strong+" 2"), `"Username":"amy@x.test"`)

	page = b.ok(b.open(link(tandem.EmailTicket, "/account/email", "amy@y.test")), "This is my address")
	b.ok(b.send(page, "/email"), "This is your address from now on.")
	b.refused(b.send(page, "/email"), 410, "")
}
