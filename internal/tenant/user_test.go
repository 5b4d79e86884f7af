package tenant_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

func memberships(w *people) {
	ctx := w.Context()
	add := func(p tandem.PartnerID, a *tandem.Account, name string, password tandem.Secret) error {
		_, err := w.members.Add(ctx, p, a.ID, name, password)
		return err
	}
	for _, name := range []string{"Zoe@x.test", "amy", "amy"} {
		w.code(name, add(w.partner, w.a, name, ""), "")
	}
	w.code("known, to another account", add(w.partner, w.b, "amy", "long enough"), "")
	list := func(a *tandem.Account, want string) {
		w.Helper()
		got, err := w.members.Usernames(ctx, a.ID, tandem.PageRequest{})
		if err != nil || strings.Join(got.Rows, " ") != want || got.Total != len(strings.Fields(want)) {
			w.Errorf("users of %s: %v, %v; want %s", a.APIID, got, err, want)
		}
	}
	list(w.a, "amy Zoe@x.test")
	list(w.b, "amy")
	remove := tandem.MemberChange{Remove: true}
	w.code("no name", add(w.partner, w.a, " ", ""), tandem.Invalid)
	w.code("name with a space", add(w.partner, w.a, "a b", ""), tandem.Invalid)
	w.code("weak password", add(w.partner, w.a, "ben", "short"), tandem.Invalid)
	w.code("common password", add(w.partner, w.a, "ben", "Password1"), tandem.Invalid)
	w.code("weak new password", w.users.SetPassword(ctx, w.partner, "amy", "short"), tandem.Invalid)
	w.code("account of another partner", add(w.other, w.a, "mole", ""), tandem.NotFound)
	w.code("removed by another partner", w.members.Change(ctx, w.other, w.a.ID, "amy", remove), tandem.NotFound)
	w.code("user of another partner", w.users.SetPassword(ctx, w.other, "amy", "long enough"), tandem.NotFound)
	w.code("user of another account", w.members.Change(ctx, w.partner, w.b.ID, "zoe@x.test", remove), tandem.NotFound)
	w.code("name in capitals", w.users.SetPassword(ctx, w.partner, "AMY", "long enough"), "")
	w.code("remove", w.members.Change(ctx, w.partner, w.a.ID, "amy", remove), "")
	list(w.a, "Zoe@x.test")
	list(w.b, "amy")
	made, err := w.members.BuiltIn(ctx, w.partner, w.a.ID)
	w.code("built in", err, "")
	is, err := w.members.Get(ctx, w.partner, w.a.ID, made.ID)
	if err != nil || is.Administrator {
		w.Errorf("the built-in user: %+v, %v", is, err)
	}
	list(w.a, "Zoe@x.test")
}

func userManagement(w *people) {
	ctx := w.Context()
	made, err := w.users.Create(ctx, w.partner, tandem.NewUser{
		Username: " Élise@X.test", FirstName: " Élise ", LastName: "山田", Password: "correct horse", Accounts: []string{"a", "b", "a"},
	})
	if err != nil {
		w.Fatal(err)
	}
	want := tandem.User{
		ID: made.ID, Partner: w.partner, Username: "Élise@X.test", FirstName: "Élise", LastName: "山田", Email: "élise@x.test", CreatedDate: made.CreatedDate, Passwords: 1,
		Accounts: []tandem.Membership{
			{Account: w.a.ID, APIID: "a", AccountName: "Account a", Enabled: true},
			{Account: w.b.ID, APIID: "b", AccountName: "Account b", Enabled: true},
		},
	}
	if diff := cmp.Diff(want, made); diff != "" {
		w.Errorf("made: -want +got\n%s", diff)
	}
	w.make("amy@x.test", "correct horse", w.a)
	for why, n := range map[string]tandem.NewUser{
		"no username":                {FirstName: "x"},
		"taken, in other case":       {Username: "AMY@x.test"},
		"email taken":                {Username: "x", Email: "Amy@X.test"},
		"two addresses":              {Username: "x", Email: "a@x.test,b@x.test"},
		"header in the address":      {Username: "x", Email: "a@x.test\r\nBcc: b@x.test"},
		"lines in the name":          {Username: "x", LastName: "a\r\nb"},
		"common password":            {Username: "x", Password: "password1"},
		"account of nobody":          {Username: "x", Accounts: []string{"nowhere"}},
		"name of too many letters":   {Username: "x", FirstName: strings.Repeat("é", 101)},
		"username of too many bytes": {Username: strings.Repeat("x", 255)},
	} {
		_, err := w.users.Create(ctx, w.partner, n)
		w.code(why, err, tandem.Invalid)
	}
	_, err = w.users.Create(ctx, w.other, tandem.NewUser{Username: "x", Accounts: []string{"a"}})
	w.code("account of another partner", err, tandem.Invalid)
	_, err = w.users.Create(ctx, w.other, tandem.NewUser{Username: "amy@x.test"})
	w.code("a name that another partner's user has", err, "")

	session := w.begin(made, w.b)
	is, err := w.users.Update(ctx, w.partner, made.ID, tandem.UserUpdate{
		Username: "ÉLISE@x.test", LastName: tandem.Some("Yamada"), Email: tandem.Some("New@x.test"), Accounts: tandem.Some([]string{"a"}),
	})
	want.LastName, want.Email, want.Accounts = "Yamada", "new@x.test", want.Accounts[:1]
	if diff := cmp.Diff(want, is); err != nil || diff != "" {
		w.Errorf("changed: %v, -want +got\n%s", err, diff)
	}
	w.letters("élise@x.test") // told of the new one
	w.alive(session, false)
	for why, u := range map[string]tandem.UserUpdate{
		"username": {Username: "other"}, "email taken": {Email: tandem.Some("amy@x.test")}, "no email": {Email: tandem.Some("x")},
		"account of nobody": {Accounts: tandem.Some([]string{"nowhere"})},
	} {
		_, err := w.users.Update(ctx, w.partner, made.ID, u)
		w.code(why, err, tandem.Invalid)
	}
	_, err = w.users.Update(ctx, w.other, made.ID, tandem.UserUpdate{})
	w.code("by another partner", err, tandem.NotFound)
	_, err = w.users.List(ctx, w.other, tandem.UserFilter{Account: "a"})
	w.code("in another partner's account", err, tandem.NotFound)

	session = w.begin(made, w.a)
	w.code("deleted by another partner", w.users.Delete(ctx, w.other, made.ID), tandem.NotFound)
	w.alive(session, true)
	w.code("delete", w.users.Delete(ctx, w.partner, made.ID), "")
	w.alive(session, false)
	_, err = w.users.Get(ctx, w.partner, made.ID)
	w.code("gone", err, tandem.NotFound)
	w.letters()
}

func signIn(w *people) {
	ctx := w.Context()
	amy := w.make("amy@x.test", "correct horse", w.a)
	w.make("passwordless@x.test", "", w.a)
	if _, err := w.members.Admit(ctx, w.partner, w.a.ID, "program"); err != nil {
		w.Fatal(err)
	}
	theirs := w.account(w.other, "a")
	w.make("amy@x.test", "another horse", theirs)
	w.enable(w.a, false)
	u, err := w.access.SignIn(ctx, w.partner, " AMY@x.test ", "correct horse", here)
	if err != nil || u.ID != amy.ID || len(u.Accounts) != 1 || u.Accounts[0].Enabled {
		w.Errorf("signed in: %+v, %v", u, err)
	}
	if is, err := w.users.Get(ctx, w.partner, amy.ID); err != nil || is.LastSignInDate == nil {
		w.Errorf("the time of the sign-in: %+v, %v", is, err)
	}
	_, wrong := w.access.SignIn(ctx, w.partner, "amy@x.test", "another horse", here)
	for _, name := range []string{"nobody", "passwordless@x.test", "program", "", "a\x00b", "account 1"} {
		for _, guess := range []tandem.Secret{"another horse", ""} {
			_, err := w.access.SignIn(ctx, w.partner, name, guess, here)
			if tandem.ErrorCode(wrong) != tandem.Unauthenticated || err == nil || err.Error() != wrong.Error() {
				w.Errorf("%q: %v; a wrong password: %v; want the same", name, err, wrong)
			}
		}
	}
	guesses := 0
	for ; err == nil || tandem.ErrorCode(err) == tandem.Unauthenticated; guesses++ {
		_, err = w.access.SignIn(ctx, w.partner, "victim", "guess", there)
	}
	if tandem.ErrorCode(err) != tandem.RateLimited || guesses > 20 {
		w.Errorf("%d guesses, then %v", guesses, err)
	}
	if _, err := w.access.SignIn(ctx, w.partner, "victim", "guess", here); tandem.ErrorCode(err) != tandem.Unauthenticated {
		w.Errorf("from elsewhere: %v", err)
	}
	session := w.begin(amy, w.a)
	w.enable(w.a, true)
	w.alive(session, true)
	w.code("set password", w.users.SetPassword(ctx, w.partner, "amy@x.test", "a new horse"), "")
	w.alive(session, false)
	_, err = w.access.SignIn(ctx, w.partner, "amy@x.test", "a new horse", here)
	w.code("with the new password", err, "")
	w.code("set the password of an API user", w.users.SetPassword(ctx, w.partner, "program", "a new horse"), "")
	_, err = w.access.SignIn(ctx, w.partner, "program", "a new horse", here)
	w.code("who is a person then", err, "")
}

func enter(w *people) {
	ctx := w.Context()
	first, err := w.access.Enter(ctx, w.partner, w.a.ID, "Amy", "correct horse", here)
	if err != nil || !first.APIUser {
		w.Fatalf("a new user: %+v, %v", first, err)
	}
	_, err = w.access.SignIn(ctx, w.partner, "amy", "correct horse", here)
	w.code("on the page", err, tandem.Unauthenticated)
	_, err = w.access.Enter(ctx, w.partner, w.b.ID, "amy", "wrong horse", here)
	w.code("wrong password", err, tandem.Unauthenticated)
	_, err = w.members.Get(ctx, w.partner, w.b.ID, first.ID)
	w.code("who gave a wrong password", err, tandem.NotFound)
	again, err := w.access.Enter(ctx, w.partner, w.b.ID, "AMY", "correct horse", here)
	if err != nil || again.ID != first.ID {
		w.Errorf("again: %+v, %v", again, err)
	}
	_, err = w.members.Get(ctx, w.partner, w.b.ID, first.ID)
	w.code("in the second account", err, "")
	_, err = w.access.Enter(ctx, w.partner, w.a.ID, "ben", "", here)
	w.code("new, without a password", err, tandem.Invalid)
	_, err = w.access.Enter(ctx, w.other, w.a.ID, "ben", "correct horse", here)
	w.code("in another partner's account", err, tandem.NotFound)
	if _, err := w.members.Admit(ctx, w.partner, w.a.ID, "program"); err != nil {
		w.Fatal(err)
	}
	_, err = w.access.Enter(ctx, w.partner, w.a.ID, "program", "correct horse", here)
	w.code("known, of no password", err, tandem.Unauthenticated)
}
