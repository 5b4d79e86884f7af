package tenant_test

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

func reset(w *people) {
	ctx := w.Context()
	amy := w.make("amy@x.test", "correct horse", w.a)
	w.make("amy@x.test", "another horse", w.account(w.other, "a"))
	if _, err := w.members.Admit(ctx, w.partner, w.a.ID, "program@x.test"); err != nil {
		w.Fatal(err)
	}
	issue := func(t tandem.Ticket) tandem.Secret {
		w.Helper()
		t.Partner = w.partner
		token, _, err := w.tickets.Issue(ctx, t)
		if err != nil {
			w.Fatal(err)
		}
		return token
	}
	before := issue(tandem.Ticket{Purpose: tandem.PasswordTicket, User: amy.ID})
	for _, name := range []string{"nobody@x.test", "program@x.test", "", "a\x00", " AMY@x.test", "amy@x.test"} {
		began := time.Now()
		w.code(name, w.access.RequestReset(ctx, w.partner, name, here), "")
		if took := time.Since(began); took < 500*time.Millisecond {
			w.Errorf("%q: answered after %v", name, took)
		}
	}
	link := w.letters("amy@x.test")[0].Link // once, though asked for twice
	token := w.tokenOf(link, "/account/reset")
	session := w.begin(amy, w.a)
	w.code("common password", w.access.ResetPassword(ctx, token, "password1"), tandem.Invalid)
	w.code("token of another kind", w.profile.ConfirmEmail(ctx, token), tandem.Gone)
	w.alive(session, true)
	_, err := w.tickets.Look(ctx, tandem.PasswordTicket, before)
	w.code("a link from before another was asked for", err, "")
	w.code("reset", w.access.ResetPassword(ctx, token, "a new horse"), "")
	w.alive(session, false)
	w.code("reset again", w.access.ResetPassword(ctx, token, "a newer horse"), tandem.Gone)
	w.code("by a link from before", w.access.ResetPassword(ctx, before, "a newer horse"), tandem.Gone)
	_, err = w.access.SignIn(ctx, w.partner, "amy@x.test", "correct horse", here)
	w.code("the old password", err, tandem.Unauthenticated)
	_, err = w.access.SignIn(ctx, w.partner, "amy@x.test", "a new horse", here)
	w.code("the new password", err, "")
	_, err = w.access.SignIn(ctx, w.other, "amy@x.test", "another horse", here)
	w.code("another partner's user", err, "")

	old := issue(tandem.Ticket{Purpose: tandem.PasswordTicket, User: amy.ID, Expires: time.Now().Add(-time.Second)})
	w.code("expired", w.access.ResetPassword(ctx, old, "a newer horse"), tandem.Gone)
	open := issue(tandem.Ticket{Purpose: tandem.PasswordTicket, User: amy.ID})
	w.code("set by the partner", w.users.SetPassword(ctx, w.partner, "amy@x.test", "the last horse"), "")
	w.code("from before", w.access.ResetPassword(ctx, open, "a newer horse"), tandem.Gone)
	open = issue(tandem.Ticket{Purpose: tandem.PasswordTicket, User: amy.ID + 1000})
	w.code("of a user who is gone", w.access.ResetPassword(ctx, open, "a newer horse"), tandem.Gone)
	w.mail.closed = true
	w.code("no mail", w.access.RequestReset(ctx, w.partner, "amy@x.test", here), tandem.Unavailable)
}

func changeOfEmail(w *people) {
	ctx := w.Context()
	amy := w.make("amy@x.test", "correct horse", w.a)
	w.make("ben@x.test", "correct horse", w.b)
	request := func(email string, password tandem.Secret) error {
		return w.profile.RequestEmail(ctx, w.partner, amy.ID, email, password, here)
	}
	email := func(want string) {
		w.Helper()
		if is, err := w.users.Get(ctx, w.partner, amy.ID); err != nil || is.Email != want || is.Username != "amy@x.test" {
			w.Errorf("%+v, %v; want %s", is, err, want)
		}
	}
	w.code("two addresses", request("a@x.test, b@x.test", "correct horse"), tandem.Invalid)
	w.code("wrong password", request("new@x.test", "wrong"), tandem.Invalid)
	w.code("another partner", w.profile.RequestEmail(ctx, w.other, amy.ID, "new@x.test", "correct horse", here), tandem.NotFound)
	w.letters()
	w.code("first", request("first@x.test", "correct horse"), "")
	first := w.tokenOf(w.letters("first@x.test")[0].Link, "/account/email")
	w.code("second", request("New@X.test", "correct horse"), "")
	second := w.tokenOf(w.letters("new@x.test")[0].Link, "/account/email")
	email("amy@x.test")
	w.code("replaced", w.profile.ConfirmEmail(ctx, first), tandem.Gone)
	w.code("confirm", w.profile.ConfirmEmail(ctx, second), "")
	email("new@x.test")
	w.letters("amy@x.test")
	w.code("confirm again", w.profile.ConfirmEmail(ctx, second), tandem.Gone)
	_, err := w.access.SignIn(ctx, w.partner, "new@x.test", "correct horse", here)
	w.code("sign in by email", err, "")

	w.code("another's", request("ben@x.test", "correct horse"), "") // the answer does not tell
	taken := w.tokenOf(w.letters("ben@x.test")[0].Link, "/account/email")
	w.code("confirm another's", w.profile.ConfirmEmail(ctx, taken), tandem.Invalid)
	email("new@x.test")
	w.mail.closed = true
	w.code("no mail", request("x@x.test", "correct horse"), tandem.Unavailable)
}
