package identity_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

// may are permissions as a test writes them: Accounts:Edit, ….
func may(t *testing.T, text string) tandem.Permissions {
	t.Helper()
	var p tandem.Permissions
	if err := p.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return p
}

// invite makes a user with permissions, who accepts.
func (w *world) invite(email string, u tandem.ConsoleUserUpdate) tandem.Principal {
	w.Helper()
	u.Email = email
	made, _, err := w.users.Invite(w.Context(), w.ada, u)
	if err != nil {
		w.Fatal(err)
	}
	e := must[tandem.Entry](w)(w.entrance.Accept(w.Context(), w.mail.token(w.T), "Bert", "a fine password", "192.0.2.1"))
	return tandem.Principal{Partner: w.ada.Partner, ConsoleUser: made.ID, Permissions: e.User.Permissions}
}

func TestInvitation(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		views := may(t, `{"Accounts": "View", "Security": "Manage"}`)
		u, link, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: " Bert@Acme.test ", Permissions: tandem.Some(views)})
		if err != nil || link != "" || !u.Invited || u.Email != "bert@acme.test" || u.Permissions != views || u.FullAccess {
			t.Fatalf("%+v, link %q, %v", u, link, err)
		}
		if l := w.mail.sent[0]; l.To != u.Email || !strings.HasPrefix(l.Link, "https://tandem.test/console/invitation#") || !strings.Contains(l.Subject, "Acme: Software") {
			t.Errorf("letter: %+v", l)
		}
		first := w.mail.token(t)
		if _, err := w.entrance.SignIn(t.Context(), tandem.SignIn{Email: u.Email}); tandem.ErrorCode(err) != tandem.Unauthenticated {
			t.Errorf("signed in without a password: %v", err)
		}
		if err := w.entrance.Forgot(cancelled(t), u.Email, ""); len(w.mail.sent) != 1 {
			t.Errorf("who has not come in yet was sent a password link: %v", err)
		}
		if _, _, err := w.users.Reinvite(t.Context(), w.ada, u.ID); err != nil {
			t.Fatal(err)
		}
		token := w.mail.token(t)
		_, err = w.entrance.Invitation(t.Context(), first)
		w.fails("a link that another has replaced", err, tandem.Gone)
		if who := must[tandem.ConsoleUser](w)(w.entrance.Invitation(t.Context(), token)); who.Email != u.Email || who.PartnerName != "Acme: Software" {
			t.Errorf("invited: %+v", who)
		}
		for name, c := range map[string][2]string{"no name": {" ", "a fine password"}, "two lines": {"A\nB", "a fine password"}, "too short": {"Bert", "short"}, "common": {"Bert", "password123"}} {
			_, err := w.entrance.Accept(t.Context(), token, c[0], tandem.Secret(c[1]), "")
			w.fails(name, err, tandem.Invalid)
		}
		e := must[tandem.Entry](w)(w.entrance.Accept(t.Context(), token, " Bert B. ", "a fine password", "192.0.2.1"))
		if e.User.Name != "Bert B." || e.User.Invited || e.Next != tandem.EntryDone || e.User.Permissions != views {
			t.Errorf("came in as %+v", e)
		}
		_, err = w.entrance.Accept(t.Context(), token, "Eve", "another password", "")
		w.fails("accepted twice", err, tandem.Gone)
		_, _, err = w.users.Reinvite(t.Context(), w.ada, u.ID)
		w.fails("invited again", err, tandem.Conflict)
		if n := w.begin(tandem.Principal{Partner: w.ada.Partner, ConsoleUser: u.ID}); n.Who.Permissions != views {
			t.Errorf("the session may %v", n.Who.Permissions)
		}
	})
}

func TestInvitationRefused(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		for email, want := range map[string]tandem.Code{"": tandem.Invalid, "nobody": tandem.Invalid, "ada@acme.test": tandem.Conflict} {
			_, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: email})
			w.fails(email, err, want)
		}
		w.mail.off = true
		u, link, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "carl@acme.test"})
		if err != nil || len(w.mail.sent) != 0 {
			t.Fatalf("%v, wrote %v", err, w.mail.sent)
		}
		if err := w.users.Remove(t.Context(), w.ada, u.ID); err != nil { // takes the invitation back
			t.Fatal(err)
		}
		_, err = w.entrance.Accept(t.Context(), tokenIn(t, link), "Carl", "a fine password", "")
		w.fails("a link to nobody", err, tandem.Gone)
	})
}

// Nobody gives what they do not have, or takes from those who have more.
func TestGrants(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		guard := w.invite("guard@acme.test", tandem.ConsoleUserUpdate{Permissions: tandem.Some(may(t, `{"Security": "Manage", "Accounts": "Edit"}`))})
		clerk := w.invite("clerk@acme.test", tandem.ConsoleUserUpdate{Permissions: tandem.Some(may(t, `{"Accounts": "View"}`))})
		chief := w.invite("chief@acme.test", tandem.ConsoleUserUpdate{Permissions: tandem.Some(may(t, `{"Accounts": "Manage"}`))})
		set := func(text string) tandem.ConsoleUserUpdate {
			return tandem.ConsoleUserUpdate{Permissions: tandem.Some(may(t, text))}
		}
		full := tandem.ConsoleUserUpdate{FullAccess: tandem.Some(true)}
		for _, c := range []struct {
			why  string
			by   tandem.Principal
			of   tandem.Principal
			to   tandem.ConsoleUserUpdate
			want tandem.Code
		}{
			{"as much as the guard has", guard, clerk, set(`{"Accounts": "Edit", "Security": "Manage"}`), ""},
			{"more than the guard has", guard, clerk, set(`{"Accounts": "Manage"}`), tandem.Forbidden},
			{"an area that the guard lacks", guard, clerk, set(`{"Billing": "View"}`), tandem.Forbidden},
			{"full access", guard, clerk, full, tandem.Forbidden},
			{"less, from one who has more", guard, chief, set(`{}`), tandem.Forbidden},
			{"less, from one with full access", guard, w.ada, set(`{}`), tandem.Forbidden},
			{"oneself", guard, guard, set(`{"Security": "Manage"}`), tandem.Forbidden},
			{"oneself, with full access", w.ada, w.ada, tandem.ConsoleUserUpdate{FullAccess: tandem.Some(false)}, tandem.Forbidden},
			{"full access, by one who has it", w.ada, clerk, full, ""},
			{"none, by a program", tandem.Principal{Partner: w.ada.Partner, Client: "x"}, clerk, tandem.ConsoleUserUpdate{FullAccess: tandem.Some(false)}, ""},
		} {
			before := must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, c.of.ConsoleUser))
			_, err := w.users.Update(t.Context(), c.by, c.of.ConsoleUser, c.to)
			w.fails(c.why, err, c.want)
			after := must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, c.of.ConsoleUser))
			if diff := cmp.Diff(before, after); (diff == "") != (c.want != "") {
				t.Errorf("%s: %s", c.why, diff)
			}
		}
		_, _, err := w.users.Invite(t.Context(), guard, tandem.ConsoleUserUpdate{Email: "mole@acme.test", FullAccess: tandem.Some(true)})
		w.fails("invite with more", err, tandem.Forbidden)
		w.fails("remove one who has more", w.users.Remove(t.Context(), guard, chief.ConsoleUser), tandem.Forbidden)
		w.fails("remove oneself", w.users.Remove(t.Context(), guard, guard.ConsoleUser), tandem.Forbidden)
		if u := must[tandem.ConsoleUser](w)(w.users.Get(t.Context(), w.ada.Partner, clerk.ConsoleUser)); u.Permissions != (tandem.Permissions{}) {
			t.Errorf("without full access the clerk may %v", u.Permissions)
		}
	})
}

// Of two who take Full Access from each other at once, one keeps it.
func TestLastFullAccess(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		bert := w.invite("bert@acme.test", tandem.ConsoleUserUpdate{FullAccess: tandem.Some(true)})
		session := w.begin(bert)
		errs := make([]error, 2)
		var wg sync.WaitGroup
		wg.Go(func() { errs[0] = w.users.Remove(t.Context(), w.ada, bert.ConsoleUser) })
		wg.Go(func() {
			_, errs[1] = w.users.Update(t.Context(), bert, w.ada.ConsoleUser, tandem.ConsoleUserUpdate{FullAccess: tandem.Some(false)})
		})
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("removing: %v; lowering: %v; want one to fail", errs[0], errs[1])
		}
		program := tandem.Principal{Partner: w.ada.Partner, Client: "x"}
		last := w.ada.ConsoleUser
		if errs[1] == nil {
			last = bert.ConsoleUser
		} else if w.live(session) {
			t.Error("who was removed is signed in")
		}
		w.fails("remove the last one", w.users.Remove(t.Context(), program, last), tandem.Conflict)
		_, err := w.users.Update(t.Context(), program, last, tandem.ConsoleUserUpdate{FullAccess: tandem.Some(false)})
		w.fails("lower the last one", err, tandem.Conflict)
		if _, _, err := w.users.Invite(t.Context(), w.ada, tandem.ConsoleUserUpdate{Email: "x@acme.test", FullAccess: tandem.Some(true)}); errs[1] != nil && err != nil {
			t.Fatal(err)
		}
		w.fails("while another is only invited", w.users.Remove(t.Context(), program, last), tandem.Conflict)
	})
}

func TestConsoleUsersOfOthers(t *testing.T) {
	worlds(t, func(t *testing.T, w *world) {
		stranger := tandem.Principal{Partner: w.ada.Partner + 1, Client: "x"}
		_, get := w.users.Get(t.Context(), stranger.Partner, w.ada.ConsoleUser)
		_, update := w.users.Update(t.Context(), stranger, w.ada.ConsoleUser, tandem.ConsoleUserUpdate{})
		_, _, reinvite := w.users.Reinvite(t.Context(), stranger, w.ada.ConsoleUser)
		for what, err := range map[string]error{"get": get, "update": update, "invite": reinvite, "remove": w.users.Remove(t.Context(), stranger, w.ada.ConsoleUser)} {
			w.fails(what, err, tandem.NotFound)
		}
		page := must[tandem.Page[tandem.ConsoleUser]](w)(w.users.List(t.Context(), stranger.Partner, tandem.Search{Query: "@"}))
		if page.Total != 0 || len(page.Rows) != 0 {
			t.Errorf("list: %+v", page)
		}
		w.invite("zoe@acme.test", tandem.ConsoleUserUpdate{})
		page = must[tandem.Page[tandem.ConsoleUser]](w)(w.users.List(t.Context(), w.ada.Partner, tandem.Search{PageRequest: tandem.PageRequest{Page: 2, PageSize: 1}}))
		if page.Total != 2 || len(page.Rows) != 1 || page.Rows[0].Email != "zoe@acme.test" {
			t.Errorf("second page: %+v", page)
		}
	})
}
