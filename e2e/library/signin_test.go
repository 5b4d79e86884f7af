package library

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/connector"
)

// client sets what a connector is known to its third party as, for all accounts.
func (w *world) client(name, id, secret string) {
	w.Helper()
	w.must(w.acme.Do(w.Context(), "PUT", "/connectors/"+url.PathEscape(w.newest(name))+"/settings", map[string]string{"ClientId": id, "ClientSecret": secret}, nil))
}

// newest is the id of a connector of the library.
func (w *world) newest(name string) string {
	w.Helper()
	var all []struct {
		ID int64 `json:"Id"`
	}
	w.must(w.acme.Do(w.Context(), "GET", "/connectors/"+url.PathEscape(name+" (fake)"), nil, &all))
	return strconv.FormatInt(all[0].ID, 10)
}

// signIn is a person who is sent to the third party, allows everything there, and
// comes back.
func (i *installed) signIn() {
	i.Helper()
	var begun struct {
		URL string `json:"Url"`
	}
	i.must(i.account.Do(i.Context(), "POST", i.path("oauth"), nil, &begun))
	jar, err := cookiejar.New(nil)
	i.must(err)
	browser := http.Client{Jar: jar, Timeout: limit}
	resp, err := browser.Get(begun.URL)
	i.must(err)
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	i.must(err)
	if at := i.look(); resp.StatusCode != http.StatusOK || !at.Authenticated {
		i.Fatalf("signed in: %+v; %s of %s: %s", at, resp.Status, resp.Request.URL, page)
	}
}

// state is what is known of an installed connector.
type state struct {
	client.AccountConnector
	AuthenticationNote *string
	Properties         []client.Property
}

// look reads the connector.
func (i *installed) look() (s state) {
	i.Helper()
	i.must(i.account.Do(i.Context(), "GET", i.path(""), nil, &s))
	return s
}

// property is the value of a property.
func (i *installed) property(name string) string {
	i.Helper()
	for _, p := range i.look().Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// path is that of the connector in the API, or of something beneath it.
func (i *installed) path(beneath string) string {
	return strings.TrimSuffix("/account/connectors/"+strconv.FormatInt(int64(i.ID), 10)+"/"+beneath, "/")
}

// tested checks the credentials again.
func (i *installed) tested() {
	i.Helper()
	var s state
	i.must(i.account.Do(i.Context(), "POST", i.path("test"), nil, &s))
	if !s.Authenticated || s.AuthenticationNote != nil {
		i.Errorf("tested: %+v", s)
	}
}

// subLookUp gives the choices of a lookup that depends on others.
func (i *installed) subLookUp(trigger string, chosen values) []client.Choice {
	i.Helper()
	for _, t := range i.whole.Triggers {
		if t.Name != trigger {
			continue
		}
		in := client.MethodInput{Parameters: map[string]any{}}
		for _, p := range i.method(t.Method).Parameters {
			if v, ok := chosen[p.Name]; ok {
				in.Parameters[strconv.FormatInt(p.ID, 10)] = v
			}
		}
		var choices []client.Choice
		i.must(i.account.Do(i.Context(), "POST", i.path("triggers/"+strconv.FormatInt(t.ID, 10)), in, &choices))
		return choices
	}
	i.Fatalf("there is no lookup %q", trigger)
	return nil
}

// discover finds the custom fields of a method, and gives their locations.
func (i *installed) discover(method string, request bool, parameters values) map[string]field {
	i.Helper()
	in := map[string]any{"Method": i.method(method).MethodUniqueIdentifier, "ForRequestFormat": request, "Parameters": parameters}
	var out struct {
		New, Kept []field
		LeftOut   []string
	}
	i.must(i.account.Do(i.Context(), "POST", i.path("fields/discover"), in, &out))
	if len(out.LeftOut) > 0 {
		i.Errorf("%s: left out %q", method, out.LeftOut)
	}
	all := map[string]field{}
	for _, f := range append(out.New, out.Kept...) {
		all[f.ConnectorField] = f
	}
	i.fields = append(i.fields, out.New...)
	return all
}

// field is a custom field.
type field struct {
	ID                                    int64 `json:"Id"`
	ConnectorField, DisplayName, DataType string
	MethodUniqueIdentifier                string
	ForRequestFormat, ReadOnly            bool
	Values                                []struct{ Value, Label string }
}

// wayNamed is the id of a way to authenticate of a connector that is not installed,
// by name.
func (w *world) wayNamed(name, way string) int64 {
	w.Helper()
	var all []struct{ Authentication []connector.Authentication }
	w.must(w.acme.Do(w.Context(), "GET", "/connectors/"+url.PathEscape(name+" (fake)"), nil, &all))
	for _, a := range all[0].Authentication {
		if a.Name == way {
			return a.ID
		}
	}
	w.Fatalf("there is no way in called %s", way)
	return 0
}
