package embed

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
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

	installed tandem.AccountConnectorID // 0: it will be
}

// way is one of the ways to authenticate.
type way struct {
	ID      string
	Label   string
	Chosen  bool
	Several bool // there are others to choose from
	Inputs  []input

	SignsIn bool   // at the third party
	Begin   string // address where that begins; "": once it is installed
	Popup   bool   // in another window
}

// iconPrefix begins the icons of the library, which are safe to show.
const iconPrefix = "data:image/png;base64,"

// asked is what a customer is asked of a part; nil if nothing.
func (p *part) asked(values url.Values) *credentials {
	if in := p.installed; in != nil && (in.Inherited || in.IsPartnerIntegrationConnector) {
		return nil // not theirs to set
	}
	return p.needs(values)
}

// needs is asked of whoever may set it all.
func (p *part) needs(values url.Values) *credentials {
	in := p.installed
	c := &credentials{Key: p.key, Name: p.library.Name, Description: p.library.Description}
	if strings.HasPrefix(p.library.Icon, iconPrefix) {
		c.Icon = template.URL(p.library.Icon)
	}
	if in != nil {
		c.Name, c.installed = in.Name, in.ID
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
	for i := range p.library.Authentication {
		a := &p.library.Authentication[i]
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
		default: // what there is to ask
			w.SignsIn = a.Interactive()
			for _, f := range a.Asked() {
				i := input{
					Name: name + "." + f.Name, Label: cmp.Or(f.DisplayName, f.Name), Description: f.Description, Required: required && !f.Optional,
					Secret: f.Sensitive, Long: f.Multiline,
				}
				w.Inputs = append(w.Inputs, i.filled(values))
			}
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
		default:
			value = givenMembers(&a, name, values)
		}
		return a.ID, value
	}
	return 0, ""
}

// givenMembers are credentials that are an object; "" if nothing was given. A
// client's own are asked for with no more than the wish.
func givenMembers(a *connector.Authentication, name string, values url.Values) tandem.Secret {
	if a.AuthType == connector.AuthOAuth2 && a.OAuth2Type == connector.ClientCredentials {
		return "{}"
	}
	given := map[string]string{}
	for _, f := range a.Asked() {
		if v := values.Get(name + "." + f.Name); v != "" {
			given[f.Name] = v
		}
	}
	if len(given) == 0 {
		return ""
	}
	text, _ := json.Marshal(given) // texts can always be encoded
	return tandem.Secret(text)
}

// authenticate gives an installed part what a form says of it, if it was asked
// for anything.
func (e *Embed) authenticate(ctx context.Context, a tandem.AccountID, p *part, values url.Values) error {
	asked := p.asked(values)
	if p.installed == nil || asked == nil {
		return nil
	}
	now, err := e.services.Connectors.Update(ctx, a, p.installed.ID, p.update(asked, values))
	if err != nil {
		return fmt.Errorf("authenticate account connector %d: %w", p.installed.ID, err)
	}
	*p.installed = *now // for other integrations that share it
	return nil
}

// update is what a form says of what was asked.
func (p *part) update(asked *credentials, values url.Values) tandem.ConnectorUpdate {
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
	return u
}
