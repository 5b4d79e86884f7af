package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pace"
	"github.com/tandem-ipaas/tandem/internal/password"
)

// InvitationStore is what invitations are for.
type InvitationStore interface {
	// AccountByID errors: NotFound.
	AccountByID(ctx context.Context, p tandem.PartnerID, id tandem.AccountID) (*tandem.Account, error)
	// UserByEmail is the person that has an address. Errors: NotFound.
	UserByEmail(ctx context.Context, p tandem.PartnerID, email string) (tandem.User, string, error)
	// UserByName finds a user by username, or else by email. Errors: NotFound.
	UserByName(ctx context.Context, p tandem.PartnerID, name string) (tandem.User, string, error)
	// CreateUser errors: Invalid (the username or email is in use).
	CreateUser(ctx context.Context, u *tandem.User, hash string) error
	// AddMember errors: NotFound.
	AddMember(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID, administrator bool) error
	// Membership errors: NotFound.
	Membership(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, u tandem.UserID) (tandem.Membership, error)
	// UserSignedIn errors: NotFound.
	UserSignedIn(ctx context.Context, p tandem.PartnerID, id tandem.UserID, at time.Time) error
}

// Invitations implements tandem.Invitations.
type Invitations struct {
	store    InvitationStore
	hasher   *password.Hasher
	attempts Attempts
	post     *Post
	letters  *pace.Buckets[tandem.AccountID] // invitations that accounts send

	inviting sync.Mutex // between counting and adding
}

var _ tandem.Invitations = (*Invitations)(nil)

// invitationPace is for the invitations of one account, whoever they are for: twice
// as many as may be open, and then as many in a day. Mail that is sent in the
// partner's name is not for whoever has an account to send.
var invitationPace = pace.Pace{Burst: 2 * tandem.MaxInvitations, Every: 24 * time.Hour / tandem.MaxInvitations}

// NewInvitations makes the service.
func NewInvitations(store InvitationStore, hasher *password.Hasher, attempts Attempts, post *Post) *Invitations {
	return &Invitations{store: store, hasher: hasher, attempts: attempts, post: post, letters: pace.New[tandem.AccountID](invitationPace)}
}

// offer is the detail of an invitation's ticket.
type offer struct{ Administrator bool }

// showInvitation reads a ticket.
func showInvitation(t tandem.Ticket) (tandem.Invitation, error) {
	var o offer
	if err := json.Unmarshal(t.Detail, &o); err != nil {
		return tandem.Invitation{}, fmt.Errorf("read invitation %d: %w", t.ID, err)
	}
	return tandem.Invitation{ID: t.ID, Email: t.Email, Administrator: o.Administrator, CreatedDate: t.Created, ExpiresAtUTC: t.Expires}, nil
}

// Invite implements tandem.Invitations.
func (s *Invitations) Invite(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, email string, administrator bool) (tandem.Invitation, error) {
	email, err := tandem.ParseEmail("Email", email)
	if err != nil {
		return tandem.Invitation{}, err
	}
	account, err := s.store.AccountByID(ctx, p, a)
	if err != nil {
		return tandem.Invitation{}, err
	}
	u, _, err := s.store.UserByEmail(ctx, p, email)
	switch {
	case err != nil && tandem.ErrorCode(err) != tandem.NotFound:
		return tandem.Invitation{}, fmt.Errorf("invite to account %d: %w", a, err)
	case slices.ContainsFunc(u.Accounts, func(m tandem.Membership) bool { return m.Account == a }):
		return tandem.Invitation{}, tandem.Invalidf("Email", "Email: %s has access to the account already", email)
	}
	if err := s.attempts.Take("invite "+email, fmt.Sprint("account ", a)); err != nil {
		return tandem.Invitation{}, tooMany("Too many invitations to this address. Try again shortly.", time.Minute, err)
	}
	if level := s.letters.Take(a); !level.Taken {
		return tandem.Invitation{}, tooMany("The account has sent too many invitations. Try again later.", level.Next, nil)
	}
	return s.invite(ctx, account, email, offer{administrator})
}

func tooMany(message string, wait time.Duration, err error) error {
	return &tandem.Error{Code: tandem.RateLimited, Message: message, RetryAfter: wait, Err: err}
}

// invite replaces what is open for the address.
func (s *Invitations) invite(ctx context.Context, a *tandem.Account, email string, o offer) (tandem.Invitation, error) {
	link, t, err := s.issue(ctx, a, email, o)
	if err != nil {
		return tandem.Invitation{}, fmt.Errorf("invite to account %d: %w", a.ID, err)
	}
	made, err := showInvitation(t)
	switch {
	case err != nil:
		return made, err
	case !s.post.mail.Ready():
		made.Link = link
		return made, nil
	}
	return made, s.post.mail.Send(ctx, a.Partner, invitationLetter(email, a.Name, link))
}

func (s *Invitations) issue(ctx context.Context, a *tandem.Account, email string, o offer) (string, tandem.Ticket, error) {
	detail, err := json.Marshal(o)
	if err != nil {
		return "", tandem.Ticket{}, err
	}
	t := tandem.Ticket{Purpose: tandem.InvitationTicket, Partner: a.Partner, Account: a.ID, Email: email}
	s.inviting.Lock()
	defer s.inviting.Unlock()
	if err := s.post.revoke(ctx, t); err != nil {
		return "", t, err
	}
	open, err := s.post.tickets.List(ctx, a.Partner, a.ID, t.Purpose)
	if err != nil {
		return "", t, err
	}
	if len(open) >= tandem.MaxInvitations {
		return "", t, tooMany(fmt.Sprintf("At most %d invitations to an account may be open at once.", tandem.MaxInvitations), time.Hour, nil)
	}
	t.Detail, t.Expires = detail, time.Now().Add(tandem.InvitationLifetime)
	return s.post.link(ctx, invitationPage, t)
}

// List implements tandem.Invitations.
func (s *Invitations) List(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) ([]tandem.Invitation, error) {
	open, err := s.post.tickets.List(ctx, p, a, tandem.InvitationTicket)
	if err != nil {
		return nil, err
	}
	all := []tandem.Invitation{}
	for _, t := range open {
		i, err := showInvitation(t)
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

// Resend implements tandem.Invitations.
func (s *Invitations) Resend(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TicketID) (tandem.Invitation, error) {
	open, err := s.List(ctx, p, a)
	if err != nil {
		return tandem.Invitation{}, err
	}
	i := slices.IndexFunc(open, func(i tandem.Invitation) bool { return i.ID == id })
	if i < 0 {
		return tandem.Invitation{}, noInvitation(id)
	}
	return s.Invite(ctx, p, a, open[i].Email, open[i].Administrator)
}

func noInvitation(id tandem.TicketID) error {
	return tandem.NotFoundf("Invitation %d could not be found.", id)
}

// Revoke implements tandem.Invitations.
func (s *Invitations) Revoke(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, id tandem.TicketID) error {
	if id == 0 { // would be any
		return noInvitation(id)
	}
	err := s.post.tickets.Revoke(ctx, tandem.Ticket{ID: id, Purpose: tandem.InvitationTicket, Partner: p, Account: a})
	if tandem.ErrorCode(err) == tandem.NotFound {
		return noInvitation(id)
	}
	return err
}

// Look implements tandem.Invitations.
func (s *Invitations) Look(ctx context.Context, token tandem.Secret) (tandem.OpenInvitation, error) {
	t, err := s.post.tickets.Look(ctx, tandem.InvitationTicket, token)
	if err != nil {
		return tandem.OpenInvitation{}, err
	}
	a, err := s.store.AccountByID(ctx, t.Partner, t.Account)
	switch {
	case tandem.ErrorCode(err) == tandem.NotFound, err == nil && !a.Enabled:
		return tandem.OpenInvitation{}, errGone
	case err != nil:
		return tandem.OpenInvitation{}, fmt.Errorf("look at invitation %d: %w", t.ID, err)
	}
	i, err := showInvitation(t)
	if err != nil {
		return tandem.OpenInvitation{}, err
	}
	_, _, err = s.store.UserByEmail(ctx, t.Partner, t.Email)
	known := err == nil
	if !known && tandem.ErrorCode(err) != tandem.NotFound {
		return tandem.OpenInvitation{}, fmt.Errorf("look at invitation %d: %w", t.ID, err)
	}
	return tandem.OpenInvitation{Invitation: i, Partner: t.Partner, Account: a.ID, AccountName: a.Name, Known: known}, nil
}

// Accept implements tandem.Invitations. All that can be refused is before the
// token is used up.
func (s *Invitations) Accept(ctx context.Context, token tandem.Secret, by tandem.Acceptance, address string) (tandem.Session, error) {
	i, err := s.Look(ctx, token)
	if err != nil {
		return tandem.Session{}, err
	}
	if err := s.attempts.Take(guarded(i.Partner, i.Email), address); err != nil {
		return tandem.Session{}, err
	}
	var join func() (tandem.User, error)
	if i.Known {
		join, err = s.known(ctx, i, by.Password)
	} else {
		join, err = s.stranger(ctx, i, by)
	}
	if err != nil {
		return tandem.Session{}, err
	}
	if _, err := s.post.tickets.Use(ctx, tandem.InvitationTicket, token); err != nil {
		return tandem.Session{}, err
	}
	u, err := join()
	if err != nil {
		return tandem.Session{}, fmt.Errorf("accept invitation %d: %w", i.ID, err)
	}
	m, err := s.store.Membership(ctx, i.Partner, i.Account, u.ID)
	if err != nil {
		return tandem.Session{}, fmt.Errorf("accept invitation %d: %w", i.ID, err)
	}
	who := tandem.Principal{Partner: i.Partner, Account: i.Account, User: u.ID, Administrator: m.Administrator}
	return tandem.Session{Who: who, Passwords: u.Passwords}, s.store.UserSignedIn(ctx, i.Partner, u.ID, time.Now())
}

// known gives a user access who shows to be that user.
func (s *Invitations) known(ctx context.Context, i tandem.OpenInvitation, password tandem.Secret) (func() (tandem.User, error), error) {
	u, hash, err := s.store.UserByEmail(ctx, i.Partner, i.Email)
	if err != nil {
		return nil, fmt.Errorf("accept invitation %d: %w", i.ID, err)
	}
	if hash == "" {
		return nil, tandem.Conflictf("You are a user here already, without a password. Choose one by “Forgot password”, then accept.")
	}
	same, err := s.hasher.Matches(ctx, hash, password)
	switch {
	case err != nil:
		return nil, fmt.Errorf("accept invitation %d: %w", i.ID, err)
	case !same:
		return nil, &tandem.Error{Code: tandem.Unauthenticated, Message: "The password is wrong."}
	}
	return func() (tandem.User, error) {
		return u, s.store.AddMember(ctx, i.Partner, i.Account, u.ID, i.Administrator)
	}, nil
}

// stranger makes a user. The username is the address, of which alone it is known
// whose it is: a name that could be chosen could be one that the partner's program
// gives access to later, meaning somebody else.
func (s *Invitations) stranger(ctx context.Context, i tandem.OpenInvitation, by tandem.Acceptance) (func() (tandem.User, error), error) {
	u := newUser(i.Partner, i.Email)
	u.FirstName, u.LastName = by.FirstName, by.LastName
	u.Accounts = []tandem.Membership{{Account: i.Account, Administrator: i.Administrator}}
	if err := checkPerson(&u); err != nil {
		return nil, err
	}
	if strings.TrimSpace(u.FirstName+u.LastName) == "" {
		return nil, tandem.Invalidf("FirstName", "FirstName is required")
	}
	switch _, _, err := s.store.UserByName(ctx, i.Partner, u.Username); {
	case err == nil:
		return nil, errNameTaken
	case tandem.ErrorCode(err) != tandem.NotFound:
		return nil, fmt.Errorf("accept invitation %d: %w", i.ID, err)
	}
	hash, err := s.hasher.Hash(ctx, by.Password)
	if err != nil {
		return nil, err
	}
	return func() (tandem.User, error) {
		err := s.store.CreateUser(ctx, &u, hash)
		if tandem.ErrorCode(err) == tandem.Invalid { // since just now
			err = errNameTaken
		}
		return u, err
	}, nil
}

var errNameTaken = tandem.Conflictf("There is a user of that name already. Ask who invited you to add them to the account.")
