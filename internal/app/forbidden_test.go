package app

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/egress/egresstest"
)

// Whatever way an address is written that is not for customers to reach, neither
// a script's request, nor one for a token, nor an import, nor a notice of an error
// goes there. All four do where an operator allows it.
func TestForbiddenAddresses(t *testing.T) {
	canary := egresstest.NewCanary(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	c := config(t, "")
	c.EgressAllow = nil
	closed := waysOut(t, c)
	var urls []string
	for _, host := range egresstest.Hosts() {
		urls = append(urls, "http://"+host+":"+canary.Port)
	}
	for some := range slices.Chunk(urls, 90) {
		if n := closed.scripted(t, some); n != len(some) {
			t.Errorf("scripts: %d of %d refused", n, len(some))
		}
	}
	for _, url := range urls {
		closed.imported(t, url)
		closed.token(t, url)
		closed.told(t, url)
	}
	if came := canary.Reached(); len(came) > 0 {
		t.Errorf("reached %s", strings.Join(came, ", "))
	}

	open, url := waysOut(t, config(t, "")), "http://127.0.0.1:"+canary.Port
	for i, way := range []func(){
		func() { open.scripted(t, []string{url}) }, func() { open.imported(t, url) }, func() { open.token(t, url) },
		func() { open.told(t, url) },
	} {
		if way(); len(canary.Reached()) != i+1 {
			t.Errorf("way %d does not go out at all", i)
		}
	}
}

// out are ways out of a server, which an account has.
type out struct {
	*running
	account      *client.Client
	none, oauth2 client.Install
	urls         string // id of the script's parameter
}

func waysOut(t *testing.T, c Config) *out {
	t.Helper()
	r := start(t, c)
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "a", Name: "A"}); err != nil {
		t.Fatal(err)
	}
	o := &out{running: r, account: r.acme.Account("a")}
	document := json.RawMessage(`{
		"Name": "Own", "Version": "1", "ReleaseStatus": "Live", "UniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c78",
		"Authentication": [{"Name": "None", "AuthType": "None"}, {"AuthType": "OAuth2", "OAuth2Type": "ClientCredentials", "AccessTokenUrl": "{{Base}}/token"}],
		"Parameters": [{"Name": "Base", "TargetType": "MergeField", "AccountConnectorProperty": true, "Optional": true}],
		"Methods": [{"Name": "Ask", "MethodUniqueIdentifier": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c02", "MethodType": "Script", "ResponseDataType": "Json",
			"Parameters": [{"Name": "Urls", "TargetType": "Script"}],
			"Script": "function after_action() { method_response = { refused: 0 }; JSON.parse(script_parameters.Urls).forEach(function (url) { try { http_request({ method: 'GET', url: url }); } catch (e) { method_response.refused++; } }); return true }"}]
	}`)
	o.do(t, http.MethodPost, "/account/connectors/custom", document, nil)
	var shown []struct {
		Authentication []struct {
			ID int64 `json:"Id"`
		}
	}
	o.do(t, http.MethodGet, "/connectors/Own", nil, &shown)
	o.none.AuthenticationID, o.oauth2.AuthenticationID, o.oauth2.AuthValue = shown[0].Authentication[0].ID, shown[0].Authentication[1].ID, "{}"
	var methods []struct {
		Parameters []struct {
			ID int64 `json:"Id"`
		}
	}
	o.do(t, http.MethodGet, "/connectors/Own/methods", nil, &methods)
	o.urls = strconv.FormatInt(methods[0].Parameters[0].ID, 10)
	return o
}

func (o *out) do(t *testing.T, method, path string, in, answer any) {
	t.Helper()
	if err := o.account.Do(t.Context(), method, path, in, answer); err != nil {
		t.Fatal(err)
	}
}

// scripted has a script ask for addresses, and counts those that it could not.
func (o *out) scripted(t *testing.T, urls []string) int {
	t.Helper()
	installed, err := o.account.InstallConnector(t.Context(), "Own", o.none)
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(urls)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := o.account.CallMethod(t.Context(), installed.ID, "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c02", client.MethodInput{Parameters: map[string]any{o.urls: string(list)}})
	var got struct{ Refused int }
	if err == nil {
		err = json.Unmarshal(answer, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.Refused
}

// imported has a document imported that is not there.
func (o *out) imported(t *testing.T, url string) {
	t.Helper()
	if err := o.account.Do(t.Context(), http.MethodPost, "/account/connectors/custom/import", map[string]any{"Url": url + "/openapi.json", "DryRun": true}, nil); err == nil {
		t.Errorf("%s is imported", url)
	}
}

// token has a token asked for that nobody gives. What is no address may be refused
// as a property.
func (o *out) token(t *testing.T, url string) {
	t.Helper()
	in := o.oauth2
	in.Properties = []client.Property{{Name: "Base", Value: url}, {Name: "ClientId", Value: "id"}, {Name: "ClientSecret", Value: "secret"}}
	if c, err := o.account.InstallConnector(t.Context(), "Own", in); err == nil && c.Authenticated {
		t.Errorf("%s gave a token", url)
	}
}

// told has a receiver told something, each time another: one that failed is left
// alone for a while. What is no address may be refused as a setting.
func (o *out) told(t *testing.T, url string) {
	t.Helper()
	_, err := o.Settings.Change(t.Context(), o.partner.PartnerID, func(set *tandem.PartnerSettings) error {
		set.Notice.NotificationWebhookURL = &url
		return nil
	})
	if err != nil {
		return
	}
	_, from, _, err := o.store.Untold(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	n := tandem.Notice{ID: tandem.NewGUID(), Partner: o.partner.PartnerID, Account: 1, Kind: tandem.NoticeKind(url), Created: time.Now(), Payload: []byte("{}")}
	if done, err := o.store.Tell(t.Context(), from, from, []tandem.Notice{n}); err != nil || !done {
		t.Fatal(done, err)
	}
	eventually(t, "an attempt", func() bool {
		p, err := o.Notices.List(t.Context(), o.partner.PartnerID, tandem.NoticeFilter{Kind: n.Kind})
		if err == nil && p.Rows[0].Attempts == 0 {
			err = o.App.notices.Flush(t.Context())
			return false
		}
		return err == nil
	})
}
