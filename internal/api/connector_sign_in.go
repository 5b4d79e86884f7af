package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// connectLifetime is how long the address of a sign-in to a third party works.
const connectLifetime = 10 * time.Minute

type connectBody struct {
	TargetOrigin    string         `json:",omitempty" doc:"Of the page that is told when it is done, or else where the browser goes then: one of TargetOrigins of the settings of embedding."`
	CallbackMessage string         `json:",omitempty" doc:"What that page is told, by postMessage."`
	Popup           optional[bool] `json:",omitzero" doc:"It is opened in a window of its own by a page of this installation, which is told how it ended."`
}

type connectAnswer struct {
	URL          string    `json:"Url" doc:"To be opened in a browser, once, within ten minutes: it leads to the third party, and back."`
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
	Token        string    `doc:"As in the URL."`
}

type setupBody struct {
	ExpiresInMinutes optional[int] `json:",omitzero" doc:"1 to 10080 (a week); default 5."`
}

type setupAnswer struct {
	Token        string    `doc:"As in the URL."`
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
	SetupURL     string    `json:"SetupUrl" doc:"For whoever is to give the credentials. They need no account, and see nothing but this connector's name and what it asks for. It is used up once that is done."`
}

// signInOf is a sign-in for a connector of the account.
func signInOf(at policy.Place, id tandem.AccountConnectorID) tandem.ConnectorSignIn {
	return tandem.ConnectorSignIn{Partner: at.Partner, Account: at.Account, Connector: id, Customer: at.User != 0}
}

func (a *API) connectAccountConnector(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body *connectBody
},
) (*object[connectAnswer], error) {
	s := signInOf(at, in.ID)
	if in.Body != nil {
		s.Popup = in.Body.Popup.Value
		s.TargetOrigin, s.CallbackMessage = strings.ToLower(strings.TrimSpace(in.Body.TargetOrigin)), in.Body.CallbackMessage
	}
	if s.TargetOrigin != "" {
		set, err := a.services.Settings.Get(ctx, at.Partner)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(set.Embed.TargetOrigins, s.TargetOrigin) {
			return nil, tandem.Invalidf("TargetOrigin", "TargetOrigin: %q is not one of TargetOrigins of the settings of embedding", in.Body.TargetOrigin)
		}
	}
	link, err := a.services.SignIns.Invite(ctx, tandem.ConnectTicket, s, connectLifetime)
	return one(connectAnswer{link.URL, link.Expires, string(link.Token)}, err)
}

func (a *API) issueSetupToken(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body *setupBody
},
) (*object[setupAnswer], error) {
	lifetime := tandem.TicketLifetime
	if in.Body != nil && in.Body.ExpiresInMinutes.Set && !in.Body.ExpiresInMinutes.Null {
		minutes := in.Body.ExpiresInMinutes.Value
		lifetime = time.Duration(cmp.Or(min(max(minutes, 0), 1<<20), -1)) * time.Minute
	}
	link, err := a.services.SignIns.Invite(ctx, tandem.SetupTicket, signInOf(at, in.ID), lifetime)
	return one(setupAnswer{string(link.Token), link.Expires, link.URL}, err)
}
