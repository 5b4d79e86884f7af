package api

import (
	"context"
	"slices"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// sessionShape is a browser that is signed in to the console.
type sessionShape struct {
	ID            tandem.SessionID     `json:"Id"`
	ConsoleUserID tandem.ConsoleUserID `json:"ConsoleUserId"`
	Address       string               `doc:"Network address at sign-in."`
	Agent         string               `doc:"What the browser calls itself."`
	Current       bool                 `doc:"It is the one that asks."`
	CreatedDate   time.Time
	SeenDate      time.Time `doc:"Within minutes."`
	ExpiresDate   time.Time
}

// sessions are those that who may see: with the permission, or of a program, all
// of the partner's console users; else the own ones.
func (a *API) sessions(ctx context.Context, need tandem.Level) ([]tandem.Session, error) {
	who := by(ctx)
	of := tandem.Principal{ConsoleUser: who.ConsoleUser}
	if (tandem.Need{Area: tandem.AreaSecurity, Level: need}).Check(who) == nil {
		of = tandem.Principal{}
	}
	return a.services.Sessions.List(ctx, who.Partner, of)
}

// SessionQuery narrows a list of sessions.
type SessionQuery struct {
	Paging
	Own bool `query:"own" doc:"Yours alone, whatever you may see."`
}

func (a *API) listSessions(ctx context.Context, _ tandem.PartnerID, in *SessionQuery) (*list[sessionShape], error) {
	all, err := a.sessions(ctx, tandem.ViewLevel)
	if in.Own {
		all = slices.DeleteFunc(all, func(n tandem.Session) bool { return n.Who.ConsoleUser != by(ctx).ConsoleUser })
	}
	shown := make([]sessionShape, len(all))
	for i, n := range all {
		shown[i] = sessionShape{
			ID: n.ID, ConsoleUserID: n.Who.ConsoleUser, Address: n.Address, Agent: n.Agent, Current: n.ID == by(ctx).Session,
			CreatedDate: n.Created, SeenDate: n.Seen, ExpiresDate: n.Expires,
		}
	}
	return sliced(in.request(), shown, err)
}

func (a *API) revokeSession(ctx context.Context, p tandem.PartnerID, in *struct {
	ID tandem.SessionID `path:"id"`
},
) (*empty, error) {
	all, err := a.sessions(ctx, tandem.ManageLevel)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(n tandem.Session) bool { return n.ID == in.ID }) {
		return nil, tandem.NotFoundf("Session %d could not be found.", in.ID)
	}
	return done(a.services.Sessions.Revoke(ctx, p, in.ID))
}
