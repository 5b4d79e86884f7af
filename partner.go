package tandem

import (
	"context"
	"time"
)

// Partner is a vendor: the owner of accounts, templates, console users and
// OAuth clients.
type Partner struct {
	ID      PartnerID `json:"Id"`
	Name    string
	Created time.Time `json:"CreatedDate"`
}

// TokenLifetime is how long an access token works.
const TokenLifetime = 14 * 24 * time.Hour

// PartnerSettings hold for all of a partner's accounts unless an account has its
// own. Each group is one service's.
type PartnerSettings struct {
	Account    AccountDefaults
	Security   SecuritySettings
	Embed      EmbedSettings
	Task       TaskSettings
	Notice     NoticeSettings
	Appearance Appearance
}

// Settings are the partner's own.
type Settings interface {
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID) (PartnerSettings, error)
	// Change changes settings under change, which sees them as they are and
	// cannot be overtaken. Errors: NotFound, and change's.
	Change(ctx context.Context, p PartnerID, change func(*PartnerSettings) error) (PartnerSettings, error)
	// Partner is the partner itself. Errors: NotFound.
	Partner(ctx context.Context, p PartnerID) (Partner, error)
	// Rename gives the partner another name, as its team reads it. Errors:
	// NotFound, Invalid (Name).
	Rename(ctx context.Context, p PartnerID, name string) (Partner, error)
}

// Principal is who makes a request, always of one partner: an OAuth client,
// possibly restricted to one account; a console user; or an account user, in one
// account.
type Principal struct {
	Partner     PartnerID
	Account     AccountID     // not 0: restricted to this account
	Client      string        // OAuth client id, if a token was used
	ConsoleUser ConsoleUserID // not 0: signed in to the console
	Permissions Permissions   // of the console user

	User          UserID // not 0: signed in to Account
	Administrator bool   // of Account

	Session SessionID // not 0: signed in by this browser
}

// NewPartner is what Setup makes, secrets in plain text for this once.
type NewPartner struct {
	PartnerID    PartnerID `json:"PartnerId"`
	ClientID     string    `json:"ClientId"`
	ClientSecret string
	Email        string
	Password     string
}

// TokenRequest is a client-credentials grant (RFC 6749, section 4.4).
type TokenRequest struct {
	GrantType    string
	ClientID     string
	ClientSecret Secret
	Scope        string // "" or account:{API ID}
	Address      string // network address that it comes from
}

// AccessToken is an issued token.
type AccessToken struct {
	Token    Secret
	ClientID string
	Issued   time.Time
	Expires  time.Time
}

// Identity is about who may come in.
type Identity interface {
	// Setup makes a partner with one console user, who may be one of other
	// partners too, and one OAuth client. Errors: Invalid (no name, bad email).
	Setup(ctx context.Context, name, email string) (NewPartner, error)
	// IssueToken answers a client-credentials grant. Errors: Invalid with
	// Message invalid_client, unsupported_grant_type or invalid_scope.
	IssueToken(ctx context.Context, r TokenRequest) (AccessToken, error)
	// Authenticate finds whose an access token is. Errors: Unauthenticated.
	Authenticate(ctx context.Context, token Secret) (Principal, error)
}
