package tandem

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Paths of sign-ins to third parties on the service domain.
const (
	ConnectPath         = "/connectorauth/updateaccountconnectoroauth"
	ConnectCallbackPath = "/connectorauth/callback" // the redirect URI of all connectors
	ConnectorSetupPath  = "/connectorauth/setup"
)

// MaxSetupLifetime is the longest that a setup link may work.
const MaxSetupLifetime = 7 * 24 * time.Hour

// ConnectorLink lets somebody without a session authenticate one account
// connector, once.
type ConnectorLink struct {
	Token   Secret
	URL     string // on the service domain, with the token
	Expires time.Time
}

// ConnectorSignIn is a sign-in to a third party for an account connector.
type ConnectorSignIn struct {
	Partner   PartnerID
	Account   AccountID
	Connector AccountConnectorID
	Customer  bool // an account user asks

	Authentication int64 // way in; 0: the one that is chosen, or else the first by which people sign in

	// How it ends: one of these, or with a page that says so.
	TargetOrigin    string // that is told, or else where the browser goes
	CallbackMessage string // what it is told
	Return          string // a page of the service domain
	Popup           bool   // a page of the service domain waits for it in another window

	Setup TicketID // of the setup link that it uses up; 0: none
}

// LinkPath is where a link for purpose leads on the service domain.
func (s *ConnectorSignIn) LinkPath(purpose Purpose, token Secret) string {
	if purpose == SetupTicket {
		return ConnectorSetupPath + "?" + url.Values{"token": {string(token)}}.Encode()
	}
	q := url.Values{"id": {strconv.FormatInt(int64(s.Connector), 10)}, "token": {string(token)}}
	if s.TargetOrigin != "" {
		q.Set("targetOrigin", s.TargetOrigin)
	}
	if s.CallbackMessage != "" {
		q.Set("callbackMessage", s.CallbackMessage)
	}
	if s.Popup {
		q.Set("popup", "true")
	}
	return ConnectPath + "?" + q.Encode()
}

// ConnectorPage is a page of a third party at which somebody signs in.
type ConnectorPage struct {
	URL   string
	State string // that the browser brings back
	Keep  Secret // that it keeps here until then; nobody else knows it
}

// ConnectorAnswer is what a browser brings back from a third party, by the query
// of the request.
type ConnectorAnswer struct {
	State              string // of OAuth 1.0a: its token
	Code               string // of OAuth 1.0a: its verifier
	Issuer             string // "": it is not said
	Error, Description string // why not; "": it is agreed
	Kept               Secret // as ConnectorPage.Keep
}

// ConnectorSignIns are sign-ins to third parties, by people.
type ConnectorSignIns interface {
	// Callback is the redirect URI of all connectors.
	Callback() string
	// Invite makes a link for one of the account's own connectors: for purpose
	// ConnectTicket to sign in for it at its third party, for SetupTicket to
	// authenticate it in whatever way. Errors: NotFound, Invalid (nobody signs
	// in there, a lifetime beyond MaxSetupLifetime), Forbidden (it is the
	// partner's, and an account user asks).
	Invite(ctx context.Context, purpose Purpose, s ConnectorSignIn, lifetime time.Duration) (ConnectorLink, error)
	// Look reads a link without using it up. Errors: Gone, also for a token that
	// never was.
	Look(ctx context.Context, purpose Purpose, token Secret) (Ticket, ConnectorSignIn, error)
	// Begin gives the third party's page. Errors: as Invite; Unavailable.
	Begin(ctx context.Context, s ConnectorSignIn) (ConnectorPage, error)
	// Finish authenticates the connector, and gives what Begin was given, also
	// with an error if it was this browser's. Errors: Unauthenticated (another
	// browser's, or too old), Invalid (the third party said no), Gone (the setup
	// link was used meanwhile), Unavailable.
	Finish(ctx context.Context, a ConnectorAnswer) (ConnectorSignIn, error)
}
