package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// permissions are what a console user may do, by area.
type permissions struct{ tandem.Permissions }

// Schema implements huma.SchemaProvider.
func (permissions) Schema(huma.Registry) *huma.Schema {
	level := &huma.Schema{Type: huma.TypeString, Enum: []any{"None", "View", "Edit", "Manage"}}
	s := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
	for a := tandem.AreaTemplates; a <= tandem.AreaBilling; a++ {
		s.Properties[a.String()] = level
	}
	return s
}

// ConsoleUserPath names a console user.
type ConsoleUserPath struct {
	ID tandem.ConsoleUserID `path:"id"`
}

type consoleUserShape struct {
	tandem.ConsoleUser
	Permissions   permissions `doc:"By area; one that is not there gives nothing. With FullAccess, all."`
	InvitationURL string      `json:"InvitationUrl,omitempty" doc:"To be passed on, once, when there is no mail."`
}

func showConsoleUser(u *tandem.ConsoleUser) consoleUserShape {
	return consoleUserShape{ConsoleUser: *u, Permissions: permissions{u.Permissions}}
}

func oneConsoleUser(u tandem.ConsoleUser, link string, err error) (*object[consoleUserShape], error) {
	shape := showConsoleUser(&u)
	shape.InvitationURL = link
	return one(shape, err)
}

// ConsoleUserBody is what console users are given.
type ConsoleUserBody struct {
	Name        optional[string]      `json:",omitzero"`
	FullAccess  optional[bool]        `json:",omitzero" doc:"Everything, and areas that are yet to come. Only who has it can give it."`
	Permissions optional[permissions] `json:",omitzero" doc:"By area: None, View, Edit or Manage. All areas are set; one that is not named gives nothing."`
}

func (b *ConsoleUserBody) update() tandem.ConsoleUserUpdate {
	p := b.Permissions
	return tandem.ConsoleUserUpdate{
		Name: b.Name.Optional, FullAccess: b.FullAccess.Optional,
		Permissions: tandem.Optional[tandem.Permissions]{Set: p.Set, Null: p.Null, Value: p.Value.Permissions},
	}
}

type invitedBody struct {
	Email string `doc:"Required."`
	ConsoleUserBody
}

func (a *API) listConsoleUsers(ctx context.Context, p tandem.PartnerID, in *struct {
	Paging
	Query string `query:"query" doc:"Part of the name or email."`
},
) (*list[consoleUserShape], error) {
	found, err := a.services.ConsoleUsers.List(ctx, p, tandem.Search{PageRequest: in.request(), Query: in.Query})
	return page(in.request(), found, err, showConsoleUser)
}

func (a *API) inviteConsoleUser(ctx context.Context, _ tandem.PartnerID, in *struct{ Body invitedBody }) (*object[consoleUserShape], error) {
	u := in.Body.update()
	u.Email = in.Body.Email
	return oneConsoleUser(a.services.ConsoleUsers.Invite(ctx, by(ctx), u))
}

func (a *API) getConsoleUser(ctx context.Context, p tandem.PartnerID, in *ConsoleUserPath) (*object[consoleUserShape], error) {
	u, err := a.services.ConsoleUsers.Get(ctx, p, in.ID)
	return oneConsoleUser(u, "", err)
}

func (a *API) updateConsoleUser(ctx context.Context, _ tandem.PartnerID, in *struct {
	ConsoleUserPath
	Body ConsoleUserBody
},
) (*object[consoleUserShape], error) {
	u, err := a.services.ConsoleUsers.Update(ctx, by(ctx), in.ID, in.Body.update())
	return oneConsoleUser(u, "", err)
}

func (a *API) removeConsoleUser(ctx context.Context, _ tandem.PartnerID, in *ConsoleUserPath) (*empty, error) {
	return done(a.services.ConsoleUsers.Remove(ctx, by(ctx), in.ID))
}

func (a *API) resetTwoFactor(ctx context.Context, _ tandem.PartnerID, in *ConsoleUserPath) (*empty, error) {
	return done(a.services.ConsoleUsers.ResetTwoFactor(ctx, by(ctx), in.ID))
}

func (a *API) reinviteConsoleUser(ctx context.Context, _ tandem.PartnerID, in *ConsoleUserPath) (*object[consoleUserShape], error) {
	return oneConsoleUser(a.services.ConsoleUsers.Reinvite(ctx, by(ctx), in.ID))
}
