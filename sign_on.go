package tandem

import "context"

// SignOn says how a partner's people sign in at a page of the partner's own, by
// OpenID Connect.
type SignOn struct {
	Issuer       string // "": there is none
	ClientID     string
	ClientSecret Secret   // to be set; never shown
	Console      bool     // for console users
	Accounts     bool     // for account users
	Domains      []string // of the addresses that it is for; lower case
	Pending      []string // of Domains: those that the operator has yet to approve. They count for no console user
	CreateUsers  bool     // makes console users, who may do nothing yet
}

// DomainClaim is a partner's wish to sign on people of a domain.
type DomainClaim struct {
	Domain   string
	Partner  PartnerID
	Name     string // of the partner
	Approved bool
}

// SignOnKind is what somebody signs in to.
type SignOnKind string

// The kinds.
const (
	ConsoleSignOn SignOnKind = "console"
	AccountSignOn SignOnKind = "account"
)

// SignOnStart is a sign-in that is about to go elsewhere.
type SignOnStart struct {
	Kind    SignOnKind
	Partner PartnerID // whose people come; 0: Email tells
	Email   string    // of who comes; "" if Partner is known
	To      string    // is in SignedOn again
	Address string    // network address
}

// SignedOn is who has signed in elsewhere.
type SignedOn struct {
	Partner PartnerID
	Email   string // verified; lower case
	Name    string
	To      string // as Begin was given
	Issuer  string
	Subject string // who it is for the issuer, whatever the address
}

// SignOnAnswer is what a browser brings back, by the query of the request.
type SignOnAnswer struct {
	State, Code, Issuer string
	Kept                Secret // what Begin gave for the browser to keep
}

// SignOns are single sign-on by OpenID Connect.
type SignOns interface {
	// Get gives the settings without the secret.
	Get(ctx context.Context, p PartnerID) (SignOn, error)
	// Set changes them; without Issuer there is none any more. Errors: Invalid,
	// Forbidden (by is a console user who may not do everything: who chooses
	// the issuer can come in as anybody).
	Set(ctx context.Context, by Principal, change func(*SignOn)) (SignOn, error)
	// Test asks the provider that is set up what it can do, as a sign-in does
	// first. Errors: NotFound (none is), Unavailable.
	Test(ctx context.Context, p PartnerID) error
	// Claims are the domains that all partners have named, by domain.
	Claims(ctx context.Context) ([]DomainClaim, error)
	// Approve lets a partner, and no other any more, sign on people of a domain
	// that it has named. Errors: NotFound.
	Approve(ctx context.Context, p PartnerID, domain string) error
	// Begin gives the page to sign in at, and what the browser is to keep until
	// it comes back. Errors: NotFound (none is set up for this partner or
	// email), RateLimited, Unavailable.
	Begin(ctx context.Context, n SignOnStart) (url string, keep Secret, err error)
	// Finish finds who has signed in. Errors: Unauthenticated, Unavailable.
	Finish(ctx context.Context, kind SignOnKind, a SignOnAnswer) (SignedOn, error)
	// Enter is Finish for the console. Errors: as Finish; Unauthenticated also
	// for who is no console user; Forbidden (not from this address).
	Enter(ctx context.Context, a SignOnAnswer, address string) (Entry, string, error)
}
