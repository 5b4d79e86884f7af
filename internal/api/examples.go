package api

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

const (
	stepA = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b01"
	stepB = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b02"
)

// set is a setting that holds v.
func set[T any](v T) setting[T] { return setting[T]{some(v)} }

// examples are the bodies of requests, by operation id.
func examples() map[string]example {
	const amy = "amy@pageturner.example"
	user := credentials{Username: amy, Password: "correct horse battery"}
	install := installBody{Name: "CRM", AuthValue: "the key"}
	step := stepBody{ActionType: some(actionType(tandem.ActionStep)), AccountConnector: "1", Method: stepA, DisplayPositionLeft: some(200)}
	variable := variableBody{DisplayName: some("List name"), SystemName: "ListName", Value: some(anyText("News"))}
	mapping := mappingBody{MappingType: string(tandem.MapStep), SourceStepID: some(guid[tandem.StepID]{stepA}), SourceField: some("contact.email")}
	static := mappingBody{MappingType: string(tandem.MapStatic), Value: some(anyText("{{Email | lower}}"))}
	field := customFieldBody{ConnectorField: some("custom.loyalty"), DisplayName: some("Loyalty"), DataType: some(connector.Text), ForRequestFormat: some(true)}
	call := methodBody{Parameters: map[string]any{"12": 7}, Fields: map[string]any{"34": "amy@pageturner.example"}}
	account := accountBody{ID: "page-turner", Name: set("Page Turner Books"), Timezone: set("Europe/London"), StepDataErroredRetentionHours: set(168)}
	all := map[string]example{
		"issueToken":              {tokenForm{"client_credentials", "the client's id", "the client's secret", "account:page-turner"}, true},
		"createAccount":           {body: account},
		"updateAccount":           {body: accountBody{TransactionErrorWebhookEnabled: set(true), TransactionErrorWebhookURL: set("https://acme.example/errors")}},
		"updateSettings":          {body: settingsBody{Account: defaultsBody{StepDataErroredRetentionHours: set(168)}, Task: taskBody{Allowance: some(100_000)}}},
		"updatePartner":           {body: partnerBody{"Acme Software"}},
		"updateAppearance":        {body: appearanceBody{ProductName: some("Acme Connect"), AccentColor: some("#0b5cad")}},
		"testWebhook":             {body: trialBody{"Error", "https://acme.example/errors"}},
		"testAccountWebhook":      {body: accountTrialBody{"https://acme.example/errors"}},
		"addUser":                 {body: user},
		"removeUser":              {body: credentials{Username: amy}},
		"setPassword":             {body: user},
		"updateUserAccess":        {body: memberBody{some(true)}},
		"createInvitation":        {body: invitationBody{amy, some(true)}},
		"createUser":              {body: newUserBody{Username: amy, FirstName: "Amy", LastName: "Page", Password: user.Password, Accounts: []anyText{"page-turner"}}},
		"updateUser":              {body: userBody{LastName: some("Turner"), Accounts: some([]anyText{"page-turner"})}},
		"updateMember":            {body: memberBody{some(true)}},
		"createOwnInvitation":     {body: invitationBody{Email: amy}},
		"updateOwnUser":           {body: map[string]string{"LastName": "Turner", "Password": "a new password", "CurrentPassword": "your password"}},
		"requestEmail":            {body: map[string]string{"Email": "amy@turner.example", "Password": user.Password}},
		"installConnector":        {body: install},
		"installConnectorVersion": {body: install},
		"updateAccountConnector":  {body: map[string]string{"AuthValue": "a new key"}},
		"updateConnectorSettings": {body: connectorSettingsBody{ClientID: some(anyText("the client's id")), ClientSecret: some(anyText("the client's secret"))}},
		"connectAccountConnector": {body: connectBody{TargetOrigin: "https://app.acme.example", CallbackMessage: "crm connected"}},
		"issueSetupToken":         {body: setupBody{some(1440)}},
		"createProperty":          {body: propertyBody{Name: "BaseUrl", Value: "https://crm.example"}},
		"updateProperty":          {body: map[string]string{"Value": "https://crm.example"}},
		"createCustomField":       {body: field},
		"copyCategory":            {body: categoryBody{"Objects", "Deal", "Deals"}},
		"promoteConnector":        {body: promoteConnectorBody{tandem.MinorPromotion, "Orders can be cancelled."}},
		"discoverFields":          {body: discoverBody{FieldTargetBody: FieldTargetBody{Method: stepA}}},
		"sampleFields":            {body: sampleBody{FieldTargetBody{stepA, some(true)}, map[string]any{"loyalty": map[string]any{"level": 3}}}},
		"createCustomConnector":   {body: exampleCustomConnector()},
		"updateCustomConnector":   {body: map[string]string{"ReleaseStatus": "Live"}},
		"tryConnector":            {body: connectorTrialBody{AuthValue: "the key", Properties: map[string]anyText{"BaseUrl": "https://crm.example"}, Parameters: map[string]any{"page": 1}}},
		"runScript":               {body: scriptBody{"function after_action() { method_response = method_response.items; return true; }", "after_action", map[string]json.RawMessage{"method_response": json.RawMessage(`{"items":[1]}`)}}},
		"startRollout":            {body: rolloutBody{ReleaseID: some(guid[tandem.ReleaseID]{exampleRelease}), First: some(10), MaxFailures: some(5)}},
		"importConnector":         {body: importBody{URL: "https://api.pageturner.example/openapi.yaml", DryRun: true}},
		"reimportConnector":       {body: importBody{URL: "https://api.pageturner.example/openapi.yaml"}},
		"updateCustomField":       {body: map[string]string{"DisplayName": "Loyalty level"}},
		"callMethod":              {body: call},
		"testMethod":              {body: call},
		"testStep":                {body: stepTrialBody{Method: "0b6f7f2c-52f1-4b43-9a39-0d1f6a8e7c11", Parameters: map[string]any{"ContactId": 7}, Variables: map[string]anyText{"list": "News"}, LastSuccessfulRunDate: some(moment{Time: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)})}},
		"lookUp":                  {body: methodBody{Parameters: map[string]any{"12": 7}}},
		"lookUpParameter":         {body: map[string]int{"TriggerId": 3}},
		"createFolder":            {body: folderBody{Name: some("CRM"), ParentFolderID: some(guid[tandem.FolderID]{exampleFolder})}},
		"updateFolder":            {body: folderBody{Name: some("CRM and mailing")}},
		"createTemplate":          {body: templateBody{Name: some("New contact to mailing list"), Tags: some([]string{"crm"})}},
		"updateTemplate":          {body: templateBody{Published: some(true)}},
		"createDraft":             {body: createDraftBody{some(guid[tandem.ReleaseID]{exampleRelease})}},
		"updateRelease":           {body: releaseBody{Revision: some(int64(3)), Notes: some("Asks for consent."), Graph: some(graphBody{exampleTemplate().Graph})}},
		"promoteRelease":          {body: promotionBody{Notes: some("Asks for consent."), Revision: some(int64(4))}},
		"copyRelease":             {body: releaseCopyBody{Name: some("New lead to mailing list")}},
		"importTemplate":          {body: exampleTemplate()},
		"acceptTemplate":          {body: map[string]string{"Code": exampleOffer, "FolderId": string(exampleFolder)}},
		"createCycle":             {body: cycleBody{Name: some("New contact to mailing list"), Tags: some([]string{"crm"})}},
		"updateCycle":             {body: cycleBody{StepErrorAction: some(tandem.IgnoreError)}},
		"copyCycle":               {body: copyBody{Name: "New contact to mailing list, for the shop"}},
		"copyCycleToTemplate":     {body: toTemplateBody{Name: "New contact to mailing list"}},
		"activateCycle":           {body: activationBody{Interval: some(60)}},
		"updateCycleDesign":       {body: designBody{Revision: some(int64(3)), Graph: graphBody{exampleTemplate().Graph}, AccountConnectors: []boundConnector{{"crm", 1}}}},
		"createStep":              {body: step},
		"retryTransactions":       {body: repeatBody{RepeatFilter: RepeatFilter{CycleID: some(guid[tandem.CycleID]{exampleCycle})}}},
		"resumeTransactions":      {body: repeatBody{RepeatFilter: RepeatFilter{CycleID: some(guid[tandem.CycleID]{exampleCycle})}}},
		"dropTransactions":        {body: repeatBody{RepeatFilter: RepeatFilter{Status: some("Waiting")}}},
		"startTransactionJob":     {body: repeatJobBody{tandem.ResumeTransaction, RepeatFilter{CycleID: some(guid[tandem.CycleID]{exampleCycle})}}},
		"updateStep":              {body: stepBody{Name: some("Subscribe"), DisplayPositionTop: some(120)}},
		"createEdge":              {body: edgeBody{guid[tandem.StepID]{stepA}, guid[tandem.StepID]{stepB}, tandem.ForwardEdge}},
		"createVariable":          {body: variable},
		"updateVariable":          {body: variableBody{Value: some(anyText("Offers"))}},
		"updateVariables":         {body: []variableBody{variable}},
		"updateParameter":         {body: static},
		"mapParameter":            {body: static},
		"updateFieldMapping":      {body: mapping},
		"mapField":                {body: mapping},
	}
	maps.Copy(all, securityExamples())
	maps.Copy(all, embedExamples())
	return all
}

func exampleTemplate() tandem.TemplateFile {
	return tandem.TemplateFile{
		Format: tandem.TemplateFileFormat, Name: "New contact to mailing list", Tags: []string{"crm"},
		Graph: tandem.Graph{
			Connectors: []tandem.ConnectorRef{{Ref: "crm", Name: "Sample CRM", Version: "1"}, {Ref: "list", Name: "Sample Mailing List", Version: "1"}},
			Steps: []tandem.Step{
				{ID: stepA, Name: "New contact", ActionType: tandem.WebhookStep, Connector: "crm", Method: "0b6f7f2c-52f1-4b43-9a39-0d1f6a8e7c11"},
				{
					ID: stepB, Name: "Subscribe", ActionType: tandem.ActionStep, Connector: "list", Method: "0b6f7f2c-52f1-4b43-9a39-0d1f6a8e7c12",
					Fields: []tandem.Mapping{{Target: "email", MappingType: tandem.MapStep, SourceStepID: stepA, SourceField: "contact.email"}},
				},
			},
			Edges: []tandem.Edge{{ID: "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b03", HeadStepID: stepA, TailStepID: stepB, EdgeType: tandem.ForwardEdge}},
		},
	}
}
