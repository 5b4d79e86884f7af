package tenant_test

import (
	"sync"
	"sync/atomic"

	"github.com/tandem-ipaas/tandem"
)

// rightPasswords count for nothing, wrong ones as ever.
func rightPasswords(w *people) {
	ctx := w.Context()
	w.make("amy@x.test", "correct horse", w.a)
	enter := func(account *tandem.Account, password tandem.Secret, address string) error {
		_, err := w.access.Enter(ctx, w.partner, account.ID, "program", password, address)
		return err
	}
	sign := func(password tandem.Secret) error {
		_, err := w.access.SignIn(ctx, w.partner, "amy@x.test", password, here)
		return err
	}
	for range 12 {
		w.code("a deploy call", enter(w.a, "correct horse", here), "")
		w.code("a sign-in", sign("correct horse"), "")
	}
	w.code("another account", enter(w.account(w.other, "a"), "correct horse", here), tandem.NotFound)

	// What is right does not make up for what is wrong.
	wrong := 0
	for range 30 {
		err := sign("wrong horse")
		if tandem.ErrorCode(err) == tandem.RateLimited {
			break
		}
		wrong++
		w.code("a wrong password", err, tandem.Unauthenticated)
		w.code("and a right one", sign("correct horse"), map[bool]tandem.Code{true: "", false: tandem.RateLimited}[wrong < 10])
	}
	if wrong > 12 {
		w.Errorf("%d wrong passwords were tried", wrong)
	}
	w.code("the right one, after too many wrong ones", sign("correct horse"), tandem.RateLimited)

	// Many at once are no way around.
	var tried atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if tandem.ErrorCode(enter(w.a, "wrong horse", there)) == tandem.Unauthenticated {
				tried.Add(1)
			}
		})
	}
	all.Wait()
	if tried.Load() > 12 || tried.Load() == 0 {
		w.Errorf("%d wrong passwords were tried at once", tried.Load())
	}
}

func changeOfPassword(w *people) {
	ctx := w.Context()
	amy := w.make("amy@x.test", "correct horse", w.a)
	ben := w.make("ben@x.test", "correct horse", w.a)
	other, bens := w.begin(amy, w.a), w.begin(ben, w.a)
	open, _, err := w.tickets.Issue(ctx, tandem.Ticket{Purpose: tandem.PasswordTicket, Partner: w.partner, User: amy.ID})
	if err != nil {
		w.Fatal(err)
	}
	mine := w.begin(amy, w.a)
	s, err := w.sessions.Resume(ctx, mine)
	if err != nil {
		w.Fatal(err)
	}
	change := func(who tandem.Principal, c tandem.UserChange) error { return w.profile.Update(ctx, who, c, here) }
	for why, c := range map[string]tandem.UserChange{
		"wrong password":    {FirstName: tandem.Some("x"), Password: "a new horse", CurrentPassword: "wrong"},
		"no password":       {FirstName: tandem.Some("x"), Password: "a new horse"},
		"too weak":          {FirstName: tandem.Some("x"), Password: "password1", CurrentPassword: "correct horse"},
		"not a name":        {FirstName: tandem.Some("x\ny"), Password: "a new horse", CurrentPassword: "correct horse"},
		"not a name, alone": {LastName: tandem.Some("x\x00")},
	} {
		w.code(why, change(s.Who, c), tandem.Invalid)
	}
	_, err = w.access.SignIn(ctx, w.partner, "amy@x.test", "correct horse", here)
	w.code("nothing has changed", err, "")
	w.alive(other, true)
	foreign := s.Who
	foreign.Partner = w.other
	w.code("another partner", change(foreign, tandem.UserChange{FirstName: tandem.Some("x")}), tandem.NotFound)

	w.code("names", change(s.Who, tandem.UserChange{FirstName: tandem.Some(" Amy ")}), "")
	w.alive(other, true)
	w.letters()
	w.code("password", change(s.Who, tandem.UserChange{LastName: tandem.Some("Turner"), Password: "a new horse", CurrentPassword: "correct horse"}), "")
	w.letters("amy@x.test")
	if is, err := w.users.Get(ctx, w.partner, amy.ID); err != nil || is.FirstName != "Amy" || is.LastName != "Turner" || is.Email != "amy@x.test" || len(is.Accounts) != 1 {
		w.Errorf("%+v, %v", is, err)
	}
	w.alive(mine, true)
	w.alive(other, false)
	w.alive(bens, true)
	w.code("a link from before", w.access.ResetPassword(ctx, open, "a newer horse"), tandem.Gone)
	_, err = w.access.SignIn(ctx, w.partner, "amy@x.test", "a new horse", here)
	w.code("the new password", err, "")

	if _, err := w.access.Enter(ctx, w.partner, w.a.ID, "program", "correct horse", here); err != nil {
		w.Fatal(err)
	}
	program, err := w.members.Admit(ctx, w.partner, w.a.ID, "program")
	if err != nil {
		w.Fatal(err)
	}
	api := tandem.Principal{Partner: w.partner, Account: w.a.ID, User: program.ID}
	w.code("an API user", change(api, tandem.UserChange{Password: "a new horse", CurrentPassword: "correct horse"}), tandem.Forbidden)
	w.code("an API user's address", w.profile.RequestEmail(ctx, w.partner, program.ID, "p@x.test", "correct horse", here), tandem.Forbidden)

	for range 12 { // which who is at the keyboard could otherwise go on with
		err = change(s.Who, tandem.UserChange{Password: "a newer horse", CurrentPassword: "wrong"})
	}
	w.code("guesses", err, tandem.RateLimited)
}

// signOn finds people by their address the first time, and by the subject from then
// on.
func signOn(w *people) {
	ctx := w.Context()
	as := func(subject, email string) tandem.SignedOn {
		return tandem.SignedOn{Partner: w.partner, Email: email, Issuer: "https://login.test", Subject: subject}
	}
	amy := w.make("amy@x.test", "", w.a)
	w.make("amy@x.test", "", w.account(w.other, "a"))
	if _, err := w.users.Update(ctx, w.partner, w.make("moved@x.test", "", w.a).ID, tandem.UserUpdate{Email: tandem.Some("new@x.test")}); err != nil {
		w.Fatal(err)
	}
	if _, err := w.members.Admit(ctx, w.partner, w.a.ID, "program@x.test"); err != nil {
		w.Fatal(err)
	}
	u, err := w.access.SignOn(ctx, as("1", "amy@x.test"))
	if err != nil || u.ID != amy.ID || len(u.Accounts) != 1 {
		w.Errorf("%+v, %v", u, err)
	}
	if is, err := w.users.Get(ctx, w.partner, amy.ID); err != nil || is.LastSignInDate == nil {
		w.Errorf("the time of the sign-in: %+v, %v", is, err)
	}
	_, err = w.access.SignOn(ctx, as("2", "new@x.test"))
	w.code("the address of now", err, "")
	for _, email := range []string{"moved@x.test", "program@x.test", "nobody@x.test", ""} {
		_, err = w.access.SignOn(ctx, as("3", email))
		w.code(email, err, tandem.Forbidden)
	}

	_, err = w.access.SignOn(ctx, as("successor", "amy@x.test"))
	w.code("who has the address of somebody who was here before", err, tandem.Forbidden)
	if u, err = w.access.SignOn(ctx, as("1", "amy.anders@x.test")); err != nil || u.ID != amy.ID {
		w.Errorf("under another address: %+v, %v", u, err)
	}
	elsewhere := as("1", "new@x.test")
	elsewhere.Issuer = "https://other.test"
	if u, err = w.access.SignOn(ctx, elsewhere); err != nil || u.ID == amy.ID {
		w.Errorf("the same subject of another issuer: %+v, %v", u, err)
	}
	if err := w.users.Delete(ctx, w.partner, amy.ID); err != nil {
		w.Fatal(err)
	}
	again := w.make("amy@x.test", "", w.b)
	if u, err = w.access.SignOn(ctx, as("successor", "amy@x.test")); err != nil || u.ID != again.ID {
		w.Errorf("after the former one was deleted: %+v, %v", u, err)
	}
}
