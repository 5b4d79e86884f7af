package api_test

import (
	"fmt"
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// The account's table of the API, row by row. What rows cannot say about steps and
// transactions is in TestCycleRows.
func TestAccountTable(t *testing.T) {
	both(t, func(t *testing.T, db *store.Store) {
		w := newWorldOn(t, db, api.Options{})
		cycle, hook, action := w.built("books")
		w.account("below", "books")
		known := map[string]string{"cycle": cycle, "hook": hook.ID, "action": action.ID, "in": fmt.Sprint(action.AccountConnector.ID), "none": "3c0a6a0e-6f0a-4d0c-9d0e-0e8e2a6b7c0f"}
		t.Run("connectors", func(t *testing.T) { w.at(t).table("books", known, connectorRows) })
		t.Run("inherited connectors", func(t *testing.T) { w.at(t).table("below", known, inheritedRows) })
		t.Run("properties and fields", func(t *testing.T) { w.at(t).table("books", known, partRows) })
		t.Run("custom connectors", func(t *testing.T) { w.at(t).table("books", known, customRows) })
		t.Run("cycles", func(t *testing.T) { w.at(t).table("books", known, cycleRows) })
		t.Run("graph", func(t *testing.T) { w.at(t).table("books", known, graphRows) })
		t.Run("mappings", func(t *testing.T) { w.at(t).table("books", known, mappingRows) })
		t.Run("templates", func(t *testing.T) { w.at(t).table("books", known, templateRows) })
	})
}

var connectorRows = []row{
	{"lib = GET /connectors/Bookshelf%20CRM", ``, 200, ``},
	{"bare = POST /connectors/Bookshelf%20CRM/install", ``, 200, `{"Name":"Bookshelf CRM","AuthValue":null,"Authenticated":false,"AuthenticationState":"NotAuthenticated","Properties":"*"}`},
	{"POST /connectors/{lib}/install/", `{"Name":null,"Properties":null}`, 200, `{"Name":"Bookshelf CRM","ConnectorId":{lib}}`},
	{"crm = POST /connectors/bookshelf%20crm/1.0/install", `{"Name":"CRM","Description":"d","AuthValue":"key","Properties":[{"Name":"baseurl","Value":"http://a.test"}],"IsPartnerIntegrationConnector":"true"}`, 200, `{"Name":"CRM","Description":"d",
		"AuthValue":"key","Authenticated":true,"AuthenticationState":"Authenticated","ConnectorId":{lib},"IsPartnerIntegrationConnector":true,"Inherited":false,"Properties":[{"Name":"BaseUrl","Value":"http://a.test"}],"CustomFields":[],
		"Connector":{"Id":{lib},"Name":"Bookshelf CRM","Version":"1.0","Status":"Live","Icon":"*","AuthType":"ApiKey","OAuth2Type":null,"AuthScheme":"","Authentication":[{"Name":"API key"}],"Parameters":[{"Name":"BaseUrl"}],"Triggers":[]}}`},
	{"POST /connectors/{lib}/install", `{"Properties":[{"Name":"X","Value":"1"}]}`, 400, `{"Message":"There is not a connector property that matches name 'X'."}`},
	{"POST /connectors/{lib}/install", `{"AuthenticationId":999999}`, 400, `{"ModelState":{"AuthenticationId":"*"}}`},
	{"POST /connectors/999999/install", ``, 404, ``},
	{"POST /connectors/None/install", ``, 404, ``},
	{"POST /connectors/Bookshelf%20CRM/9.9/install", ``, 404, ``},
	{"GET /account/connectors/{crm}", ``, 200, `{"Id":{crm},"AuthValue":"***"}`},
	{"PUT /account/connectors/{crm}", `{"Name":"Mine"}`, 200, `{"Name":"Mine","Description":"d","AuthValue":"***","Authenticated":true}`},
	{"PUT /account/connectors/{crm}", `{"Description":null,"AuthValue":"new"}`, 200, `{"Name":"Mine","Description":"","AuthValue":"new"}`},
	{"PUT /account/connectors/{crm}", `{"AuthenticationId":"999999"}`, 400, `{"ModelState":{"AuthenticationId":"*"}}`},
	{"PUT /account/connectors/999999", `{}`, 404, ``},
	{"PUT /account/connectors/x", `{}`, 400, ``},
	{"PUT /account/connectors/{crm}/deauthenticate", ``, 200, `{"Message":"Connector 'Mine' successfully de-authenticated."}`},
	{"GET /account/connectors/{crm}", ``, 200, `{"AuthValue":null,"Authenticated":false}`},
	{"DELETE /account/connectors/{crm}", ``, 200, ``},
	{"GET /account/connectors/{crm}", ``, 404, ``},
	{"DELETE /account/connectors/{crm}", ``, 404, ``},
	{"DELETE /account/connectors/{bare}", ``, 200, ``},
}

var inheritedRows = []row{
	{"GET /account/connectors/{in}", ``, 200, `{"Inherited":true,"AuthValue":null,"Authenticated":true}`},
	{"PUT /account/connectors/{in}", `{"Name":"x"}`, 404, ``},
	{"DELETE /account/connectors/{in}", ``, 404, ``},
	{"PUT /account/connectors/{in}/deauthenticate", ``, 404, ``},
	{"GET /cycles/{cycle}", ``, 404, ``},
	{"GET /steps/{action}", ``, 404, ``},
}

var partRows = []row{
	{"url = POST /account/connectors/{in}/properties", `{"Name":"BaseUrl","Value":"http://b.test"}`, 0, `{"Name":"BaseUrl","Value":"http://b.test","AccountConnectorId":{in}}`},
	{"GET /account/connectors/{in}/properties", ``, 200, `[{"Id":{url},"Value":"http://b.test"}]`},
	{"GET /account/connectors/{in}/properties/{url}", ``, 200, `{"Value":"http://b.test"}`},
	{"PUT /account/connectors/{in}/properties/{url}", `{"Value":"http://c.test"}`, 200, `{"Name":"BaseUrl","Value":"http://c.test"}`},
	{"GET /account/connectors/{in}/properties/999999", ``, 404, ``},
	{"GET /account/connectors/{in}/properties/x", ``, 400, ``},
	{"DELETE /account/connectors/{in}/properties/{url}", ``, 200, ``},
	{"GET /account/connectors/{in}/properties/{url}", ``, 200, `{"Value":""}`},
	{"PUT /account/connectors/{in}/properties/{url}", `{"Name":"baseurl","Value":8080}`, 200, `{"Name":"BaseUrl","Value":"8080"}`},
	{"size = POST /account/connectors/{in}/fields", `{"ConnectorField":"extra.size","DisplayName":"Size","DataType":"integer","ForRequestFormat":"True"}`, 0, `{"ConnectorField":"extra.size","SystemField":"","DisplayName":"Size",
		"Description":"","DataType":"Integer","DataTypeFormat":"","MethodUniqueIdentifier":"","EntityIdentifier":"","ForRequestFormat":true}`},
	{"PUT /account/connectors/{in}/fields/{size}", `{"Description":"of shoes"}`, 200, `{"DisplayName":"Size","Description":"of shoes","DataType":"Integer"}`},
	{"PUT /account/connectors/{in}/fields/{size}", `{"DataType":"Ham"}`, 400, `{"ModelState":{"DataType":"*"}}`},
	{"GET /account/connectors/{in}/fields", ``, 200, `[{"Id":{size}}]`},
	{"GET /account/connectors/{in}", ``, 200, `{"CustomFields":[{"Id":{size}}]}`},
	{"DELETE /account/connectors/{in}/fields/{size}", ``, 200, ``},
	{"GET /account/connectors/{in}/fields/{size}", ``, 404, ``},
	{"GET /account/connectors/{in}/fields/x", ``, 400, ``},
	{"GET /account/connectors/{in}/methods/7f4657b6-5cb7-4303-baf2-973558dfca53", ``, 200, `{"lists":"*"}`},
	{"POST /account/connectors/{in}/methods/7F4657B6-5CB7-4303-BAF2-973558DFCA53", `{'Parameters':{},}`, 200, `{"lists":"*"}`},
	{"POST /account/connectors/{in}/methods/{none}", ``, 404, ``},
	{"POST /account/connectors/{in}/methods/List", ``, 400, ``},
	{"POST /account/connectors/{in}/test/7f4657b6-5cb7-4303-baf2-973558dfca53", `{Fields:{}}`, 200, `{"Success":true,"StatusCode":200,"Request":"*","Response":{"Body":{"lists":"*"}},"Incidents":[]}`},
	{"POST /account/connectors/{in}/test/999999", ``, 404, ``},
	{"POST /account/connectors/{in}/triggers/999999", ``, 404, ``},
	{"POST /account/connectors/{in}/triggers/x", ``, 400, ``},
}

const own = `"UniqueIdentifier":"7d0a2c9e-6f0a-4d0c-9d0e-0e8e2a6b7c11","Authentication":[{"AuthType":"None"}],"Parameters":[{"Name":"fixed","TargetType":"QueryString","Value":"x"}],
	"Methods":[{"Name":"List","MethodUniqueIdentifier":"7d0a2c9e-6f0a-4d0c-9d0e-0e8e2a6b7c12","MethodType":"Action","HttpMethod":"GET","Endpoint":"https://x.test/","ResponseDataType":"Json"}]`

var customRows = []row{
	{"GET /account/connectors/custom", ``, 200, `[]`},
	{"POST /account/connectors/custom", `{` + own + `}`, 400, `{"Message":"Invalid connector: (Column 'Name' cannot be null)"}`},
	{"POST /account/connectors/custom", `{"Name":"Own"}`, 400, `{"Message":"Invalid connector: (Column 'UniqueIdentifier' cannot be null)"}`},
	{"own = POST /account/connectors/custom", `{"Name":"Own","Extra":{"a":[1]},` + own + `}`, 0, `{"Name":"Own","UniqueIdentifier":"7d0a2c9e-6f0a-4d0c-9d0e-0e8e2a6b7c11","Status":"Draft","ReleaseStatus":"Draft","Billable":false,"CreatedOnUtc":"*",
		"Authentication":[{"AuthType":"None"}],"Parameters":[{"Name":"fixed"}],"Triggers":[],"MethodCategories":[],"Methods":[{"Name":"List"}],"RateLimits":[],"Deprecations":[],
		"ProductAddon":{"ConnectorName":"Own","Categories":[],"Currency":null,"Published":false},"Extra":{"a":[1]}}`},
	{"POST /connectors/{own}/install", ``, 400, `{"Message":"Connector {own} is a draft and cannot be installed."}`},
	{"PUT /account/connectors/custom/{own}", `{"ReleaseStatus":"live"}`, 200, `{"Name":"Own","Extra":{"a":[1]}}`},
	{"PUT /account/connectors/custom/{own}", `{"Extra":null}`, 200, ``},
	{"POST /connectors/Own/install", `{"Properties":[{"Name":"fixed","Value":"y"}]}`, 400, `{"Message":"Connector property name 'fixed' is not an account connector property."}`},
	{"GET /connectors?includeCustomConnectors=false&query=Own", ``, 200, `[]`},
	{"GET /connectors?query=Own", ``, 200, `[{"Id":{own}}]`},
	{"DELETE /account/connectors/custom/{own}", ``, 200, ``},
	{"GET /account/connectors/custom/{own}", ``, 404, ``},
	{"GET /account/connectors/custom/x", ``, 400, ``},
}

var templateRows = []row{
	{"t = POST /templates/import", hello, 200, ``},
	{"c = POST /templates/{t}/install", ``, 200, `{"Name":"Hello","Status":"Paused","TemplateId":"{t}","TemplateReleaseId":"*","TasksUsed":0,"ErrorCount":0,"WarningCount":0,"InProgressTransactionCount":0,
		"Connectors":[{"Id":"*","AccountConnectorId":{in},"Name":"Bookshelf CRM","Version":"1.0","Authenticated":true,"StepCount":1,"Icon":"*"}]}`},
	{"POST /templates/{none}/install", ``, 404, ``},
	{"POST /templates/x/install", ``, 400, ``},
	{"GET /cycles/upgradeable", ``, 200, `[]`},
	{"POST /cycles/{none}/upgrade", ``, 404, ``},
	{"DELETE /cycles/{c}", ``, 200, ``},
	{"GET /cycles/{c}", ``, 404, ``},
}
