package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// The partner's table of the API, row by row, and the rules about accounts.
func TestPartnerTable(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		t.Run("accounts", func(t *testing.T) { w.at(t).table("", nil, accountRows) })
		t.Run("settings", func(t *testing.T) { w.at(t).accountSettings() })
		t.Run("rules", func(t *testing.T) { w.at(t).table("", nil, ruleRows) })
		t.Run("users", func(t *testing.T) { w.at(t).table("", nil, userRows) })
		t.Run("library", func(t *testing.T) { w.at(t).table("", nil, libraryRows) })
	})
}

var accountRows = []row{
	{"POST /accounts", `{"Description":"d"}`, 400, `{"Message":"Name is required","ModelState":{"Name":["Name is required"]}}`},
	{"POST /accounts", `{"Name":null}`, 400, `{"Message":"Name is required"}`},
	{"POST /accounts", `{"Name":"  "}`, 400, `{"Message":"Name is required"}`},
	{"made = POST /accounts", `{"Name":"made"}`, 200, `{"Id":"*","Timezone":"UTC","ParentAccountId":null,"Enabled":true,"CreatedDate":"*"}`},
	{"GET /accounts/{made}", ``, 200, `{"Name":"made"}`},
	{"POST /accounts", `{"Id":"books","Name":"Page Turner"}`, 200, `{"Id":"books"}`},
	{"POST /accounts", `{"Id":"books","Name":"Another"}`, 400, `{"Message":"ID already in use"}`},
	{"POST /accounts", `{"Id":"below","Name":"Below","ParentAccountId":"books"}`, 200, `{"ParentAccountId":"books"}`},
	{"POST /accounts", `{"Id":"x","Name":"x","ParentAccountId":"nowhere"}`, 400, `{"ModelState":{"ParentAccountId":"*"}}`},
	{"GET /accounts?query=PAGE", ``, 200, `[{"Id":"books"}]`},
	{"GET /accounts?query=elow", ``, 200, `[{"Id":"below"}]`},
	{"GET /accounts?query=nothing", ``, 200, `[]`},
	{"GET /accounts/nothing", ``, 404, `{"Message":"Account \"nothing\" could not be found."}`},
	{"PUT /accounts/nothing", `{}`, 404, ``},
	{"PUT /accounts/books", `{"Description":"d"}`, 200, `{"Name":"Page Turner","Description":"d"}`},
	{"PUT /accounts/books", `{"Name":"Turner"}`, 200, `{"Name":"Turner","Description":"d"}`},
	{"PUT /accounts/books", `{"Name":null}`, 400, `{"Message":"Name is required"}`},
	{"GET /accounts/books/subaccounts", ``, 200, `[{"Id":"below"}]`},
	{"GET /accounts/below/subaccounts", ``, 200, `[]`},
	{"GET /accounts/nothing/subaccounts", ``, 404, ``},
	{"POST /accounts/books/suspend", ``, 200, `{"Id":"books","Enabled":false}`},
	{"POST /accounts/books/signintoken", `{"Username":"amy"}`, 409, ``},
	{"POST /accounts/books/resume", ``, 200, `{"Id":"books","Enabled":true}`},
	{"POST /accounts/nothing/suspend", ``, 404, ``},
	{"GET /accounts/books/usage", ``, 200, `{"Id":"books","TasksUsed":0,"StartTime":"*","EndTime":"*"}`},
	{"GET /accounts/books/usage?start=2026-01-01T00:00:00Z&end=1/31/2026", ``, 200, `{"StartTime":"2026-01-01T00:00:00Z","EndTime":"2026-02-01T00:00:00Z"}`},
	{"GET /accounts/books/usage?start=soon", ``, 400, `{"ModelState":{"start":"*"}}`},
	{"GET /accounts/nothing/usage", ``, 404, ``},
	{"DELETE /accounts/below", ``, 200, ``},
	{"GET /accounts/below", ``, 404, ``},
	{"DELETE /accounts/below", ``, 404, ``},
}

// accountSettings sets each setting, leaves it out, gives it something of another
// type, and clears it.
func (w *world) accountSettings() {
	w.account("above", "")
	w.ok(call{method: "POST", path: "/v1.0/accounts", body: `{"Id":"set","Name":"set","TransactionErrorWebhookUrl":"https://a.test"}`}, nil)
	for _, s := range []struct{ name, given, shown, wrong, cleared string }{
		{"Description", `"d"`, `"d"`, `7`, `null`},
		{"AuditInfo", `"d"`, `"d"`, `{}`, `null`},
		{"TaskAuditInfo", `"d"`, `"d"`, `[1]`, `null`},
		{"Timezone", `"Europe/London"`, `"Europe/London"`, `1`, `"UTC"`},
		{"NextBillDateUtc", `"2099-01-02T03:04:05+01:00"`, `"2099-01-02T02:04:05Z"`, `"soon"`, `null`},
		{"NextBillDateUtc", `"1/2/2099"`, `"2099-01-02T00:00:00Z"`, `true`, `null`},
		{"StepDataSuccessRetentionHours", `"8"`, `8`, `"many"`, `null`},
		{"StepDataErroredRetentionHours", `9`, `9`, `true`, `null`},
		{"TransactionErrorWebhookEnabled", `"true"`, `true`, `"perhaps"`, `false`},
		{"TransactionErrorWebhookUrl", `"https://b.test/x"`, `"https://b.test/x"`, `5`, `null`},
		{"TransactionErrorWebhookIncludeWarnings", `"True"`, `true`, `2`, `false`},
		{"ConcurrentTransactionLimit", `"12"`, `12`, `{}`, `null`},
		{"StepLimit", `13`, `13`, `"x"`, `null`},
		{"ParentAccountId", `"above"`, `"above"`, `5`, `null`},
	} {
		shown := fmt.Sprintf(`{%q:%s}`, s.name, s.shown)
		w.table("", nil, []row{
			{"PUT /accounts/set", fmt.Sprintf(`{%q:%s}`, s.name, s.given), 200, shown},
			{"PUT /accounts/set", `{}`, 200, shown},
			{"PUT /accounts/set", fmt.Sprintf(`{%q:%s}`, s.name, s.wrong), 200, shown},
			{"GET /accounts/set", ``, 200, shown},
			{"PUT /accounts/set", fmt.Sprintf(`{%q:null}`, s.name), 200, fmt.Sprintf(`{%q:%s}`, s.name, s.cleared)},
		})
	}
}

const noURL = `{"Message":"Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined"}`

var ruleRows = []row{
	{"POST /accounts", `{"Name":"x","TransactionErrorWebhookEnabled":true}`, 400, noURL},
	{"POST /accounts", `{"Name":"x","TransactionErrorWebhookEnabled":true,"TransactionErrorWebhookUrl":""}`, 400, noURL},
	{"POST /accounts", `{"Name":"x","StepDataSuccessRetentionHours":-10}`, 400, `{"Message":"StepDataSuccessRetentionHours (-10): must be non negative"}`},
	{"a = POST /accounts", `{"Name":"x"}`, 200, ``},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookEnabled":true}`, 400, noURL},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookEnabled":true,"TransactionErrorWebhookUrl":null}`, 400, noURL},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookEnabled":true,"TransactionErrorWebhookUrl":""}`, 400, noURL},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookEnabled":true,"TransactionErrorWebhookUrl":"hooks.test/x"}`, 200, `{"TransactionErrorWebhookEnabled":true,"TransactionErrorWebhookUrl":"https://hooks.test/x"}`},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":null}`, 400, noURL},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":""}`, 400, noURL},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":"http://hooks.test"}`, 200, `{"TransactionErrorWebhookUrl":"http://hooks.test"}`},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":"a b"}`, 400, `{"Message":"https://a b is not a valid URL"}`},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":"http://a b"}`, 400, `{"Message":"http://a b is not a valid URL"}`},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookUrl":"https://"}`, 400, `{"Message":"https:// is not a valid URL"}`},
	{"PUT /accounts/{a}", `{"TransactionErrorWebhookEnabled":false,"TransactionErrorWebhookUrl":null}`, 200, `{"TransactionErrorWebhookUrl":null}`},
	{"PUT /accounts/{a}", `{"StepDataSuccessRetentionHours":"-10"}`, 400, `{"Message":"StepDataSuccessRetentionHours (-10): must be non negative"}`},
	{"PUT /accounts/{a}", `{"StepDataErroredRetentionHours":-1}`, 400, `{"Message":"StepDataErroredRetentionHours (-1): must be non negative"}`},
	{"PUT /accounts/{a}", `{"StepDataSuccessRetentionHours":744,"StepDataErroredRetentionHours":745}`, 200, `{"StepDataSuccessRetentionHours":744,"StepDataErroredRetentionHours":744}`},
	{"PUT /accounts/{a}", `{"StepDataSuccessRetentionHours":0}`, 200, `{"StepDataSuccessRetentionHours":0,"StepDataErroredRetentionHours":744}`},
}

var userRows = []row{
	{"POST /accounts", `{"Id":"shop","Name":"shop"}`, 200, ``},
	{"GET /accounts/shop/users", ``, 200, `[]`},
	{"PUT /accounts/shop/users", `{"Username":"amy","Password":"a long sentence"}`, 200, ``},
	{"PUT /accounts/shop/users", `{"Username":"ben"}`, 200, ``},
	{"GET /accounts/shop/users", ``, 200, `["amy","ben"]`},
	{"PUT /accounts/shop/users", `{}`, 400, `{"Message":"Username is required"}`},
	{"PUT /accounts/nothing/users", `{"Username":"amy"}`, 404, ``},
	{"DELETE /accounts/shop/users", `{"Username":"ben"}`, 200, ``},
	{"DELETE /accounts/shop/users", `{"Username":"ben"}`, 404, ``},
	{"GET /accounts/shop/users", ``, 200, `["amy"]`},
	{"PUT /users", `{"Username":"amy","Password":"another sentence"}`, 200, ``},
	{"PUT /users", `{"Username":"amy","Password":"short"}`, 400, `{"ModelState":{"Password":"*"}}`},
	{"PUT /users", `{"Username":"nobody","Password":"another sentence"}`, 404, ``},
	{"POST /accounts/shop/signintoken", `{"Username":"new"}`, 200, `{"Token":"*","ExpiresAtUtc":"*"}`},
	{"GET /accounts/shop/users", ``, 200, `["amy","new"]`},
	{"POST /accounts/shop/signintoken", `{}`, 400, `{"Message":"Username is required"}`},
	{"POST /accounts/nothing/signintoken", `{"Username":"amy"}`, 404, ``},
	{"store = POST /marketplaces", `{"Name":"Store"}`, 0, ``},
	{"GET /marketplaces", ``, 200, `[{"Name":"Store"}]`},
	{"POST /accounts/shop/launch", `{}`, 200, `{"AccountId":"shop","ExpiresAtUtc":"*","LaunchUrl":"*","Token":"*"}`},
	{"POST /accounts/shop/orbit", ``, 200, `{"AccountId":"shop","ExpiresAtUtc":"*","OrbitUrl":"*","Token":"*"}`},
	{"POST /accounts/shop/marketplace", `{"MarketplaceId":"{store}"}`, 200, `{"AccountId":"shop","ExpiresAtUtc":"*","MarketplaceUrl":"*","Token":"*"}`},
	{"POST /users/launch", `{"AccountId":"shop","Username":"amy","Password":"another sentence"}`, 200, `{"AccountId":"shop","ExpiresAtUtc":"*","LaunchUrl":"*","Token":"*"}`},
	{"POST /users/orbit", `{"AccountId":"new shop","Username":"cat","Password":"another sentence"}`, 200, `{"AccountId":"new shop","ExpiresAtUtc":"*","OrbitUrl":"*","Token":"*"}`},
	{"GET /accounts/new%20shop/users", ``, 200, `["cat"]`},
	{"POST /users/marketplace", `{"AccountId":"shop","Username":"amy","Password":"another sentence","MarketplaceId":{store}}`, 200, `{"AccountId":"shop","ExpiresAtUtc":"*","MarketplaceUrl":"*","Token":"*"}`},
	{"POST /users/launch", `{"AccountId":"shop","Username":"amy","Password":"not the sentence"}`, 401, ``},
}

const (
	oneCRM     = `[{"Name":"Bookshelf CRM","Version":"1.0","Categories":["CRM"]}]`
	sevenBooks = `[{"Name":"Changed Contact"},{"Name":"Create Contact"},{"Name":"Find Contacts"},{"Name":"Get Contact"},{"Name":"List Contacts"},{"Name":"New Contact"},{"Name":"Update Contact"}]`
	hello      = `{"Format":"tandem-template/1","Name":"Hello","Graph":{"Steps":[{"Id":"3c0a6a0e-6f0a-4d0c-9d0e-0e8e2a6b7c01","Name":"Hook","ActionType":2,"Connector":"crm","Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"}],
		"Edges":[],"Variables":[],"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}]}}`
	failed = `{"Message":"Failed to import template."}`
)

var libraryRows = []row{
	{"GET /connectors", ``, 200, `[{"Name":"Bookshelf CRM","Categories":["CRM"]},{"Name":"Postbag","Categories":"*"}]`},
	{"GET /connectors?query=shelf", ``, 200, oneCRM},
	{"GET /connectors?category=crm", ``, 200, oneCRM},
	{"GET /connectors?category=None", ``, 200, `[]`},
	{"GET /connectors?includeCustomConnectors=False&query=shelf", ``, 200, oneCRM},
	{"GET /connectors?pageSize=1&page=2", ``, 200, `[{"Name":"Postbag"}]`},
	{"GET /connectors/Bookshelf%20CRM", ``, 200, oneCRM},
	{"GET /connectors/bookshelf%20crm/1.0/", ``, 200, oneCRM},
	{"GET /connectors/Bookshelf%20CRM/9.9", ``, 200, `[]`},
	{"GET /connectors/None", ``, 200, `[]`},
	{"GET /connectors/999999", ``, 404, ``},
	{"GET /connectors/Bookshelf%20CRM/methods/?query=CONTACT", ``, 200, `[{"Name":"Changed Contact"},{"Name":"Create Change Webhook"},{"Name":"Create Contact"},{"Name":"Create Webhook"},{"Name":"Find Contacts"},{"Name":"Get Contact"},{"Name":"List Contacts"},{"Name":"New Contact"},{"Name":"Update Contact"}]`},
	{"GET /connectors/Bookshelf%20CRM/1.0/methods?category=contacts", ``, 200, sevenBooks},
	{"GET /connectors/Bookshelf%20CRM/methods?category=Webhooks&query=create", ``, 200, `[{"Name":"Create Change Webhook"},{"Name":"Create Webhook"}]`},
	{"GET /connectors/None/methods", ``, 404, ``},
	{"GET /methods/999999", ``, 404, ``},
	{"GET /methods/x", ``, 400, ``},
	{"POST /templates/import", ``, 400, failed},
	{"POST /templates/import", `{}`, 400, failed},
	{"POST /templates/import?folderid=x", ``, 400, `{"Message":"Folder ID is invalid."}`},
	{"POST /templates/import?folderid=x", hello, 400, `{"Message":"Folder ID is invalid."}`},
	{"POST /templates/import?folderid=3c0a6a0e-6f0a-4d0c-9d0e-0e8e2a6b7c02", ``, 400, `{"Message":"Folder with provided ID could not be found."}`},
	{"POST /templates/import?FOLDERID=3c0a6a0e-6f0a-4d0c-9d0e-0e8e2a6b7c02", hello, 400, `{"Message":"Folder with provided ID could not be found."}`},
	{"folder = POST /folders", `{"Name":"CRM"}`, 201, ``},
	{"t = POST /templates/import?folderid={folder}", hello, 200, `{"Name":"Hello","FolderId":"{folder}","ReleaseState":"Live"}`},
	{"GET /templates", ``, 200, `[{"Id":"{t}","Connectors":[{"Name":"Bookshelf CRM","Icon":""}]}]`},
	{"GET /templates?connectorName=bookshelf%20crm&connectorVersion=1.0&includePrerequisites=true", ``, 200, `[{"Id":"{t}","Prerequisites":"*"}]`},
	{"GET /templates?connectorName=Postbag", ``, 200, `[]`},
	{"GET /templates?tag=none", ``, 200, `[]`},
	{"GET /templates/{t}", ``, 200, `{"Name":"Hello"}`},
	{"GET /templates/x", ``, 400, ``},
	{"GET /templates/3c0a6a0e-6f0a-4d0c-9d0e-0e8e2a6b7c02", ``, 404, ``},
	{"GET /templates/{t}/export", ``, 200, `{"Format":"tandem-template/1","Name":"Hello","Graph":{"Steps":[{"Name":"Hook"}]}}`},
}
