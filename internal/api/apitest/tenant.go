package apitest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// variableName is the name of a variable in the cycle of every account.
const variableName = "Colour"

// The connector of the library that the world is built on, and its methods.
const (
	connectorName = "Bookshelf CRM"
	hookMethod    = "60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"
	actionMethod  = "0c2365ca-70aa-4f85-9837-5777fba21f37"
	writerMethod  = "d1cd97a7-458e-466d-86af-3858a372115b"

	listName   = "Postbag" // a connector with a trigger
	listMethod = "ac7cfef0-eef8-4016-8a8f-16553e0122ae"
)

// tenant is an account with all that it has, and its partner's.
type tenant struct {
	Canary       string // the account's API ID, and in every name
	parent       string // API ID
	partner      tandem.PartnerID
	partnerToken string
	token        string // restricted to the account

	Connector, Version, Method        string // of the library
	Installed                         string
	Template                          string
	Marketplace, Package              string
	User, Username, Member            string // two users: one's id and username, the other's username
	Invitation, Resent                string // each to be used once
	OwnInvitation, OwnResent          string
	Cycle, Hook, Action, Writer, Edge string
	Fork                              string // a step that decides
	FromTemplate, Deleted             string // cycles: installed, and in the recycle bin
	Parameter, Field, Transaction     string
	Job                               string // of transactions that there are none of
	Property, CustomField             string // of Installed
	List, Lister, Listed              string // installed; a step of it; the parameter with the trigger
	Trigger                           string
	Copier, Copied                    string // installed; a category of it that is copied
	file                              tandem.TemplateFile
	library
	team
}

// fill puts the ids of t into a path.
func (t *tenant) fill(path string) string {
	return strings.NewReplacer(append(append(t.library.names(), t.team.names()...),
		"{account}", t.Canary, "{connector}", url.PathEscape(t.Connector), "{version}", t.Version, "{method}", t.Method, "{installed}", t.Installed,
		"{template}", t.Template, "{marketplace}", t.Marketplace, "{package}", t.Package, "{cycle}", t.Cycle, "{action}", t.Action, "{writer}", t.Writer, "{fork}", t.Fork, "{edge}", t.Edge, "{variable}", variableName,
		"{parameter}", t.Parameter, "{field}", t.Field, "{transaction}", t.Transaction, "{job}", t.Job,
		"{user}", t.User, "{username}", t.Username, "{member}", t.Member,
		"{invitation}", t.Invitation, "{resent}", t.Resent, "{ownInvitation}", t.OwnInvitation, "{ownResent}", t.OwnResent,
		"{fromTemplate}", t.FromTemplate, "{deleted}", t.Deleted,
		"{property}", t.Property, "{customField}", t.CustomField, "{call}", actionMethod,
		"{list}", t.List, "{lister}", t.Lister, "{listed}", t.Listed, "{trigger}", t.Trigger, "{copier}", t.Copier, "{copied}", t.Copied,
	)...).Replace(path)
}

// request is one try.
type request struct {
	method, path string
	token        string
	header       http.Header // of a browser
	accounts     []string    // of the header X-Cyclr-Account
	id           string      // of the header X-Request-Id
	body         any
}

// response is what came back.
type response struct {
	status int
	body   string
}

// send makes a request. Of a stream it reads nothing but the head.
func (x Target) send(t *testing.T, r request) response {
	t.Helper()
	var body io.Reader
	kind := "application/json"
	switch b := r.body.(type) {
	case nil:
	case url.Values:
		body, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(t.Context(), r.method, x.URL+r.path, body)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	maps.Copy(req.Header, r.header)
	for _, a := range r.accounts {
		req.Header.Add("X-Cyclr-Account", a)
	}
	if r.id != "" {
		req.Header.Set("X-Request-Id", r.id)
	}
	res, err := x.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return response{status: res.StatusCode}
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{res.StatusCode, string(data)}
}

// builder makes what a tenant has.
type builder struct {
	*testing.T
	Target
	of *tenant
}

// must makes a request that succeeds, in the account unless at is "", and gives
// the Id in its answer.
func (b builder) must(method, path, at string, body any, out any) string {
	b.Helper()
	r := request{method: method, path: path, token: b.of.partnerToken, body: body}
	if at != "" {
		r.accounts = []string{at}
	}
	res := b.send(b.T, r)
	if res.status/100 != 2 {
		b.Fatalf("%s %s: %d %s", method, path, res.status, res.body)
	}
	var made struct {
		ID any `json:"Id"`
	}
	if out == nil {
		out = &made
	}
	if res.body != "" {
		if err := json.Unmarshal([]byte(res.body), out); err != nil {
			b.Fatalf("%s %s: %v in %s", method, path, err, res.body)
		}
	}
	return fmt.Sprint(made.ID)
}

func (b builder) tokenFor(p tandem.NewPartner, scope string) string {
	b.Helper()
	res := b.send(b.T, request{method: http.MethodPost, path: "/oauth/token", body: url.Values{
		"grant_type": {"client_credentials"}, "client_id": {p.ClientID}, "client_secret": {p.ClientSecret}, "scope": {scope},
	}})
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(res.body), &issued); err != nil || issued.AccessToken == "" {
		b.Fatalf("token: %d %s", res.status, res.body)
	}
	return issued.AccessToken
}

// build makes an account, below parent unless that is "", and all that is in it.
func (x Target) build(t *testing.T, p tandem.NewPartner, canary, parent string) *tenant {
	t.Helper()
	of := &tenant{Canary: canary, parent: parent, partner: p.PartnerID, Connector: connectorName, Version: "1.0"}
	b := builder{t, x, of}
	of.partnerToken = b.tokenFor(p, "")
	account := object{"Id": canary, "Name": "name of " + canary}
	if parent != "" {
		account["ParentAccountId"] = parent
	}
	b.must(http.MethodPost, "/v1.0/accounts", "", account, nil)
	of.token = b.tokenFor(p, "account:"+canary)
	b.people()
	of.Method = b.libraryMethod()
	of.Installed = b.must(http.MethodPost, of.fill("/v1.0/connectors/{connector}/{version}/install"), canary,
		object{"Name": "connector of " + canary, "AuthValue": "key of " + canary, "Properties": []object{{"Name": "BaseUrl", "Value": x.upstream(canary)}}}, nil)
	b.extend()
	of.file = template(of, hookMethod)
	of.Template = b.must(http.MethodPost, "/v1.0/templates/import", "", of.file, nil)
	b.library()
	b.team()
	b.issued(p)
	of.Marketplace = b.must(http.MethodPost, "/v1.0/marketplaces", "", object{"Name": "marketplace of " + canary}, nil)
	of.Package = b.must(http.MethodPost, of.fill("/v1.0/marketplaces/{marketplace}/packages"), "",
		object{"Name": "package of " + canary, "TemplateIds": []string{of.Template}}, nil)
	b.cycle()
	of.FromTemplate = b.must(http.MethodPost, of.fill("/v1.0/templates/{template}/install"), canary, nil, nil)
	b.rollout()
	of.Deleted = b.must(http.MethodPost, "/v1.0/cycles", canary, object{"Name": "deleted cycle of " + canary}, nil)
	b.must(http.MethodDelete, of.fill("/v1.0/cycles/{deleted}"), canary, nil, nil)
	of.Transaction = x.Transaction(canary, tandem.CycleID(of.Cycle), tandem.StepID(of.Hook)).String()
	of.Job = b.must(http.MethodPost, "/v1.0/cycles/transactions/jobs", canary, object{"Action": "drop", "Status": "Split", "CycleId": of.Cycle}, nil)
	of.Fork = b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/steps"), of.Canary, object{"Name": "fork of " + of.Canary, "ActionType": "Decision"}, nil)
	b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/edges"), of.Canary, object{"HeadStepId": of.Lister, "TailStepId": of.Fork}, nil)
	return of
}

// copy installs a connector of the partner's own, and copies a category of it.
func (b builder) copy() {
	of := b.of
	copier := b.must(http.MethodPost, "/v1.0/account/connectors/custom", of.Canary, object{
		"Name": "copied connector of " + of.Canary, "UniqueIdentifier": tandem.NewGUID(), "ReleaseStatus": "Live",
		"MethodCategories": []object{{"Name": "Objects", "ObjectTrigger": "Types"}},
		"Triggers":         []object{{"Name": "Types", "Method": "List", "IdentifierKey": "[].id", "HumanReadableKey": "[].name"}},
		"Methods": []object{{
			"Name": "List", "Category": "Objects", "MethodUniqueIdentifier": tandem.NewGUID(), "MethodType": "Action", "HttpMethod": "GET",
			"EndPoint": "http://127.0.0.1:1/{{CyclrObjectName}}", "ResponseDataType": "Json",
		}},
	}, nil)
	of.Copier = b.must(http.MethodPost, "/v1.0/connectors/"+copier+"/install", of.Canary, object{}, nil)
	var copied struct {
		ID int64 `json:"Id"`
	}
	b.must(http.MethodPost, of.fill("/v1.0/account/connectors/{copier}/categories"), of.Canary, object{"Category": "Objects", "ObjectName": of.Canary}, &copied)
	of.Copied = fmt.Sprint(copied.ID)
}

// extend adds what the connectors of an account have beyond their definitions.
func (b builder) extend() {
	of := b.of
	var properties []struct {
		ID int64 `json:"Id"`
	}
	b.must(http.MethodGet, of.fill("/v1.0/account/connectors/{installed}/properties"), of.Canary, nil, &properties)
	of.Property = fmt.Sprint(properties[0].ID)
	of.CustomField = b.must(http.MethodPost, of.fill("/v1.0/account/connectors/{installed}/fields"), of.Canary,
		object{"ConnectorField": "custom.colour", "DisplayName": "field of " + of.Canary, "ForRequestFormat": true}, nil)
	b.copy()
	var list struct {
		ID        int64 `json:"Id"`
		Connector struct {
			Triggers []struct {
				ID int64 `json:"TriggerId"`
			}
		}
	}
	b.must(http.MethodPost, "/v1.0/connectors/"+listName+"/install", of.Canary, object{
		"Name": "list of " + of.Canary, "AuthValue": base64.StdEncoding.EncodeToString([]byte("user:key of " + of.Canary)),
		"Properties": []object{{"Name": "BaseUrl", "Value": b.upstream(of.Canary)}},
	}, &list)
	of.List, of.Trigger = fmt.Sprint(list.ID), fmt.Sprint(list.Connector.Triggers[0].ID)
}

// upstream is an address with a canary in it.
func (x Target) upstream(canary string) string {
	if x.Upstream == "" {
		return "http://" + canary + ".test"
	}
	return x.Upstream + "/" + canary
}

func (b builder) libraryMethod() string {
	var methods []struct {
		ID int64 `json:"Id"`
	}
	b.must(http.MethodGet, b.of.fill("/v1.0/connectors/{connector}/methods"), "", nil, &methods)
	return fmt.Sprint(methods[0].ID)
}

// people makes users, and invitations.
func (b builder) people() {
	of := b.of
	user := func(name string) (id, username string) {
		username = name + of.Canary + "@x.test"
		return b.must(http.MethodPost, "/v1.0/users", "", object{"Username": username, "LastName": "user of " + of.Canary, "Accounts": []string{of.Canary}}, nil), username
	}
	of.User, of.Username = user("")
	_, of.Member = user("member-")
	for i, id := range []*string{&of.Invitation, &of.Resent, &of.OwnInvitation, &of.OwnResent} {
		*id = b.must(http.MethodPost, of.fill("/v1.0/accounts/{account}/invitations"), "", object{"Email": fmt.Sprintf("%d-%s@guest.test", i, of.Canary)}, nil)
	}
}

// cycle makes a cycle with all that can be in one.
func (b builder) cycle() {
	of := b.of
	of.Cycle = b.must(http.MethodPost, "/v1.0/cycles", of.Canary, object{"Name": "cycle of " + of.Canary}, nil)
	step := func(kind, installed, method string) string {
		return b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/steps"), of.Canary,
			object{"Name": kind + " of " + of.Canary, "ActionType": kind, "AccountConnectorId": installed, "Method": method}, nil)
	}
	of.Hook, of.Action, of.Writer = step("Webhook", of.Installed, hookMethod), step("Action", of.Installed, actionMethod), step("Action", of.Installed, writerMethod)
	of.Lister = step("Action", of.List, listMethod)
	b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/edges"), of.Canary, object{"HeadStepId": of.Action, "TailStepId": of.Lister}, nil)
	of.Edge = b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/edges"), of.Canary, object{"HeadStepId": of.Hook, "TailStepId": of.Writer}, nil)
	b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/edges"), of.Canary, object{"HeadStepId": of.Writer, "TailStepId": of.Action}, nil)
	b.must(http.MethodPost, of.fill("/v1.0/cycles/{cycle}/variables"), of.Canary, object{"SystemName": variableName, "Value": "value of " + of.Canary}, nil)
	var targets []struct {
		Parameter, Field struct {
			ID int64 `json:"Id"`
		}
	}
	b.must(http.MethodGet, of.fill("/v1.0/steps/{action}/parameters"), of.Canary, nil, &targets)
	of.Parameter = fmt.Sprint(targets[0].Parameter.ID)
	b.must(http.MethodPut, of.fill("/v1.0/steps/{action}/parameters/{parameter}"), of.Canary, object{"MappingType": "StaticValue", "Value": "1"}, nil)
	b.must(http.MethodGet, of.fill("/v1.0/steps/{writer}/fieldmappings"), of.Canary, nil, &targets)
	of.Field = fmt.Sprint(targets[0].Field.ID)
	b.must(http.MethodGet, of.fill("/v1.0/steps/{lister}/parameters"), of.Canary, nil, &targets)
	of.Listed = fmt.Sprint(targets[0].Parameter.ID)
	b.must(http.MethodPut, of.fill("/v1.0/steps/{lister}/parameters/{listed}"), of.Canary, object{"MappingType": "StaticValue", "Value": "1"}, nil)
}
