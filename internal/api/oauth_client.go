package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// OAuthClientPath names an OAuth client.
type OAuthClientPath struct {
	ID guid[string] `path:"id"`
}

type oauthClientShape struct {
	tandem.OAuthClient
	ClientSecret string `json:",omitempty" doc:"Of a new client, or a new one of it. It is not shown again."`
}

type oauthClientBody struct {
	Name string `doc:"Required."`
}

func showOAuthClient(c *tandem.OAuthClient) oauthClientShape {
	return oauthClientShape{OAuthClient: *c}
}

func oneOAuthClient(c tandem.OAuthClient, secret tandem.Secret, err error) (*object[oauthClientShape], error) {
	return one(oauthClientShape{c, string(secret)}, err)
}

func (a *API) listOAuthClients(ctx context.Context, p tandem.PartnerID, in *Paging) (*list[oauthClientShape], error) {
	all, err := a.services.Clients.List(ctx, p)
	shown := make([]oauthClientShape, len(all))
	for i := range all {
		shown[i] = showOAuthClient(&all[i])
	}
	return sliced(in.request(), shown, err)
}

func (a *API) createOAuthClient(ctx context.Context, p tandem.PartnerID, in *struct{ Body oauthClientBody }) (*object[oauthClientShape], error) {
	return oneOAuthClient(a.services.Clients.Create(ctx, p, in.Body.Name))
}

func (a *API) getOAuthClient(ctx context.Context, p tandem.PartnerID, in *OAuthClientPath) (*object[oauthClientShape], error) {
	c, err := a.services.Clients.Get(ctx, p, in.ID.Value)
	return oneOAuthClient(c, "", err)
}

func (a *API) updateOAuthClient(ctx context.Context, p tandem.PartnerID, in *struct {
	OAuthClientPath
	Body oauthClientBody
},
) (*object[oauthClientShape], error) {
	c, err := a.services.Clients.Rename(ctx, p, in.ID.Value, in.Body.Name)
	return oneOAuthClient(c, "", err)
}

func (a *API) deleteOAuthClient(ctx context.Context, p tandem.PartnerID, in *OAuthClientPath) (*empty, error) {
	return done(a.services.Clients.Delete(ctx, p, in.ID.Value))
}

func (a *API) rotateSecret(ctx context.Context, p tandem.PartnerID, in *OAuthClientPath) (*object[oauthClientShape], error) {
	return oneOAuthClient(a.services.Clients.Rotate(ctx, p, in.ID.Value))
}

func (a *API) listTokens(ctx context.Context, p tandem.PartnerID, in *struct {
	OAuthClientPath
	Paging
},
) (*list[tandem.LiveToken], error) {
	found, err := a.services.Clients.Tokens(ctx, p, in.ID.Value, in.request())
	return page(in.request(), found, err, same)
}

func (a *API) revokeToken(ctx context.Context, p tandem.PartnerID, in *struct {
	OAuthClientPath
	Token string `path:"tokenId"`
},
) (*empty, error) {
	return done(a.services.Clients.Revoke(ctx, p, in.ID.Value, in.Token))
}
