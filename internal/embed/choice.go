package embed

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

const (
	choicePath   = "/account/choose"
	choiceCookie = "tandem_choice" // of a person who has yet to say in which account
)

var errNoAccess = &tandem.Error{Code: tandem.Forbidden, Message: "You have no access to an account at present."}

// open are the accounts that a user may enter now.
func open(u tandem.User) []tandem.Membership {
	return slices.DeleteFunc(slices.Clone(u.Accounts), func(m tandem.Membership) bool { return !m.Enabled })
}

// admit lets a person in who has shown who they are: straight to the address, if
// there is one account to be in, or by way of a page that asks which.
//
// Errors: Forbidden (there is none).
func (e *Embed) admit(w http.ResponseWriter, r *http.Request, u tandem.User, to string) error {
	switch accounts := open(u); len(accounts) {
	case 0:
		return errNoAccess
	case 1:
		return e.enter(w, r, u, accounts[0], to)
	}
	detail, err := json.Marshal(to)
	if err != nil {
		return fmt.Errorf("keep where user %d goes: %w", u.ID, err)
	}
	token, _, err := e.services.Tickets.Issue(r.Context(), tandem.Ticket{Purpose: tandem.ChoiceTicket, Partner: u.Partner, User: u.ID, Detail: detail, Passwords: u.Passwords})
	if err != nil {
		return err
	}
	e.keep(w, r, choiceCookie, string(token), tandem.TicketLifetime)
	http.Redirect(w, r, choicePath, http.StatusSeeOther)
	return nil
}

// enter begins a session in one account, and sends the browser on.
func (e *Embed) enter(w http.ResponseWriter, r *http.Request, u tandem.User, m tandem.Membership, to string) error {
	onward, err := returnTo(to)
	if err != nil {
		return err
	}
	v, err := e.begin(w, r, tandem.Session{Who: tandem.Principal{Partner: u.Partner, Account: m.Account, User: u.ID}, Passwords: u.Passwords})
	if err != nil {
		return err
	}
	http.Redirect(w, r, v.onward(onward), http.StatusSeeOther)
	return nil
}

// chooser is who has yet to choose, as they are by now. Errors: Gone.
func (e *Embed) chooser(r *http.Request) (tandem.User, tandem.Ticket, error) {
	t, err := e.services.Tickets.Look(r.Context(), tandem.ChoiceTicket, e.kept(r, choiceCookie))
	if err != nil {
		return tandem.User{}, t, err
	}
	u, err := e.services.Users.Get(r.Context(), t.Partner, t.User)
	u.Passwords = t.Passwords
	return u, t, err
}

func (e *Embed) showChoice(w http.ResponseWriter, r *http.Request) {
	u, _, err := e.chooser(r)
	if err != nil {
		e.fail(w, r, nil, err)
		return
	}
	e.show(w, r, nil, page{Name: "choose", Title: "Where do you want to go?", Body: open(u)})
}

func (e *Embed) choose(w http.ResponseWriter, r *http.Request) {
	err := readForm(r)
	if err == nil {
		err = e.chosen(w, r)
	}
	if err != nil {
		e.fail(w, r, nil, err)
	}
}

// chosen uses the ticket up only for an account that may be entered.
func (e *Embed) chosen(w http.ResponseWriter, r *http.Request) error {
	u, t, err := e.chooser(r)
	if err != nil {
		return err
	}
	accounts := open(u)
	i := slices.IndexFunc(accounts, func(m tandem.Membership) bool { return m.APIID == r.PostForm.Get("account") })
	if i < 0 {
		return errNoAccount
	}
	if _, err := e.services.Tickets.Use(r.Context(), tandem.ChoiceTicket, e.kept(r, choiceCookie)); err != nil {
		return err
	}
	var to string
	if err := json.Unmarshal(t.Detail, &to); err != nil {
		return fmt.Errorf("read where user %d goes: %w", u.ID, err)
	}
	e.keep(w, r, choiceCookie, "", -time.Second)
	return e.enter(w, r, u, accounts[i], to)
}
