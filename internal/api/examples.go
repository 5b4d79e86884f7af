package api

import (
	"github.com/tandem-ipaas/tandem"
)

const (
	stepA = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b01"
	stepB = "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b02"
)

// set is a setting that holds v.
func set[T any](v T) setting[T] { return setting[T]{some(v)} }

// examples are the bodies of requests, by operation id.
func examples() map[string]example {
	user := credentials{Username: "amy@pageturner.example", Password: "correct horse battery"}
	install := installBody{Name: "CRM", AuthValue: "the key"}
	step := stepBody{ActionType: some(actionType(tandem.ActionStep)), AccountConnector: "1", Method: stepA, DisplayPositionLeft: some(200)}
	variable := variableBody{DisplayName: some("List name"), SystemName: "ListName", Value: some("News")}
	mapping := mappingBody{MappingType: string(tandem.MapStep), SourceStepID: some(guid[tandem.StepID]{stepA}), SourceField: "contact.email"}
	static := mappingBody{MappingType: string(tandem.MapStatic), Value: "{{Email | lower}}"}
	account := accountBody{ID: "page-turner", Name: set("Page Turner Books"), Timezone: set("Europe/London"), StepDataErroredRetentionHours: set(168)}
	return map[string]example{
		"issueToken":              {tokenForm{"client_credentials", "the client's id", "the client's secret", "account:page-turner"}, true},
		"createAccount":           {body: account},
		"updateAccount":           {body: accountBody{TransactionErrorWebhookEnabled: set(true), TransactionErrorWebhookURL: set("https://acme.example/errors")}},
		"updateSettings":          {body: settingsBody{Account: defaultsBody{StepDataErroredRetentionHours: set(168)}, Task: taskBody{Allowance: some(100_000)}}},
		"addUser":                 {body: user},
		"removeUser":              {body: credentials{Username: user.Username}},
		"setPassword":             {body: user},
		"installConnector":        {body: install},
		"installConnectorVersion": {body: install},
		"updateAccountConnector":  {body: map[string]string{"AuthValue": "a new key"}},
		"importTemplate":          {body: exampleTemplate()},
		"createCycle":             {body: cycleBody{Name: some("New contact to mailing list"), Tags: some([]string{"crm"})}},
		"updateCycle":             {body: cycleBody{StepErrorAction: some(tandem.IgnoreError)}},
		"activateCycle":           {body: activationBody{Interval: some(60)}},
		"createStep":              {body: step},
		"updateStep":              {body: stepBody{Name: some("Subscribe"), DisplayPositionTop: some(120)}},
		"createEdge":              {body: edgeBody{guid[tandem.StepID]{stepA}, guid[tandem.StepID]{stepB}, tandem.ForwardEdge}},
		"createVariable":          {body: variable},
		"updateVariable":          {body: variableBody{Value: some("Offers")}},
		"updateVariables":         {body: []variableBody{variable}},
		"updateParameter":         {body: static},
		"mapParameter":            {body: static},
		"updateFieldMapping":      {body: mapping},
		"mapField":                {body: mapping},
	}
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
