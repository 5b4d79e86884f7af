package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

type invitationBody struct {
	Email         string
	Administrator optional[bool] `json:",omitzero"`
}

type (
	// InvitationPath names an invitation to the account.
	InvitationPath struct {
		ID tandem.TicketID `path:"id"`
	}

	// AccountInvitationPath names an invitation to an account.
	AccountInvitationPath struct {
		AccountPath
		InvitationID tandem.TicketID `path:"invitationId"`
	}
)

// to is the place that an account's own people invite to.
func (a *API) to(ctx context.Context, p tandem.PartnerID, account string) (policy.Place, error) {
	acc, err := a.services.Accounts.Get(ctx, p, account)
	if err != nil {
		return policy.Place{}, err
	}
	return policy.Place{Partner: p, Account: acc.ID}, nil
}

func (a *API) listInvitations(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Paging
},
) (*list[tandem.Invitation], error) {
	at, err := a.to(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return a.listOwnInvitations(ctx, at, &in.Paging)
}

func (a *API) createInvitation(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body invitationBody
},
) (*object[tandem.Invitation], error) {
	at, err := a.to(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return a.invite(ctx, at, in.Body)
}

func (a *API) resendInvitation(ctx context.Context, p tandem.PartnerID, in *AccountInvitationPath) (*object[tandem.Invitation], error) {
	at, err := a.to(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return one(a.services.Invitations.Resend(ctx, p, at.Account, in.InvitationID))
}

func (a *API) revokeInvitation(ctx context.Context, p tandem.PartnerID, in *AccountInvitationPath) (*empty, error) {
	at, err := a.to(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return done(a.services.Invitations.Revoke(ctx, p, at.Account, in.InvitationID))
}

func (a *API) listOwnInvitations(ctx context.Context, at policy.Place, in *Paging) (*list[tandem.Invitation], error) {
	all, err := a.services.Invitations.List(ctx, at.Partner, at.Account)
	return sliced(in.request(), all, err)
}

func (a *API) createOwnInvitation(ctx context.Context, at policy.Place, in *struct{ Body invitationBody }) (*object[tandem.Invitation], error) {
	return a.invite(ctx, at, in.Body)
}

func (a *API) invite(ctx context.Context, at policy.Place, b invitationBody) (*object[tandem.Invitation], error) {
	return one(a.services.Invitations.Invite(ctx, at.Partner, at.Account, b.Email, b.Administrator.Value))
}

func (a *API) resendOwnInvitation(ctx context.Context, at policy.Place, in *InvitationPath) (*object[tandem.Invitation], error) {
	return one(a.services.Invitations.Resend(ctx, at.Partner, at.Account, in.ID))
}

func (a *API) revokeOwnInvitation(ctx context.Context, at policy.Place, in *InvitationPath) (*empty, error) {
	return done(a.services.Invitations.Revoke(ctx, at.Partner, at.Account, in.ID))
}
