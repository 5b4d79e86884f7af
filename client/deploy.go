package client

import (
	"context"
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// Visitor is a user for whom a screen is deployed. Account and user are made if
// there are none.
type Visitor struct {
	AccountID string
	Username  string
	Password  tandem.Secret // the user's own, or that of a user who is made
}

// Preparation is what a deploy call does before the customer comes.
type Preparation struct {
	AccountName        string `json:",omitempty"` // of an account that is made
	AccountDescription string `json:",omitempty"`

	ConnectorAuthentications []Authentication `json:",omitempty"` // installed beforehand
	PartnerConnector         *Authentication  `json:",omitempty"` // of your own product, whose settings customers do not see
}

// Authentication is a connector that is there when the customer comes.
type Authentication struct {
	Name       string
	Version    string     `json:",omitempty"` // "": the one that is installed, or the newest
	AuthValue  string     `json:",omitempty"`
	Properties []Property `json:",omitempty"`
}

// LaunchOptions are those of LAUNCH. What is not set is as by default.
type LaunchOptions struct {
	Preparation
	Tags                []string              `json:",omitempty"` // a template must have one of them
	Start               tandem.Optional[bool] `json:",omitzero"`  // what was installed; default true
	RunOnce             tandem.Optional[bool] `json:",omitzero"`
	AutoInstall         tandem.Optional[bool] `json:",omitzero"` // default true
	SingleInstall       tandem.Optional[bool] `json:",omitzero"`
	Wizard              tandem.Optional[bool] `json:",omitzero"`
	DisplayDescriptions tandem.Optional[bool] `json:",omitzero"`
	InlineOAuth         tandem.Optional[bool] `json:",omitzero"`
	CompleteParameter   string                `json:",omitempty"` // handed back at the end
}

// MarketplaceOptions are those of a marketplace.
type MarketplaceOptions struct {
	Preparation
	MarketplaceID     tandem.MarketplaceID  `json:"MarketplaceId"`
	InlineOAuth       tandem.Optional[bool] `json:",omitzero"`
	CompleteParameter string                `json:",omitempty"`
}

// Deployment is a screen that was deployed: an address that signs its user in, once,
// within five minutes.
type Deployment struct {
	AccountID    string
	ExpiresAtUTC time.Time
	URL          string
	Token        tandem.Secret // as in URL
}

// deployed is a Deployment as the API names it, by the kind of screen.
type deployed struct {
	AccountID      string    `json:"AccountId"`
	ExpiresAtUTC   time.Time `json:"ExpiresAtUtc"`
	LaunchURL      string    `json:"LaunchUrl"`
	OrbitURL       string    `json:"OrbitUrl"`
	MarketplaceURL string    `json:"MarketplaceUrl"`
	Token          tandem.Secret
}

func deploy(ctx context.Context, c *Client, path string, in any) (Deployment, error) {
	d, err := call[deployed](ctx, c, http.MethodPost, path, in)
	return Deployment{d.AccountID, d.ExpiresAtUTC, d.LaunchURL + d.OrbitURL + d.MarketplaceURL, d.Token}, err // one of them
}

// visit is a Visitor as the API names it.
type visit struct {
	AccountID string `json:"AccountId"`
	Username  string
	Password  string
}

func (v Visitor) visit() visit { return visit{v.AccountID, v.Username, string(v.Password)} }

// Launch deploys LAUNCH for an account.
func (c *Client) Launch(ctx context.Context, apiID string, o LaunchOptions) (Deployment, error) {
	return deploy(ctx, c, path("accounts", apiID, "launch"), o)
}

// LaunchFor deploys LAUNCH for a user.
func (c *Client) LaunchFor(ctx context.Context, v Visitor, o LaunchOptions) (Deployment, error) {
	return deploy(ctx, c, "/users/launch", struct {
		visit
		LaunchOptions
	}{v.visit(), o})
}

// Orbit deploys ORBIT for an account.
func (c *Client) Orbit(ctx context.Context, apiID string, p Preparation) (Deployment, error) {
	return deploy(ctx, c, path("accounts", apiID, "orbit"), p)
}

// OrbitFor deploys ORBIT for a user.
func (c *Client) OrbitFor(ctx context.Context, v Visitor, p Preparation) (Deployment, error) {
	return deploy(ctx, c, "/users/orbit", struct {
		visit
		Preparation
	}{v.visit(), p})
}

// Marketplace deploys a marketplace for an account.
func (c *Client) Marketplace(ctx context.Context, apiID string, o MarketplaceOptions) (Deployment, error) {
	return deploy(ctx, c, path("accounts", apiID, "marketplace"), o)
}

// MarketplaceFor deploys a marketplace for a user.
func (c *Client) MarketplaceFor(ctx context.Context, v Visitor, o MarketplaceOptions) (Deployment, error) {
	return deploy(ctx, c, "/users/marketplace", struct {
		visit
		MarketplaceOptions
	}{v.visit(), o})
}
