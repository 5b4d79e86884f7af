package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/store"
)

const service = "https://hostapp.example.com"

type answerOfDeploy struct {
	AccountID    string    `json:"AccountId"`
	ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
	LaunchURL    string    `json:"LaunchUrl"`
	OrbitURL     string    `json:"OrbitUrl"`
	MarketURL    string    `json:"MarketplaceUrl"`
	Token        string
}

// deploy makes a deploy call that must succeed.
func (w *world) deploy(path string, body any) (d answerOfDeploy) {
	w.t.Helper()
	w.ok(call{method: "POST", path: path, body: body}, &d)
	if d.Token == "" || time.Until(d.ExpiresAtUTC) > 5*time.Minute || time.Until(d.ExpiresAtUTC) < 4*time.Minute {
		w.t.Errorf("token %q until %s", d.Token, d.ExpiresAtUTC)
	}
	return d
}

func TestDeployURLs(t *testing.T) {
	w := newWorld(t, api.Options{})
	var m struct {
		ID int64 `json:"Id"`
	}
	w.ok(call{method: "POST", path: "/v1.0/marketplaces", body: map[string]any{"Name": "Store"}}, &m)
	if m.ID != 1 {
		t.Fatalf("marketplace %d", m.ID)
	}
	for _, tt := range []struct{ path, body, want string }{
		{"launch", ``, "/launch?auto=true&single=false"},
		{"launch", `{}`, "/launch?auto=true&single=false"},
		{"launch", `{"InlineOAuth":true,"Start":true,"RunOnce":false,"Wizard":false,"DisplayDescriptions":false}`, "/launch?auto=true&single=false"},
		{"launch", `{"InlineOAuth":false}`, "/launch?inline=false&auto=true&single=false"},
		{"launch", `{"start":"false"}`, "/launch?start=false&auto=true&single=false"},
		{"launch", `{"RUNONCE":"True"}`, "/launch?once=true&auto=true&single=false"},
		{"launch", `{"Wizard":"true"}`, "/launch?wizard=true&auto=true&single=false"},
		{"launch", `{"DisplayDescriptions":true}`, "/launch?descriptions=true&auto=true&single=false"},
		{"launch", `{"AutoInstall":"false","SingleInstall":"TRUE"}`, "/launch?auto=false&single=true"},
		{"launch", `{"AutoInstall":null,"Tags":null}`, "/launch?auto=true&single=false"},
		{"launch", `{"Tags":["CRM","e mail"]}`, "/launch?auto=true&single=false&tags=CRM&tags=e+mail"},
		{"launch", `{"Tags":"CRM"}`, "/launch?auto=true&single=false&tags=CRM"},
		{"launch", `{"CompleteParameter":"a=1&b"}`, "/launch?auto=true&single=false&completeParameter=a%3D1%26b"},
		{"launch", `{"CompleteParameter":17,"Unknown":{"x":1}}`, "/launch?auto=true&single=false&completeParameter=17"},
		{
			"launch", `{"Tags":["x"],"Start":false,"RunOnce":true,"AutoInstall":false,"SingleInstall":true,"InlineOAuth":false,"Wizard":true,"DisplayDescriptions":true,"CompleteParameter":"é"}`,
			"/launch?inline=false&start=false&once=true&wizard=true&descriptions=true&auto=false&single=true&tags=x&completeParameter=%C3%A9",
		},
		{"orbit", ``, "/orbit"},
		{"orbit", `{"AccountName":"Books"}`, "/orbit"},
		{"marketplace", `{"MarketplaceId":1}`, "/marketplace/1"},
		{"marketplace", `{"MarketplaceId":"1","InlineOAuth":"false","CompleteParameter":"p"}`, "/marketplace/1?inline=false&completeParameter=p"},
	} {
		var body any
		if tt.body != "" {
			body = tt.body
		}
		d := w.deploy("/v1.0/accounts/books/"+tt.path, body)
		want := service + "/account/signinwithtoken?token=" + url.QueryEscape(d.Token) + "&returnUrl=" + url.QueryEscape(tt.want)
		if got := d.LaunchURL + d.OrbitURL + d.MarketURL; got != want || d.AccountID != "books" {
			t.Errorf("%s %s: in %q\n got %s\nwant %s", tt.path, tt.body, d.AccountID, got, want)
		}
	}
	// What a sign-in could not lead to is refused before anything is made.
	for _, path := range []string{"/v1.0/accounts/long/launch", "/v1.0/accounts/long/marketplace"} {
		w.fails(call{method: "POST", path: path, body: map[string]any{"MarketplaceId": 1, "CompleteParameter": strings.Repeat("é", 800)}}, 400, "CompleteParameter: with it (and Tags), the address of the screen has more than 4096 bytes")
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/long"}, 404, "")
	w.deploy("/v1.0/accounts/books/launch", map[string]any{"CompleteParameter": strings.Repeat("é", 600)})
	// The default of InlineOAuth is a setting.
	w.ok(call{method: "PUT", path: "/v1.0/settings/embedding", body: `{"InlineOAuth":"false"}`}, nil)
	for body, want := range map[string]string{`{}`: "inline%3Dfalse", `{"InlineOAuth":true}`: "%2Flaunch%3Fauto"} {
		if d := w.deploy("/v1.0/accounts/books/launch", body); !strings.Contains(d.LaunchURL, want) {
			t.Errorf("%s: %s", body, d.LaunchURL)
		}
	}
}

// The token of the answer opens the account, for the user, once.
func (w *world) opens(token, account string) tandem.Ticket {
	w.t.Helper()
	is, err := identity.NewTickets(w.db).Use(w.t.Context(), tandem.SignInTicket, tandem.Secret(token))
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil || is.Account != a.ID || is.Partner != w.partner.PartnerID || is.User == 0 {
		w.t.Errorf("%+v, account %+v, %v", is, a, err)
	}
	return is
}

func TestDeployForAnAccount(t *testing.T) {
	w := newWorld(t, api.Options{})
	first := w.opens(w.deploy("/v1.0/accounts/books/launch", `{"AccountName":"Books","AccountDescription":"A shop."}`).Token, "books")
	second := w.opens(w.deploy("/v1.0/accounts/books/orbit", `{"AccountName":"Other"}`).Token, "books")
	if first.User != second.User {
		t.Errorf("API users %d and %d", first.User, second.User)
	}
	var a tandem.Account
	w.ok(call{method: "GET", path: "/v1.0/accounts/books"}, &a)
	if a.Name != "Books" || a.Description == nil || *a.Description != "A shop." {
		t.Errorf("%+v", a)
	}
	w.deploy("/v1.0/accounts/plain/orbit", nil)
	if w.ok(call{method: "GET", path: "/v1.0/accounts/plain"}, &a); a.Name != "plain" {
		t.Errorf("%+v", a)
	}
	var names []string
	if w.ok(call{method: "GET", path: "/v1.0/accounts/books/users"}, &names); len(names) != 0 {
		t.Errorf("users %v", names)
	}
	for path, body := range map[string]string{
		"launch": `{"Start":"maybe"}`, "marketplace": `{}`, "orbit": `{"ConnectorAuthentications":[{"Name":"None such"}]}`,
	} {
		w.fails(call{method: "POST", path: "/v1.0/accounts/new/" + path, body: body}, 400, "")
	}
	w.fails(call{method: "POST", path: "/v1.0/accounts/new/marketplace", body: `{"MarketplaceId":99}`}, 400, "MarketplaceId: there is no marketplace 99")
	w.fails(call{method: "POST", path: "/v1.0/accounts/new/orbit", body: `{"PartnerConnector":{"Version":"1"}}`}, 400, "PartnerConnector: Name is required")
	w.fails(call{method: "GET", path: "/v1.0/accounts/new"}, 404, "") // refused calls make nothing
	token := w.tokenFor(w.partner, "account:books")
	for _, path := range []string{"/accounts/books/launch", "/accounts/books/orbit", "/accounts/books/marketplace", "/accounts/books/signintoken", "/users/launch", "/users/orbit", "/users/marketplace"} {
		w.fails(call{method: "POST", path: "/v1.0" + path, token: token, body: `{}`}, 403, "")
	}
}

// Another partner's account of the same id is another account.
func TestDeployElsewhere(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.deploy("/v1.0/accounts/books/orbit", nil)
	other, err := w.services.Identity.Setup(t.Context(), "Bolt Software", "bob@bolt.test")
	if err != nil {
		t.Fatal(err)
	}
	var d answerOfDeploy
	w.ok(call{method: "POST", path: "/v1.0/accounts/books/orbit", token: w.tokenFor(other, "")}, &d)
	is, err := identity.NewTickets(w.db).Use(t.Context(), tandem.SignInTicket, tandem.Secret(d.Token))
	ours, err2 := w.services.Accounts.Get(t.Context(), w.partner.PartnerID, "books")
	theirs, err3 := w.services.Accounts.Get(t.Context(), other.PartnerID, "books")
	if err != nil || err2 != nil || err3 != nil || ours.ID == theirs.ID || is.Account != theirs.ID || is.Partner != other.PartnerID {
		t.Errorf("ours %v, theirs %v, ticket %+v; %v %v %v", ours, theirs, is, err, err2, err3)
	}
}

func TestDeployForAUser(t *testing.T) {
	w := newWorld(t, api.Options{})
	body := func(account, user, password string) map[string]any {
		return map[string]any{"AccountId": account, "Username": user, "Password": password, "MarketplaceId": 1, "AccountName": "Books"}
	}
	w.ok(call{method: "POST", path: "/v1.0/marketplaces", body: map[string]any{"Name": "Store"}}, nil)
	const strong, other = "correct horse battery", "another horse battery"
	var last tandem.UserID
	for _, what := range []string{"launch", "orbit", "marketplace"} {
		name := "amy-" + what // tries are counted by name
		last = w.opens(w.deploy("/v1.0/users/"+what, body("books", name, strong)).Token, "books").User
		d := w.deploy("/v1.0/users/"+what, body("books", strings.ToUpper(name), strong))
		if got := w.opens(d.Token, "books").User; got != last {
			t.Errorf("%s: user %d, want %d", what, got, last)
		}
		w.fails(call{method: "POST", path: "/v1.0/users/" + what, body: body("books", name, other)}, 401, "Username or password is wrong.")
		w.fails(call{method: "POST", path: "/v1.0/users/" + what, body: body("nowhere", name, other)}, 401, "")
		for _, missing := range []string{"AccountId", "Username", "Password"} {
			b := body("books", name, strong)
			delete(b, missing)
			w.fails(call{method: "POST", path: "/v1.0/users/" + what, body: b}, 400, missing+" is required")
		}
	}
	w.fails(call{method: "GET", path: "/v1.0/accounts/nowhere"}, 404, "") // made by no refused call
	w.fails(call{method: "POST", path: "/v1.0/users/orbit", body: body("fresh", "new", "short")}, 400, "")
	w.fails(call{method: "GET", path: "/v1.0/accounts/fresh"}, 404, "")
	if got := w.opens(w.deploy("/v1.0/users/orbit", body("records", "amy-marketplace", strong)).Token, "records").User; got != last {
		t.Errorf("in another account: user %d, want %d", got, last)
	}
}

// Who is refused takes nothing away from who comes at the same moment.
func TestDeployRefusedMeanwhile(t *testing.T) {
	w := newWorld(t, api.Options{})
	body := func(account, password string) map[string]any {
		return map[string]any{"AccountId": account, "Username": "amy", "Password": password}
	}
	const strong, other = "correct horse battery", "another horse battery"
	w.deploy("/v1.0/users/orbit", body("books", strong))
	for i := range 4 {
		account := fmt.Sprint("race-", i)
		var both sync.WaitGroup
		for password, want := range map[string]int{strong: http.StatusOK, other: http.StatusUnauthorized} {
			both.Go(func() {
				if a := w.do(call{method: "POST", path: "/v1.0/users/orbit", body: body(account, password)}); a.status != want {
					t.Errorf("%s: %d, want %d\n%s", account, a.status, want, a.body)
				}
			})
		}
		both.Wait()
		w.ok(call{method: "GET", path: "/v1.0/accounts/" + account}, nil)
	}
}

func TestSignInToken(t *testing.T) {
	w := newWorld(t, api.Options{})
	w.account("books", "")
	issue := func(user string) (out struct {
		Token        string
		ExpiresAtUTC time.Time `json:"ExpiresAtUtc"`
	},
	) {
		w.ok(call{method: "POST", path: "/v1.0/accounts/books/signintoken", body: map[string]any{"Username": user}}, &out)
		return out
	}
	first := issue("guest@x.test")
	if left := time.Until(first.ExpiresAtUTC); left > 5*time.Minute || left < 4*time.Minute {
		t.Errorf("expires in %s", left)
	}
	user := w.opens(first.Token, "books").User
	if got := w.opens(issue("GUEST@x.test").Token, "books").User; got != user {
		t.Errorf("users %d and %d", user, got)
	}
	u, err := w.services.Users.Get(t.Context(), w.partner.PartnerID, user)
	if err != nil || !u.APIUser {
		t.Errorf("%+v, %v", u, err)
	}
	w.fails(call{method: "POST", path: "/v1.0/accounts/books/signintoken", body: `{}`}, 400, "Username is required")
	w.fails(call{method: "POST", path: "/v1.0/accounts/none/signintoken", body: `{"Username":"a"}`}, 404, "")
}

// connectorsOf are the connectors of an account.
func (w *world) connectorsOf(account string) []tandem.AccountConnector {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := w.services.Connectors.List(w.t.Context(), a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestDeployProvidesConnectors(t *testing.T) {
	w := newWorld(t, api.Options{})
	const crm = `{"Name":"bookshelf crm","Version":"1.0","AuthValue":"the key","Properties":[{"Name":"BaseUrl","Value":"https://one.test"}]}`
	for name, body := range map[string]string{"one": `{"ConnectorAuthentications":` + crm + `}`, "array": `{"ConnectorAuthentications":[` + crm + `]}`, "own": `{"PartnerConnector":` + crm + `}`} {
		for range 2 { // the same call twice does not install twice
			d := w.deploy("/v1.0/accounts/"+name+"/orbit", body)
			if strings.Contains(d.OrbitURL, "key") || strings.Contains(d.OrbitURL, "one.test") {
				t.Errorf("the address tells: %s", d.OrbitURL)
			}
		}
		all := w.connectorsOf(name)
		if len(all) != 1 || all[0].State != tandem.Authenticated || all[0].Properties[0].Value != "https://one.test" || all[0].IsPartnerIntegrationConnector != (name == "own") {
			t.Errorf("%s: %+v", name, all)
		}
	}
	w.deploy("/v1.0/accounts/one/orbit", `{"ConnectorAuthentications":{"Name":"Bookshelf CRM","Properties":[{"Name":"BaseUrl","Value":"https://two.test"}]}}`)
	if all := w.connectorsOf("one"); len(all) != 1 || all[0].State != tandem.Authenticated || all[0].Properties[0].Value != "https://two.test" {
		t.Errorf("after a change: %+v", all)
	}
	// The partner's credentials do not go into what the customer has of the same
	// connector, nor the customer's into the partner's.
	w.deploy("/v1.0/accounts/one/orbit", `{"PartnerConnector":{"Name":"Bookshelf CRM","AuthValue":"ours","Properties":[{"Name":"BaseUrl","Value":"https://ours.test"}]}}`)
	w.deploy("/v1.0/accounts/one/orbit", `{"ConnectorAuthentications":{"Name":"Bookshelf CRM","Properties":[{"Name":"BaseUrl","Value":"https://three.test"}]}}`)
	apart := map[bool]string{}
	for _, c := range w.connectorsOf("one") {
		apart[c.IsPartnerIntegrationConnector] += c.Properties[0].Value
	}
	if diff := cmp.Diff(map[bool]string{true: "https://ours.test", false: "https://three.test"}, apart); diff != "" {
		t.Errorf("the partner's own and the customer's: -want +got\n%s", diff)
	}
	w.fails(call{method: "POST", path: "/v1.0/accounts/one/orbit", body: `{"PartnerConnector":{"Name":"Bookshelf CRM","Properties":[{"Name":"X","Value":"1"}]}}`},
		400, "There is not a connector property that matches name 'X'.")
}

// Of many calls at once one installs the connector, whichever node takes them.
func TestDeployManyAtOnce(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		w.account("rush", "")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				w.deploy("/v1.0/accounts/rush/orbit", `{"PartnerConnector":{"Name":"Bookshelf CRM","AuthValue":"the key","Properties":[{"Name":"BaseUrl","Value":"https://one.test"}]}}`)
			})
		}
		wg.Wait()
		if all := w.connectorsOf("rush"); len(all) != 1 {
			t.Errorf("%d are installed", len(all))
		}
	})
}

func TestEmbeddingSettings(t *testing.T) {
	w := newWorld(t, api.Options{})
	type settings struct {
		Frames, InlineOAuth       bool
		FrameHosts, TargetOrigins []string
	}
	read := func(c call) (s settings) {
		c.path = "/v1.0/settings/embedding"
		w.ok(c, &s)
		return s
	}
	if diff := cmp.Diff(settings{InlineOAuth: true, FrameHosts: []string{}, TargetOrigins: []string{}}, read(call{method: "GET"})); diff != "" {
		t.Errorf("at first: -want +got\n%s", diff)
	}
	read(call{method: "PUT", body: `{"frames":"true","FrameHosts":["App.acme.test","*.acme.test"],"TargetOrigins":"https://app.acme.test"}`})
	want := settings{Frames: true, InlineOAuth: true, FrameHosts: []string{"app.acme.test", "*.acme.test"}, TargetOrigins: []string{"https://app.acme.test"}}
	if diff := cmp.Diff(want, read(call{method: "PUT", body: `{}`})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for body, message := range map[string]string{
		`{"FrameHosts":["*"]}`:                      `FrameHosts: "*" is not a host, such as app.example.com`,
		`{"FrameHosts":["a.test; script-src *"]}`:   "",
		`{"TargetOrigins":["*"]}`:                   `TargetOrigins: "*" is not an origin, such as https://app.example.com`,
		`{"TargetOrigins":["https://a.test/path"]}`: "",
	} {
		w.fails(call{method: http.MethodPut, path: "/v1.0/settings/embedding", body: body}, 400, message)
	}
	if diff := cmp.Diff(want, read(call{method: "GET"})); diff != "" {
		t.Errorf("after refusals: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(settings{FrameHosts: []string{}, TargetOrigins: []string{}}, read(call{method: "PUT", body: `{"Frames":false,"FrameHosts":null,"TargetOrigins":[],"InlineOAuth":false}`})); diff != "" {
		t.Errorf("cleared: -want +got\n%s", diff)
	}
}

func TestMarketplaces(t *testing.T) {
	w := newWorld(t, api.Options{})
	var m struct {
		ID                int64 `json:"Id"`
		Name, Description string
	}
	w.ok(call{method: "POST", path: "/v1.0/marketplaces", body: `{"Name":"Store"}`}, &m)
	w.ok(call{method: "PUT", path: "/v1.0/marketplaces/1", body: `{"Description":"All."}`}, &m)
	if m.ID != 1 || m.Name != "Store" || m.Description != "All." {
		t.Errorf("%+v", m)
	}
	a := w.ok(call{method: "GET", path: "/v1.0/marketplaces?pageSize=1"}, nil)
	if a.header.Get("Total-Records") != "1" || a.header.Get("Total-Pages") != "1" {
		t.Errorf("headers %v", a.header)
	}
	w.fails(call{method: "POST", path: "/v1.0/marketplaces", body: `{}`}, 400, "Name is required")
	for _, c := range []call{
		{method: "GET", path: "/v1.0/marketplaces/0"},
		{method: "PUT", path: "/v1.0/marketplaces/0", body: `{"Name":"x"}`},
		{method: "DELETE", path: "/v1.0/marketplaces/9"},
		{method: "GET", path: "/v1.0/marketplaces/1/packages/0"},
		{method: "PUT", path: "/v1.0/marketplaces/1/packages/0", body: `{"Name":"x","TemplateIds":[]}`},
		{method: "GET", path: "/v1.0/marketplaces/9/packages"},
		{method: "POST", path: "/v1.0/marketplaces/9/packages", body: `{"Name":"x"}`},
	} {
		w.fails(c, 404, "")
	}
	w.fails(call{method: "GET", path: "/v1.0/marketplaces/x"}, 400, "")
	w.fails(call{method: "POST", path: "/v1.0/marketplaces/1/packages", body: `{"Name":"x","TemplateIds":["nope"]}`}, 400, "")
	w.fails(call{method: "POST", path: "/v1.0/marketplaces/1/packages", body: `{"Name":"x","TemplateIds":["` + tandem.NewGUID() + `"]}`}, 400, "")
	w.fails(call{method: "POST", path: "/v1.0/marketplaces/1/packages", body: `{"Name":"x"}`}, 400, "TemplateIds: at least one template is required")
	w.ok(call{method: "DELETE", path: "/v1.0/marketplaces/1"}, nil)
	w.fails(call{method: "GET", path: "/v1.0/marketplaces/1"}, 404, "")
}
