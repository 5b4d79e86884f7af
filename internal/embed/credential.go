package embed

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// credentials is the part of a form that authenticates a connector.
type credentials struct {
	Key         string
	Name        string
	Description string
	Icon        template.URL
	Ways        []way
	Properties  []input
}

// way is one of the ways to authenticate.
type way struct {
	ID      string
	Label   string
	Chosen  bool
	Several bool // there are others to choose from
	Inputs  []input
}

// iconPrefix begins the icons of the library, which are safe to show.
const iconPrefix = "data:image/png;base64,"

// asked is what a customer is asked of a part; nil if nothing.
func (p *part) asked(values url.Values) *credentials {
	in := p.installed
	if in != nil && (in.Inherited || in.IsPartnerIntegrationConnector) {
		return nil // not theirs to set
	}
	c := &credentials{Key: p.key, Name: p.library.Name, Description: p.library.Description}
	if strings.HasPrefix(p.library.Icon, iconPrefix) {
		c.Icon = template.URL(p.library.Icon)
	}
	if in != nil {
		c.Name = in.Name
	}
	needed, anew := false, in == nil || in.State != tandem.Authenticated
	for _, q := range p.library.Parameters {
		if !p.open(&q) {
			continue
		}
		i := input{
			Name: p.key + ".property." + q.Name, Label: cmp.Or(q.DisplayName, q.Name), Description: q.Description, Value: cmp.Or(q.Value, q.Default),
			Required: !q.Optional && q.Value == "" && q.Default == "", Secret: q.Sensitive, Choices: q.Values,
		}
		needed = needed || i.Required
		anew = anew || i.Required && p.library.Steers(q.ID) // credentials for an address that was not known yet do not go there
		c.Properties = append(c.Properties, i.filled(values))
	}
	if anew && p.library.Authentication[0].AuthType != connector.AuthNone {
		c.Ways, needed = p.ways(values), true
	}
	if !needed {
		return nil
	}
	return c
}

// open says that q is a property for the customer to set, and not set yet.
func (p *part) open(q *connector.Parameter) bool {
	set := func(s tandem.Property) bool { return s.ID == q.ID && s.Value != "" }
	return q.AccountConnectorProperty && !q.Hidden && !(p.installed != nil && slices.ContainsFunc(p.installed.Properties, set))
}

func (p *part) ways(values url.Values) []way {
	var all []way
	chosen := values.Get(p.key + ".way")
	for i, a := range p.library.Authentication {
		w := way{ID: strconv.FormatInt(a.ID, 10), Label: cmp.Or(a.Name, string(a.AuthType)), Several: len(p.library.Authentication) > 1}
		w.Chosen = chosen == w.ID || chosen == "" && i == 0
		name := p.key + "." + w.ID
		required := len(p.library.Authentication) == 1
		switch a.AuthType {
		case connector.AuthAPIKey:
			w.Inputs = []input{input{Name: name + ".key", Label: cmp.Or(a.Name, "Key"), Required: required, Secret: true}.filled(values)}
		case connector.AuthBasic:
			w.Inputs = []input{
				input{Name: name + ".user", Label: "User name", Required: required}.filled(values),
				input{Name: name + ".password", Label: "Password", Required: required, Secret: true}.filled(values),
			}
		case connector.AuthNone: // nothing to ask
		default:
			continue // not a way in for a plain form
		}
		all = append(all, w)
	}
	return all
}

// given are the credentials in a form, as the connector keeps them.
func (p *part) given(values url.Values) (id int64, value tandem.Secret) {
	for _, a := range p.library.Authentication {
		name := fmt.Sprintf("%s.%d", p.key, a.ID)
		if way := values.Get(p.key + ".way"); way != "" && way != strconv.FormatInt(a.ID, 10) {
			continue
		}
		switch a.AuthType {
		case connector.AuthAPIKey:
			value = tandem.Secret(values.Get(name + ".key"))
		case connector.AuthBasic:
			if user, password := values.Get(name+".user"), values.Get(name+".password"); user != "" || password != "" {
				value = tandem.Secret(base64.StdEncoding.EncodeToString([]byte(user + ":" + password)))
			}
		case connector.AuthNone:
		}
		return a.ID, value
	}
	return 0, ""
}

// authenticate gives an installed part what a form says of it, if it was asked
// for anything.
func (e *Embed) authenticate(ctx context.Context, a tandem.AccountID, p *part, values url.Values) error {
	asked := p.asked(values)
	if p.installed == nil || asked == nil {
		return nil
	}
	u := tandem.ConnectorUpdate{Customer: true}
	if asked.Ways != nil {
		id, value := p.given(values)
		u.AuthenticationID = tandem.Some(id)
		if value != "" {
			u.AuthValue = tandem.Some(value)
		}
	}
	for _, q := range p.library.Parameters {
		if value := values.Get(p.key + ".property." + q.Name); value != "" && q.AccountConnectorProperty && !q.Hidden {
			u.Properties = append(u.Properties, tandem.Property{Name: q.Name, Value: value})
		}
	}
	now, err := e.services.Connectors.Update(ctx, a, p.installed.ID, u)
	if err != nil {
		return fmt.Errorf("authenticate account connector %d: %w", p.installed.ID, err)
	}
	*p.installed = *now // for other integrations that share it
	return nil
}
