package tenant_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// invited invites, and gives the token of the letter.
func (w *people) invited(a *tandem.Account, email string, administrator bool) (tandem.Invitation, tandem.Secret) {
	w.Helper()
	i, err := w.invites.Invite(w.Context(), a.Partner, a.ID, email, administrator)
	if err != nil {
		w.Fatal(err)
	}
	if i.Link != "" {
		w.Error("a link was shown that is in a letter")
	}
	return i, w.tokenOf(w.letters(i.Email)[0].Link, "/account/invitation")
}

func (w *people) accept(token tandem.Secret, password tandem.Secret) (tandem.Principal, error) {
	n, err := w.invites.Accept(w.Context(), token, tandem.Acceptance{FirstName: "Amy", LastName: "Ångström", Password: password}, here)
	return n.Who, err
}

func invitation(w *people) {
	ctx := w.Context()
	_, token := w.invited(w.a, " Amy@X.test ", true)
	open, err := w.invites.Look(ctx, token)
	if err != nil || open.Known || open.Email != "amy@x.test" || open.AccountName != "Account a" || !open.Administrator {
		w.Errorf("seen by the one invited: %+v, %v", open, err)
	}
	_, err = w.accept(token, "password1")
	w.code("common password", err, tandem.Invalid)
	_, err = w.invites.Accept(ctx, token, tandem.Acceptance{Password: "correct horse"}, here)
	w.code("no name", err, tandem.Invalid)
	who, err := w.accept(token, "correct horse")
	if want := (tandem.Principal{Partner: w.partner, Account: w.a.ID, User: who.User, Administrator: true}); err != nil || who.User == 0 || fmt.Sprint(who) != fmt.Sprint(want) {
		w.Errorf("accepted as %+v, %v", who, err)
	}
	u, err := w.users.Get(ctx, w.partner, who.User)
	if err != nil || u.Username != "amy@x.test" || u.Email != "amy@x.test" || u.LastName != "Ångström" || u.APIUser || u.LastSignInDate == nil || len(u.Accounts) != 1 {
		w.Errorf("the new user: %+v, %v", u, err)
	}
	_, err = w.accept(token, "correct horse")
	w.code("accepted again", err, tandem.Gone)
	_, err = w.invites.Invite(ctx, w.partner, w.a.ID, "AMY@x.test", false)
	w.code("a member", err, tandem.Invalid)
	for _, email := range []string{"", "amy", "a@x.test,b@x.test", "a@x.test\r\nBcc: b@x.test", "Amy <a@x.test>"} {
		_, err := w.invites.Invite(ctx, w.partner, w.a.ID, email, false)
		w.code(email, err, tandem.Invalid)
	}
	_, err = w.invites.Invite(ctx, w.other, w.a.ID, "new@x.test", false)
	w.code("to another partner's account", err, tandem.NotFound)
	w.letters()
	_, err = w.members.Get(ctx, w.partner, w.b.ID, who.User)
	w.code("in another account", err, tandem.NotFound)

	w.mail.closed = true
	i, err := w.invites.Invite(ctx, w.partner, w.a.ID, "ben@x.test", false)
	w.code("without mail", err, "")
	w.tokenOf(i.Link, "/account/invitation")
	w.letters()
	if all, err := w.invites.List(ctx, w.partner, w.a.ID); err != nil || len(all) != 1 || all[0].Link != "" || all[0].Email != "ben@x.test" {
		w.Errorf("list: %+v, %v", all, err)
	}
}

// Who merely holds the link does not become somebody who is there.
func knownUser(w *people) {
	ctx := w.Context()
	amy := w.make("amy@x.test", "correct horse", w.a)
	w.make("passwordless@x.test", "", w.a)
	if _, err := w.members.Admit(ctx, w.partner, w.a.ID, "program@x.test"); err != nil {
		w.Fatal(err)
	}
	w.make("ben@x.test", "correct horse", w.account(w.other, "a")) // another partner's
	_, token := w.invited(w.b, "Amy@x.test", true)
	if open, err := w.invites.Look(ctx, token); err != nil || !open.Known {
		w.Errorf("%+v, %v; want a known user", open, err)
	}
	for _, guess := range []tandem.Secret{"", "wrong horse", "password1"} {
		_, err := w.accept(token, guess)
		w.code("not their password", err, tandem.Unauthenticated)
	}
	_, err := w.members.Get(ctx, w.partner, w.b.ID, amy.ID)
	w.code("before", err, tandem.NotFound)
	who, err := w.accept(token, "correct horse")
	if err != nil || who.User != amy.ID || !who.Administrator || who.Account != w.b.ID {
		w.Errorf("accepted as %+v, %v", who, err)
	}
	if m, err := w.members.Get(ctx, w.partner, w.a.ID, amy.ID); err != nil || m.Administrator {
		w.Errorf("in the first account: %+v, %v", m, err)
	}
	if u, err := w.users.Get(ctx, w.partner, amy.ID); err != nil || u.FirstName != "" {
		w.Errorf("a known user was renamed: %+v, %v", u, err)
	}
	_, token = w.invited(w.b, "passwordless@x.test", false)
	_, err = w.accept(token, "correct horse")
	w.code("a user without a password", err, tandem.Conflict)
	_, token = w.invited(w.b, "program@x.test", false)
	_, err = w.accept(token, "correct horse")
	w.code("an API user's name", err, tandem.Conflict)
	_, token = w.invited(w.b, "ben@x.test", false)
	who, err = w.accept(token, "a new horse")
	if err != nil || who.Administrator {
		w.Errorf("the name of another partner's user: %+v, %v", who, err)
	}
	for err == nil || tandem.ErrorCode(err) == tandem.Unauthenticated {
		_, token = w.invited(w.a, "ben@x.test", false)
		_, err = w.accept(token, "guess")
	}
	w.code("many guesses", err, tandem.RateLimited)
}

func invitationEnds(w *people) {
	ctx := w.Context()
	gone := func(why string, token tandem.Secret) {
		w.Helper()
		_, err := w.invites.Look(ctx, token)
		w.code(why+": look", err, tandem.Gone)
		_, err = w.accept(token, "correct horse")
		w.code(why, err, tandem.Gone)
	}
	i, first := w.invited(w.a, "amy@x.test", true)
	_, err := w.invites.Resend(ctx, w.partner, w.b.ID, i.ID)
	w.code("sent again by another account", err, tandem.NotFound)
	_, err = w.invites.Resend(ctx, w.other, w.a.ID, i.ID)
	w.code("sent again by another partner", err, tandem.NotFound)
	again, err := w.invites.Resend(ctx, w.partner, w.a.ID, i.ID)
	if err != nil || !again.Administrator || again.Email != "amy@x.test" || time.Until(again.ExpiresAtUTC) < 6*24*time.Hour {
		w.Errorf("sent again: %+v, %v", again, err)
	}
	second := w.tokenOf(w.letters("amy@x.test")[0].Link, "/account/invitation")
	gone("replaced", first)
	for why, err := range map[string]error{
		"by another account": w.invites.Revoke(ctx, w.partner, w.b.ID, again.ID),
		"by another partner": w.invites.Revoke(ctx, w.other, w.a.ID, again.ID),
		"of no id":           w.invites.Revoke(ctx, w.partner, w.a.ID, 0),
	} {
		w.code("revoked "+why, err, tandem.NotFound)
	}
	w.code("revoke", w.invites.Revoke(ctx, w.partner, w.a.ID, again.ID), "")
	gone("revoked", second)
	gone("never was", "x")
	gone("empty", "")
	_, third := w.invited(w.a, "amy@x.test", false)
	w.code("for another purpose", w.access.ResetPassword(ctx, third, "correct horse"), tandem.Gone)
	w.enable(w.a, false)
	gone("suspended", third)
	w.enable(w.a, true)
	if err := w.db.DeleteAccount(ctx, w.partner, w.a.ID, time.Now()); err != nil {
		w.Fatal(err)
	}
	gone("deleted", third)
	old, _, err := w.tickets.Issue(ctx, tandem.Ticket{
		Purpose: tandem.InvitationTicket, Partner: w.partner, Account: w.b.ID, Email: "amy@x.test", Detail: []byte(`{}`), Expires: time.Now().Add(-time.Second),
	})
	w.code("issue", err, "")
	gone("expired", old)
}

func usedOnce(w *people) {
	_, token := w.invited(w.a, "amy@x.test", true)
	var accepted atomic.Int32
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			by := tandem.Acceptance{FirstName: "Amy", Password: "correct horse"}
			switch _, err := w.invites.Accept(w.Context(), token, by, fmt.Sprint("192.0.2.", n)); tandem.ErrorCode(err) {
			case "":
				accepted.Add(1)
			case tandem.Gone, tandem.Conflict:
			default:
				w.Error(err)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 1 {
		w.Errorf("accepted %d times", accepted.Load())
	}
}

func limited(w *people) {
	ctx := w.Context()
	var made atomic.Int32
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for n := range 30 {
				switch _, err := w.invites.Invite(ctx, w.partner, w.a.ID, fmt.Sprintf("%d-%d@x.test", worker, n), false); tandem.ErrorCode(err) {
				case "":
					made.Add(1)
				case tandem.RateLimited:
				default:
					w.Error(err)
				}
			}
		})
	}
	wg.Wait()
	open, err := w.invites.List(ctx, w.partner, w.a.ID)
	if err != nil || made.Load() != tandem.MaxInvitations || len(open) != tandem.MaxInvitations {
		w.Errorf("%d made, %d open, %v", made.Load(), len(open), err)
	}
	_, err = w.invites.Resend(ctx, w.partner, w.a.ID, open[0].ID)
	w.code("one of them, again", err, "")
	_, err = w.invites.Invite(ctx, w.partner, w.b.ID, "x@x.test", false)
	w.code("another account", err, "")
	for n := 0; err == nil && n < 50; n++ {
		_, err = w.invites.Invite(ctx, w.partner, w.b.ID, "x@x.test", false)
	}
	w.code("one address over and over", err, tandem.RateLimited)
}

func removedWhileSignedIn(w *people) {
	amy := w.make("amy@x.test", "correct horse", w.a)
	session := w.begin(amy, w.a)
	w.code("make an administrator", w.members.Change(w.Context(), w.partner, w.a.ID, "amy@x.test", tandem.MemberChange{Administrator: true}), "")
	if s, err := w.sessions.Resume(w.Context(), session); err != nil || !s.Who.Administrator {
		w.Errorf("an administrator by now: %+v, %v", s, err)
	}
	w.code("the last one", w.members.Change(w.Context(), w.partner, w.a.ID, "amy@x.test", tandem.MemberChange{Remove: true, Administrators: 1}), tandem.Conflict)
	w.alive(session, true)
	w.code("by the partner", w.members.Change(w.Context(), w.partner, w.a.ID, "amy@x.test", tandem.MemberChange{Remove: true}), "")
	w.alive(session, false)
}

// noRelay takes each invitation back, to send another.
func noRelay(w *people) {
	sent := 0
	for n := range 3 * tandem.MaxInvitations {
		i, err := w.invites.Invite(w.Context(), w.partner, w.a.ID, fmt.Sprintf("%d@x.test", n), false)
		if err != nil {
			w.code("one too many", err, tandem.RateLimited)
			break
		}
		sent++
		w.code("revoke", w.invites.Revoke(w.Context(), w.partner, w.a.ID, i.ID), "")
	}
	if sent > 2*tandem.MaxInvitations+1 {
		w.Errorf("%d letters to strangers", sent)
	}
	_, err := w.invites.Invite(w.Context(), w.partner, w.b.ID, "x@x.test", false)
	w.code("another account", err, "")
}
