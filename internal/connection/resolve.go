package connection

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// use is the use of an account connector by an account.
type use struct {
	account   tandem.AccountID
	connector tandem.AccountConnectorID
}

// Resolved is an account connector opened for use in calls. It is shared:
// nobody changes it.
type Resolved struct {
	Owner          tandem.AccountID // whose it is: the account that asks, or one above it
	Connector      *connector.Connector
	Authentication *connector.Authentication
	AuthValue      tandem.Secret            // what goes into a request: a key, user:password in base64, a token
	Values         map[string]tandem.Secret // members of an AuthValue that is an object; of OAuth 1.0a the client, too
	Properties     map[string]string        // by parameter name
	State          tandem.AuthenticationState
	Note           string // what is known to be wrong with it

	expires time.Time // of a token; zero: not known

	custom  []tandem.CustomField
	methods sync.Map // those with custom fields, by *connector.Method
}

// Renewable says that there may be other credentials when these are refused.
func (r *Resolved) Renewable() bool {
	return r.State == tandem.Authenticated && tokened(r.Authentication)
}

// Method is m with the custom fields that the account connector has for it.
func (r *Resolved) Method(m *connector.Method) *connector.Method {
	if known, ok := r.methods.Load(m); ok {
		return known.(*connector.Method)
	}
	requests, responses := tandem.CustomOf(r.custom, m, true), tandem.CustomOf(r.custom, m, false)
	if len(requests)+len(responses) == 0 {
		return m
	}
	with := *m
	with.RequestFields, with.ResponseFields = slices.Concat(m.RequestFields, requests), slices.Concat(m.ResponseFields, responses)
	known, _ := r.methods.LoadOrStore(m, &with)
	return known.(*connector.Method)
}

// Resolve opens an account connector for a call by account a, which must own
// it or be below the account that does. Its token may have expired: see
// [Connectors.Credentials].
//
// Errors: NotFound.
func (s *Connectors) Resolve(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*Resolved, error) {
	u := use{a, id}
	if r, ok := s.resolved.Get(u); ok {
		return r, nil
	}
	r, err := s.resolved.Load(u, func() (*Resolved, error) { return s.resolve(ctx, u) })
	if err != nil {
		return nil, fmt.Errorf("resolve account connector %d: %w", id, err)
	}
	return r, nil
}

func (s *Connectors) resolve(ctx context.Context, u use) (*Resolved, error) {
	o, err := s.opened(ctx, u)
	if err != nil {
		return nil, err
	}
	custom, err := s.store.CustomFields(ctx, o.Account, u.connector)
	if err != nil {
		return nil, err
	}
	r := &Resolved{
		custom: custom,
		Owner:  o.Account, Connector: o.library.Connector, Authentication: o.way, AuthValue: o.AuthValue, State: o.State, Note: o.Note,
	}
	misled := o.misled()
	r.Properties = o.properties(misled)
	if name := o.withheld(r.Properties); name != "" {
		r.State, r.Note = tandem.NotAuthenticated, fmt.Sprintf(withheldNote, misled, name)
	}
	if err = r.open(o.Tokens); err == nil && r.Values != nil && o.way.AuthType == connector.AuthOAuth1 {
		client := o.client()
		r.Values[connector.ClientIDProperty], r.Values[connector.ClientSecretProperty] = tandem.Secret(client.id), client.secret
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// open makes of the AuthValue what requests take.
//
// Errors: Invalid.
func (r *Resolved) open(tokens *connector.Token) (err error) {
	switch all := members(r.Authentication); {
	case tokened(r.Authentication):
		r.AuthValue = ""
		if tokens != nil {
			r.AuthValue, r.expires = tandem.Secret(tokens.AccessToken), moment(tokens.Expires)
		}
	case all != nil && r.AuthValue != "":
		r.Values, err = readMembers(all, string(r.AuthValue))
	}
	return err
}

// opened is an account connector with all that is known of it.
type opened struct {
	tandem.AccountConnector
	library *tandem.LibraryConnector
	way     *connector.Authentication
	partner setting
}

// opened reads and opens an account connector that an account may use. Errors:
// NotFound.
func (s *Connectors) opened(ctx context.Context, u use) (*opened, error) {
	c, err := s.store.AccountConnector(ctx, u.account, u.connector)
	if err != nil {
		return nil, err
	}
	shelf, err := s.library.AccountShelf(ctx, u.account)
	if err != nil {
		return nil, err
	}
	o := &opened{AccountConnector: c}
	if o.library, err = shelf.Connector(c.Connector); err != nil {
		return nil, err
	}
	if o.way, err = authentication(o.library.Connector, c.AuthenticationID); err != nil {
		return nil, err
	}
	if err := s.open(ctx, &o.AccountConnector); err != nil {
		return nil, err
	}
	if hasSettings(o.library.Connector) {
		o.partner, err = s.settings.of(ctx, u.account, o.library)
	}
	return o, err
}

// hasSettings says that there is something for partners to set.
func hasSettings(c *connector.Connector) bool {
	return slices.ContainsFunc(c.Authentication, func(a connector.Authentication) bool { return a.HasClient() }) ||
		slices.ContainsFunc(c.Parameters, func(p connector.Parameter) bool { return p.PartnerConnectorProperty })
}

// properties are the account connector's own, over the partner's. Of the partner's,
// what is sensitive goes to no address that is the account's to choose, by the
// property that chosen names.
func (o *opened) properties(chosen string) map[string]string {
	all := make(map[string]string, len(o.Properties))
	for i := range o.library.Parameters {
		p := &o.library.Parameters[i]
		if v := o.partners(p); v != "" && (chosen == "" || !p.Sensitive) {
			all[p.Name] = v
		}
	}
	for _, p := range o.Properties {
		all[p.Name] = cmp.Or(p.Value, all[p.Name])
	}
	return all
}

// partners is the partner's value of a property; "" if it has none.
func (o *opened) partners(p *connector.Parameter) string {
	if !p.PartnerConnectorProperty {
		return ""
	}
	return o.partner.Properties[strings.ToLower(p.Name)]
}

// withheldNote says why nothing can be called.
const withheldNote = "The account chooses by %s which address is called, and %s, which is the provider's, does not go there."

// withheld names what calls need and only the partner has, but is not given; "" for
// nothing.
func (o *opened) withheld(given map[string]string) string {
	for i := range o.library.Parameters {
		p := &o.library.Parameters[i]
		if !p.Optional && p.Default == "" && given[p.Name] == "" && o.partners(p) != "" {
			return p.Name
		}
	}
	return ""
}

// moment reads a time as it is kept; zero if there is none.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t
}
