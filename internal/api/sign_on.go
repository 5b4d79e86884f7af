package api

import (
	"context"
	"errors"

	"github.com/tandem-ipaas/tandem"
)

type signOnShape struct {
	Issuer      string `doc:"Of OpenID Connect; empty: single sign-on is not set up."`
	ClientID    string `json:"ClientId"`
	Console     bool   `doc:"For console users."`
	Accounts    bool   `doc:"For account users."`
	Domains     []string
	Pending     []string `json:"PendingDomains" doc:"Those of Domains that the operator of the installation has yet to approve: no console user signs on with them."`
	CreateUsers bool
}

type signOnBody struct {
	Issuer       optional[string]   `json:",omitzero" doc:"A URL with /.well-known/openid-configuration below it. Empty or null: no single sign-on any more."`
	ClientID     optional[string]   `json:"ClientId,omitzero"`
	ClientSecret optional[string]   `json:",omitzero" doc:"Required with another Issuer. It is never shown."`
	Console      optional[bool]     `json:",omitzero" doc:"For console users. The callback is /console/sso/callback."`
	Accounts     optional[bool]     `json:",omitzero" doc:"For account users. The callback is /account/sso/callback."`
	Domains      optional[[]string] `json:",omitzero" doc:"Of the email addresses that it is for; others are refused."`
	CreateUsers  optional[bool]     `json:",omitzero" doc:"Who is no console user becomes one, without permissions; otherwise they are refused. Needs Console."`
}

func (b *signOnBody) apply(o *tandem.SignOn) {
	b.Issuer.Apply(&o.Issuer)
	b.ClientID.Apply(&o.ClientID)
	b.Console.Apply(&o.Console)
	b.Accounts.Apply(&o.Accounts)
	b.Domains.Apply(&o.Domains)
	b.CreateUsers.Apply(&o.CreateUsers)
	o.ClientSecret = tandem.Secret(b.ClientSecret.Value)
}

func showSignOn(o tandem.SignOn, err error) (*object[signOnShape], error) {
	return one(signOnShape{o.Issuer, o.ClientID, o.Console, o.Accounts, append([]string{}, o.Domains...), append([]string{}, o.Pending...), o.CreateUsers}, err)
}

func (a *API) getSignOn(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[signOnShape], error) {
	return showSignOn(a.services.SignOns.Get(ctx, p))
}

// signOnTrialShape is what came of asking the provider.
type signOnTrialShape struct {
	Reached bool   `doc:"The page is there, and says to be the Issuer."`
	Reason  string `doc:"Why it was not reached."`
}

func (a *API) testSignOn(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[signOnTrialShape], error) {
	err := a.services.SignOns.Test(ctx, p)
	switch tandem.ErrorCode(err) {
	case tandem.Unavailable:
		return one(signOnTrialShape{Reason: rootOf(err)}, nil)
	case tandem.NotFound:
		return one(signOnTrialShape{Reason: "Single sign-on is not set up."}, nil)
	}
	return one(signOnTrialShape{Reached: err == nil}, err)
}

// rootOf is the cause of an error in the words of what failed, for who set it up.
func rootOf(err error) string {
	var e *tandem.Error
	if errors.As(err, &e) && e.Err != nil {
		err = e.Err
	}
	text := err.Error()
	return text[:min(len(text), maxCause)]
}

// maxCause is how many bytes of a cause are shown.
const maxCause = 300

func (a *API) updateSignOn(ctx context.Context, _ tandem.PartnerID, in *struct{ Body signOnBody }) (*object[signOnShape], error) {
	return showSignOn(a.services.SignOns.Set(ctx, by(ctx), in.Body.apply))
}
