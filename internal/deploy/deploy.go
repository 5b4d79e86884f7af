package deploy

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem"
)

var _ tandem.Deployments = (*Deployments)(nil)

// Accounts are as in tandem.Accounts.
type Accounts interface {
	Get(ctx context.Context, p tandem.PartnerID, apiID string) (*tandem.Account, error)
	Create(ctx context.Context, p tandem.PartnerID, u tandem.AccountUpdate) (*tandem.Account, error)
}

// Access is who comes with a password, as in tandem.UserAccess.
type Access interface {
	Enter(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string, password tandem.Secret, address string) (tandem.User, error)
	MayEnter(ctx context.Context, p tandem.PartnerID, username string, password tandem.Secret, address string) error
}

// Members are who comes without one, as in tandem.Memberships.
type Members interface {
	Admit(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, username string) (tandem.User, error)
	BuiltIn(ctx context.Context, p tandem.PartnerID, a tandem.AccountID) (tandem.User, error)
}

// Tickets are as in tandem.Tickets.
type Tickets interface {
	Issue(ctx context.Context, t tandem.Ticket) (tandem.Secret, tandem.Ticket, error)
}

// Deployments implements tandem.Deployments.
type Deployments struct {
	accounts   Accounts
	access     Access
	members    Members
	library    Library
	connectors Connectors
	tickets    Tickets
	service    string
}

// New makes them; service is the service domain: https://host.
func New(accounts Accounts, access Access, members Members, library Library, connectors Connectors, tickets Tickets, service string) *Deployments {
	return &Deployments{accounts, access, members, library, connectors, tickets, service}
}

// Deploy implements tandem.Deployments.
func (s *Deployments) Deploy(ctx context.Context, p tandem.PartnerID, d tandem.Deployment) (tandem.Visit, error) {
	if len(d.Path) > tandem.MaxReturn {
		return tandem.Visit{}, tandem.Invalidf("CompleteParameter", "CompleteParameter: with it (and Tags), the address of the screen has more than %d bytes", tandem.MaxReturn)
	}
	wanted, err := s.wanted(ctx, p, d.Connectors)
	if err != nil {
		return tandem.Visit{}, err
	}
	a, err := s.account(ctx, p, &d)
	if err != nil {
		return tandem.Visit{}, err
	}
	user, err := s.enter(ctx, p, a.ID, &d)
	if err != nil {
		return tandem.Visit{}, err
	}
	for i := range wanted {
		if err := s.provide(ctx, a.ID, &wanted[i]); err != nil {
			return tandem.Visit{}, err
		}
	}
	return s.visit(ctx, p, a, user, d.Path)
}

// SignIn implements tandem.Deployments.
func (s *Deployments) SignIn(ctx context.Context, p tandem.PartnerID, account, username string) (tandem.Visit, error) {
	a, err := s.accounts.Get(ctx, p, account)
	if err != nil {
		return tandem.Visit{}, err
	}
	if err := open(a); err != nil {
		return tandem.Visit{}, err
	}
	user, err := s.members.Admit(ctx, p, a.ID, username)
	if err != nil {
		return tandem.Visit{}, err
	}
	return s.visit(ctx, p, a, user, "")
}

// account finds an account, or makes it for who may enter it.
func (s *Deployments) account(ctx context.Context, p tandem.PartnerID, d *tandem.Deployment) (*tandem.Account, error) {
	a, err := s.accounts.Get(ctx, p, d.Account)
	if tandem.ErrorCode(err) == tandem.NotFound {
		a, err = s.makeAccount(ctx, p, d)
	}
	if err != nil {
		return nil, fmt.Errorf("find account: %w", err)
	}
	return a, open(a)
}

func (s *Deployments) makeAccount(ctx context.Context, p tandem.PartnerID, d *tandem.Deployment) (*tandem.Account, error) {
	if d.Username != "" { // who is refused leaves nothing behind
		if err := s.access.MayEnter(ctx, p, d.Username, d.Password, tandem.ActOf(ctx).Address); err != nil {
			return nil, err
		}
	}
	u := tandem.AccountUpdate{APIID: d.Account, Name: tandem.Some(cmp.Or(d.AccountName, d.Account))}
	if d.AccountDescription != "" {
		u.Description = tandem.Some(d.AccountDescription)
	}
	a, refused := s.accounts.Create(ctx, p, u)
	if refused == nil {
		return a, nil
	}
	if a, err := s.accounts.Get(ctx, p, d.Account); err == nil {
		return a, nil // another call was first
	}
	return nil, refused
}

// open errors: Conflict (suspended).
func open(a *tandem.Account) error {
	if !a.Enabled {
		return tandem.Conflictf("The account is suspended.")
	}
	return nil
}

// enter is who comes, made if need be. Errors: Unauthenticated.
func (s *Deployments) enter(ctx context.Context, p tandem.PartnerID, a tandem.AccountID, d *tandem.Deployment) (tandem.User, error) {
	if d.Username == "" {
		return s.members.BuiltIn(ctx, p, a)
	}
	return s.access.Enter(ctx, p, a, d.Username, d.Password, tandem.ActOf(ctx).Address)
}

// visit is a sign-in to an account that leads to path.
func (s *Deployments) visit(ctx context.Context, p tandem.PartnerID, a *tandem.Account, u tandem.User, path string) (tandem.Visit, error) {
	token, t, err := s.tickets.Issue(ctx, tandem.Ticket{Purpose: tandem.SignInTicket, Partner: p, Account: a.ID, User: u.ID, Passwords: u.Passwords})
	if err != nil {
		return tandem.Visit{}, err
	}
	return tandem.Visit{Account: a.APIID, URL: tandem.SignInURL(s.service, token, path), Token: token, Expires: t.Expires}, nil
}
