package connection

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/oauth"
)

// signInTime is how long somebody may take at a third party.
const signInTime = 10 * time.Minute

// SignIns implements tandem.ConnectorSignIns.
type SignIns struct {
	connectors *Connectors
	tickets    tandem.Tickets
	url        string
}

var _ tandem.ConnectorSignIns = (*SignIns)(nil)

// NewSignIns makes the service. Browsers come back to
// tandem.ConnectCallbackPath below url.
func NewSignIns(c *Connectors, tickets tandem.Tickets, url string) *SignIns {
	return &SignIns{c, tickets, strings.TrimSuffix(url, "/")}
}

// invited is the detail of tickets.
type invited struct {
	Connector tandem.AccountConnectorID
	Customer  bool `json:",omitempty"`

	// Of a sign-in that is under way.
	Authentication  int64           `json:",omitempty"`
	State           string          `json:",omitempty"` // of OAuth 1.0a: its token
	Secret          string          `json:",omitempty"` // PKCE's verifier; of OAuth 1.0a: the token's
	TargetOrigin    string          `json:",omitempty"`
	CallbackMessage string          `json:",omitempty"`
	Return          string          `json:",omitempty"`
	Popup           bool            `json:",omitempty"`
	Setup           tandem.TicketID `json:",omitempty"`
}

func (i *invited) signIn(t tandem.Ticket) tandem.ConnectorSignIn {
	return tandem.ConnectorSignIn{
		Partner: t.Partner, Account: t.Account, Connector: i.Connector, Customer: i.Customer, TargetOrigin: i.TargetOrigin, CallbackMessage: i.CallbackMessage, Return: i.Return, Popup: i.Popup, Setup: i.Setup,
	}
}

// Invite implements tandem.ConnectorSignIns.
func (s *SignIns) Invite(ctx context.Context, purpose tandem.Purpose, in tandem.ConnectorSignIn, lifetime time.Duration) (tandem.ConnectorLink, error) {
	if lifetime < time.Minute || lifetime > tandem.MaxSetupLifetime {
		return tandem.ConnectorLink{}, tandem.Invalidf("ExpiresInMinutes", "ExpiresInMinutes: want 1 to %d", tandem.MaxSetupLifetime/time.Minute)
	}
	o, err := s.own(ctx, in)
	if err != nil {
		return tandem.ConnectorLink{}, err
	}
	if purpose == tandem.ConnectTicket {
		if _, err := o.interactive(); err != nil {
			return tandem.ConnectorLink{}, err
		}
	}
	token, t, err := s.issue(ctx, purpose, in, invited{Connector: in.Connector, Customer: in.Customer}, lifetime)
	if err != nil {
		return tandem.ConnectorLink{}, fmt.Errorf("invite to account connector %d: %w", in.Connector, err)
	}
	return tandem.ConnectorLink{Token: token, URL: s.url + in.LinkPath(purpose, token), Expires: t.Expires}, nil
}

func (s *SignIns) issue(ctx context.Context, purpose tandem.Purpose, of tandem.ConnectorSignIn, in invited, lifetime time.Duration) (tandem.Secret, tandem.Ticket, error) {
	detail, err := json.Marshal(in)
	if err != nil {
		return "", tandem.Ticket{}, err
	}
	return s.tickets.Issue(ctx, tandem.Ticket{Purpose: purpose, Partner: of.Partner, Account: of.Account, Detail: detail, Expires: time.Now().Add(lifetime).UTC().Truncate(time.Microsecond)})
}

// Look implements tandem.ConnectorSignIns.
func (s *SignIns) Look(ctx context.Context, purpose tandem.Purpose, token tandem.Secret) (tandem.Ticket, tandem.ConnectorSignIn, error) {
	t, err := s.tickets.Look(ctx, purpose, token)
	if err != nil {
		return t, tandem.ConnectorSignIn{}, err
	}
	var in invited
	if err := json.Unmarshal(t.Detail, &in); err != nil {
		return t, tandem.ConnectorSignIn{}, fmt.Errorf("read a link to an account connector: %w", err)
	}
	return t, in.signIn(t), nil
}

// own opens a connector that is the account's own.
func (s *SignIns) own(ctx context.Context, in tandem.ConnectorSignIn) (*opened, error) {
	o, err := s.connectors.opened(ctx, use{in.Account, in.Connector})
	switch {
	case err != nil:
		return nil, fmt.Errorf("sign in for account connector %d: %w", in.Connector, err)
	case o.Inherited:
		return nil, tandem.NotFoundf("Account connector could not be found.")
	case in.Customer && o.IsPartnerIntegrationConnector:
		return nil, &tandem.Error{Code: tandem.Forbidden, Message: "The settings of this connector are kept by whoever provides it."}
	}
	return o, nil
}

// interactive is the way in by which a person signs in at the third party: the
// one that is chosen, or else the first.
func (o *opened) interactive() (*connector.Authentication, error) {
	if o.way.Interactive() {
		return o.way, nil
	}
	for i := range o.library.Authentication {
		if a := &o.library.Authentication[i]; a.Interactive() {
			return a, nil
		}
	}
	return nil, tandem.Invalidf("", "Nobody signs in at %s: its credentials are set as AuthValue.", o.library.Name)
}

// Begin implements tandem.ConnectorSignIns.
func (s *SignIns) Begin(ctx context.Context, in tandem.ConnectorSignIn) (tandem.ConnectorPage, error) {
	o, err := s.own(ctx, in)
	if err != nil {
		return tandem.ConnectorPage{}, err
	}
	if in.Authentication != 0 {
		if o.way, err = authentication(o.library.Connector, in.Authentication); err != nil {
			return tandem.ConnectorPage{}, err
		}
	}
	if o.way, err = o.interactive(); err != nil {
		return tandem.ConnectorPage{}, err
	}
	f := s.connectors.flow(o)
	if name := o.astray(); f.ClientID == "" && name != "" && o.partner.ClientID != "" {
		return tandem.ConnectorPage{}, tandem.Invalidf("", "The account chooses by %s where to sign in, so the connector needs a ClientId and ClientSecret of its own.", name)
	}
	at := invited{
		Connector: in.Connector, Customer: in.Customer, Authentication: o.way.ID, TargetOrigin: in.TargetOrigin, CallbackMessage: in.CallbackMessage,
		Return: in.Return, Popup: in.Popup, Setup: in.Setup,
	}
	page := tandem.ConnectorPage{}
	if o.way.AuthType == connector.AuthOAuth1 {
		var begun oauth.Signed
		begun, page.URL, err = f.RequestToken(ctx, s.Callback())
		at.State, at.Secret = string(begun.Token), string(begun.Secret)
	} else {
		at.State, at.Secret = rand.Text(), oauth.NewVerifier()
		page.URL, err = f.AuthoriseURL(ctx, oauth.Authorisation{State: at.State, Verifier: at.Secret, Redirect: s.Callback()})
	}
	if err != nil {
		return tandem.ConnectorPage{}, signInError(o, err)
	}
	page.State = at.State
	if page.Keep, _, err = s.issue(ctx, tandem.ConnectingTicket, in, at, signInTime); err != nil {
		return tandem.ConnectorPage{}, fmt.Errorf("sign in for account connector %d: %w", in.Connector, err)
	}
	return page, nil
}

// Callback implements tandem.ConnectorSignIns.
func (s *SignIns) Callback() string { return s.url + tandem.ConnectCallbackPath }

// signInError tells a person what a third party said.
func signInError(o *opened, err error) error {
	var e *oauth.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Kind == oauth.Transient {
		return &tandem.Error{Code: tandem.Unavailable, Message: fmt.Sprintf("%s: %s. Try again in a while.", o.library.Name, detail(err)), RetryAfter: e.RetryAfter, Err: err}
	}
	return &tandem.Error{Code: tandem.Invalid, Message: fmt.Sprintf("%s: %s.", o.library.Name, detail(err)), Err: err}
}

// errNotBegun is all that is told of an answer to nothing that this browser began.
func errNotBegun(err error) error {
	return &tandem.Error{Code: tandem.Unauthenticated, Message: "This sign-in did not begin in this browser, or took too long. Begin again.", Err: err}
}

// Finish implements tandem.ConnectorSignIns. A code goes to the third party that
// the sign-in began with, and to no other.
func (s *SignIns) Finish(ctx context.Context, a tandem.ConnectorAnswer) (tandem.ConnectorSignIn, error) {
	if a.State == "" || a.Kept == "" {
		return tandem.ConnectorSignIn{}, errNotBegun(errors.New("no state"))
	}
	t, err := s.tickets.Use(ctx, tandem.ConnectingTicket, a.Kept)
	if err != nil {
		return tandem.ConnectorSignIn{}, errNotBegun(err)
	}
	var at invited
	if err := json.Unmarshal(t.Detail, &at); err != nil {
		return tandem.ConnectorSignIn{}, fmt.Errorf("read state: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(at.State)) != 1 {
		return tandem.ConnectorSignIn{}, errNotBegun(errors.New("another state"))
	}
	in := at.signIn(t)
	o, err := s.own(ctx, in)
	if err != nil {
		return in, err
	}
	if o.way, err = authentication(o.library.Connector, at.Authentication); err != nil {
		return in, err
	}
	c, err := s.exchange(ctx, o, at, a)
	if err != nil {
		return in, err
	}
	if at.Setup != 0 {
		// Whoever comes second finds the link used.
		if err := s.tickets.Revoke(ctx, tandem.Ticket{ID: at.Setup, Purpose: tandem.SetupTicket, Partner: t.Partner, Account: t.Account}); err != nil {
			return in, &tandem.Error{Code: tandem.Gone, Message: "This link has been used already, or is too old. Ask for a new one.", Err: err}
		}
	}
	if err := s.connectors.signedIn(ctx, o, c); err != nil {
		return in, err
	}
	o.State = tandem.Authenticated
	return in, s.connectors.introduce(ctx, &o.AccountConnector)
}

// obtained is what came of a sign-in.
type obtained struct {
	tokens *connector.Token // of OAuth 2.0
	value  tandem.Secret    // of OAuth 1.0a
}

func (s *SignIns) exchange(ctx context.Context, o *opened, at invited, a tandem.ConnectorAnswer) (obtained, error) {
	f := s.connectors.flow(o)
	if a.Error != "" {
		said := oauth.Say(a.Error)
		if a.Description != "" {
			said += ": " + oauth.Say(a.Description)
		}
		return obtained{}, tandem.Invalidf("", "%s did not agree: %s.", o.library.Name, strings.TrimSuffix(said, "."))
	}
	if a.Issuer != "" && !f.Issues(a.Issuer) {
		return obtained{}, errNotBegun(fmt.Errorf("an answer of %q to a sign-in at %s", a.Issuer, o.way.AuthoriseURL))
	}
	if a.Code == "" {
		return obtained{}, tandem.Invalidf("", "%s sent nothing to sign in with.", o.library.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if o.way.AuthType == connector.AuthOAuth1 {
		got, err := f.AccessToken(ctx, oauth.Signed{Token: tandem.Secret(at.State), Secret: tandem.Secret(at.Secret)}, tandem.Secret(a.Code))
		if err != nil {
			return obtained{}, signInError(o, err)
		}
		return obtained{value: object(map[string]tandem.Secret{oauthTokenMember: got.Token, oauthSecretMember: got.Secret})}, nil
	}
	got, err := f.Exchange(ctx, tandem.Secret(a.Code), oauth.Authorisation{State: at.State, Verifier: at.Secret, Redirect: s.Callback()})
	if err != nil {
		return obtained{}, signInError(o, err)
	}
	return obtained{tokens: kindOfToken(got)}, nil
}

// signedIn gives o the credentials that a sign-in has brought.
func (s *Connectors) signedIn(ctx context.Context, o *opened, got obtained) error {
	now, err := s.change(ctx, o.Account, o.ID, func(c *tandem.AccountConnector, _ *connector.Connector) error {
		if steered(o.library.Connector, o.Properties, c.Properties) != "" { // what was given was given for where it was sent then
			return tandem.Conflictf("The connector was changed meanwhile. Sign in again.")
		}
		c.AuthenticationID, c.AuthValue, c.Tokens, c.State, c.Note = o.way.ID, got.value, got.tokens, tandem.Authenticated, ""
		return nil
	}, tandem.ConnectorUpdate{})
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "connector signed in", "account", o.Account, "account_connector", o.ID, "connector", o.library.Name)
	return s.introduce(ctx, now)
}
