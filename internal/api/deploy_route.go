package api

import (
	"context"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// userFields say for whom a call at /users deploys.
type userFields struct {
	AccountID anyText `json:"AccountId" doc:"Required. The account is made if there is none."`
	Username  anyText `doc:"Required. The user is made if there is none."`
	Password  string  `doc:"Required. The user's own, or that of a user who is made. One that signintoken made has none, and is refused (401) until PUT /users sets one."`
}

// visitor errors: Invalid.
func (f *userFields) visitor() (tandem.Deployment, error) {
	d := tandem.Deployment{Account: strings.TrimSpace(string(f.AccountID)), Username: strings.TrimSpace(string(f.Username)), Password: tandem.Secret(f.Password)}
	switch {
	case d.Account == "":
		return d, tandem.Invalidf("AccountId", "AccountId is required")
	case d.Username == "":
		return d, tandem.Invalidf("Username", "Username is required")
	case d.Password == "":
		return d, tandem.Invalidf("Password", "Password is required")
	}
	return d, nil
}

// What deploy calls answer with.
type (
	launchAnswer struct {
		AccountID    string    `json:"AccountId"`
		ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
		LaunchURL    string    `json:"LaunchUrl" doc:"For one use, within five minutes."`
		Token        string    `doc:"As in the URL."`
	}
	orbitAnswer struct {
		AccountID    string    `json:"AccountId"`
		ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
		OrbitURL     string    `json:"OrbitUrl" doc:"For one use, within five minutes."`
		Token        string    `doc:"As in the URL."`
	}
	marketplaceAnswer struct {
		AccountID      string    `json:"AccountId"`
		ExpiresAtUTC   time.Time `json:"ExpiresAtUtc"`
		MarketplaceURL string    `json:"MarketplaceUrl" doc:"For one use, within five minutes."`
		Token          string    `doc:"As in the URL."`
	}
)

// What deploy calls take.
type (
	launchBody struct {
		deployBody
		launchOptions
	}
	launchUserBody struct {
		userFields
		launchBody
	}
	orbitUserBody struct {
		userFields
		deployBody
	}
	shopBody struct {
		deployBody
		shopOptions
	}
	marketplaceUserBody struct {
		userFields
		shopBody
	}
)

func (a *API) launchFor(ctx context.Context, p tandem.PartnerID, w tandem.Deployment, b *launchBody) (*object[launchAnswer], error) {
	settings, err := a.embedding(ctx, p)
	if err != nil {
		return nil, err
	}
	v, err := a.deploy(ctx, p, w, &b.deployBody, b.launch(settings).Path())
	return one(launchAnswer{v.Account, v.Expires, v.URL, string(v.Token)}, err)
}

func (a *API) launchAccount(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body *launchBody
},
) (*object[launchAnswer], error) {
	return a.launchFor(ctx, p, tandem.Deployment{Account: in.ID}, given(in.Body))
}

func (a *API) launchUser(ctx context.Context, p tandem.PartnerID, in *struct {
	Body launchUserBody
},
) (*object[launchAnswer], error) {
	v, err := in.Body.visitor()
	if err != nil {
		return nil, err
	}
	return a.launchFor(ctx, p, v, &in.Body.launchBody)
}

func (a *API) orbitFor(ctx context.Context, p tandem.PartnerID, w tandem.Deployment, b *deployBody) (*object[orbitAnswer], error) {
	v, err := a.deploy(ctx, p, w, b, tandem.OrbitPath)
	return one(orbitAnswer{v.Account, v.Expires, v.URL, string(v.Token)}, err)
}

func (a *API) orbitAccount(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body *deployBody
},
) (*object[orbitAnswer], error) {
	return a.orbitFor(ctx, p, tandem.Deployment{Account: in.ID}, given(in.Body))
}

func (a *API) orbitUser(ctx context.Context, p tandem.PartnerID, in *struct {
	Body orbitUserBody
},
) (*object[orbitAnswer], error) {
	v, err := in.Body.visitor()
	if err != nil {
		return nil, err
	}
	return a.orbitFor(ctx, p, v, &in.Body.deployBody)
}

func (a *API) marketplaceFor(ctx context.Context, p tandem.PartnerID, w tandem.Deployment, b *shopBody) (*object[marketplaceAnswer], error) {
	settings, err := a.embedding(ctx, p)
	if err != nil {
		return nil, err
	}
	shop, err := a.shop(ctx, p, &b.shopOptions, settings)
	if err != nil {
		return nil, err
	}
	v, err := a.deploy(ctx, p, w, &b.deployBody, shop.Path())
	return one(marketplaceAnswer{v.Account, v.Expires, v.URL, string(v.Token)}, err)
}

func (a *API) marketplaceAccount(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body *shopBody
},
) (*object[marketplaceAnswer], error) {
	return a.marketplaceFor(ctx, p, tandem.Deployment{Account: in.ID}, given(in.Body))
}

func (a *API) marketplaceUser(ctx context.Context, p tandem.PartnerID, in *struct {
	Body marketplaceUserBody
},
) (*object[marketplaceAnswer], error) {
	v, err := in.Body.visitor()
	if err != nil {
		return nil, err
	}
	return a.marketplaceFor(ctx, p, v, &in.Body.shopBody)
}

type signInAnswer struct {
	Token        string    `doc:"For one use, within five minutes, at /account/signinwithtoken of the service domain."`
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
}

func (a *API) issueSignInToken(ctx context.Context, p tandem.PartnerID, in *struct {
	AccountPath
	Body struct {
		Username anyText `doc:"Required. The user is made if there is none, without a password: calls at /users refuse it until PUT /users sets one."`
	}
},
) (*object[signInAnswer], error) {
	v, err := a.services.Deployments.SignIn(ctx, p, in.ID, string(in.Body.Username))
	return one(signInAnswer{string(v.Token), v.Expires}, err)
}
