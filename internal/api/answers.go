package api

import (
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/api/reference"
)

const (
	exampleFolder  tandem.FolderID  = "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b03"
	exampleOffer                    = "Zr1XqL0c9nA5m8Wm3pT7yQ4uJ2sE6vK1hB0dG5fN9oI"
	exampleRelease tandem.ReleaseID = "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b02"
)

const exampleCycle tandem.CycleID = "2c1d7f64-2f55-4f0e-8d5c-6a4b8f0f2a10"

// answers are examples of what the API answers with, one of each type.
func answers() map[reflect.Type]any {
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	text, stepID := mask, tandem.StepID(stepA)
	txn := tandem.TransactionID(1) << 62
	transaction := tandem.Transaction{ID: txn, CycleID: exampleCycle, Status: tandem.TransactionCompleted, Created: at, Finished: at.Add(time.Second), Tasks: 1}
	incident := tandem.Incident{
		ID: 1, CycleID: exampleCycle, IncidentLevel: tandem.OutcomeError, ShortMessage: "Failed to call the method",
		FullMessage: "404 Not Found", StepID: stepB, TransactionID: txn, Created: at,
	}
	crm := connectorShape{
		ID: 1, Name: "Sample CRM", Version: "1.0", Status: "Live", Categories: []string{"CRM"}, AuthType: connector.AuthAPIKey,
		Authentication: showAuthentication([]connector.Authentication{{ID: 2, Name: "API key", AuthType: connector.AuthAPIKey, TargetType: connector.HTTPHeader, TargetName: "X-Api-Key"}}),
		Parameters:     []ConnectorParameter{}, Triggers: []connector.Trigger{},
	}
	used := []usedConnector{{ID: 1, AccountConnectorID: 1, Name: "Sample CRM", Version: "1.0", Authenticated: true, StepCount: 2}}
	all := map[reflect.Type]any{}
	for _, v := range []any{
		tandem.AuditEntry{
			ID: 7, Created: at, ActorType: tandem.ActorConsoleUser, ActorID: "1", Actor: "ada@vendor.example", AccountID: "page-turner", Account: "Page Turner Books",
			Action: "updateAccount", Object: "/v1.0/accounts/page-turner", Sent: `{"Description":"Books and more"}`, Outcome: tandem.ActDone, Count: 1,
			RequestID: "N7GZK2AEXQ2TJ6YLDYIF4KOFVP", Address: "192.0.2.1", Hash: "9f2c…",
		},
		exampleCustomAnswer(at), exampleImportAnswer(at),
		tandem.AuditProof{Intact: true, Head: &tandem.AuditHead{ID: 7, Hash: "9f2c…"}},
		tandem.Account{APIID: "page-turner", CreatedDate: at, Name: "Page Turner Books", Timezone: "Europe/London", Enabled: true},
		tandem.User{
			ID: 7, Username: "amy@pageturner.example", FirstName: "Amy", LastName: "Page", Email: "amy@pageturner.example", CreatedDate: at, LastSignInDate: &at,
			Accounts: []tandem.Membership{{APIID: "page-turner", AccountName: "Page Turner Books", Administrator: true, Enabled: true}},
		},
		tandem.Member{ID: 7, Username: "amy@pageturner.example", FirstName: "Amy", LastName: "Page", Email: "amy@pageturner.example", Administrator: true, LastSignInDate: &at},
		tandem.Invitation{ID: 9, Email: "bob@pageturner.example", CreatedDate: at, ExpiresAtUTC: at.Add(tandem.InvitationLifetime)},
		ownAccountShape{ID: "page-turner", CreatedDate: at, Name: "Page Turner Books", Timezone: "Europe/London", StepDataErroredRetentionHours: new(168), Enabled: true},
		settingsShape{
			Account: tandem.AccountDefaults{StepDataErroredRetentionHours: new(168)},
			Task:    tandem.TaskSettings{Allowance: 100_000, Alerts: []string{"ops@acme.example"}},
		},
		tandem.Prerequisite{ReasonCode: tandem.ReasonParameter, Reason: "Contact ID is not mapped.", ObjectType: tandem.ObjectParameter, ObjectID: "12", StepID: stepB},
		tandem.Edge{ID: "1f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b03", HeadStepID: stepA, TailStepID: stepB, EdgeType: tandem.ForwardEdge},
		transaction, tandem.PlacedTransaction{AccountID: "page-turner", AccountName: "Page Turner Books", CycleName: "New contact to mailing list", Transaction: transaction},
		incident, tandem.PlacedIncident{AccountID: "page-turner", AccountName: "Page Turner Books", Incident: incident},
		methodShape{
			ID: 3, MethodUniqueIdentifier: "0b6f7f2c-52f1-4b43-9a39-0d1f6a8e7c11", Name: "Get Contact", Category: "Contacts", MethodType: connector.Action,
			HTTPMethod: "GET", Endpoint: "{{BaseUrl}}/contacts/{{ContactId}}", ResponseDataType: connector.JSONBody,
			Parameters:     showMethodParameters([]connector.Parameter{{ID: 12, Name: "ContactId", TargetType: connector.MergeField, DataType: connector.Integer}}, nil),
			RequestFields:  []MethodField{},
			ResponseFields: showMethodFields([]connector.Field{{ID: 13, ConnectorField: "email", DisplayName: "Email", DataType: connector.Text}}),
		},
		exampleTemplate(),
		crm,
		accountConnectorShape{
			ID: 1, Name: "CRM", AuthenticationID: 2, AuthValue: &text, Authenticated: true, AuthenticationState: tandem.Authenticated, ConnectorID: 1,
			Connector: crm, Properties: []propertyShape{{ID: 5, Name: "BaseUrl", Value: "https://crm.example", AccountConnectorID: 1}}, CustomFields: []tandem.CustomField{},
		},
		message{"Connector 'CRM' successfully de-authenticated."},
		templateShape{
			ID: "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01", Name: "New contact to mailing list", Tags: []string{"crm"}, Published: true,
			TemplateReleaseID: exampleRelease, ReleaseState: tandem.ReleaseLive, Version: 1, CreatedOnUTC: at, CreatedBy: "ada@acme.example", Connectors: used,
		},
		folderShape{ID: exampleFolder, Name: "CRM", CreatedOnUTC: at},
		offerShape{Code: exampleOffer, ExpiresAtUTC: at},
		releaseShape{
			ID: exampleRelease, TemplateID: "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01", Version: 1, State: tandem.ReleaseLive, Revision: 4, Notes: "Asks for consent.",
			CreatedOnUTC: at, CreatedBy: "ada@acme.example", PromotedOnUTC: &at, PromotedBy: "ada@acme.example",
		},
		cycleShape{
			ID: exampleCycle, Name: "New contact to mailing list", Tags: []string{"crm"}, Status: tandem.CycleRunning, StepErrorAction: tandem.StopTransaction,
			CollectionSplitType: tandem.SplitFirst, LogStepDataRequests: true, CreatedOnUTC: at, TasksUsed: 12, LastSuccessfulRunDate: "2026-01-31T12:00:00Z", Connectors: used,
		},
		exampleDesign(),
		stepShape{
			ID: stepA, CycleID: exampleCycle, Name: "Get Contact", ActionType: actionType(tandem.ActionStep), DisplayPositionLeft: 200,
			Method:           &methodName{ID: 3, Name: "Get Contact", MethodUniqueIdentifier: "0b6f7f2c-52f1-4b43-9a39-0d1f6a8e7c11", MethodType: connector.Action},
			AccountConnector: &connectorName{ID: 1, Name: "CRM", ConnectorID: 1, Authenticated: true},
		},
		variableShape{DisplayName: "List name", SystemName: "ListName", Value: "News", MappingType: tandem.MapStatic},
		mappingShape{
			Field:       &FieldShape{ID: 13, ConnectorField: "email", DisplayName: "Email", DataType: connector.Text, Values: []connector.Choice{}, DisplayOrder: 1},
			MappingType: tandem.MapStep, SourceStepID: &stepID, SourceField: "contact.email",
		},
		stepItemShape{
			ID: txn.String() + "-2", Seq: 2, Prev: 1, StepID: stepB, StepName: "Get Contact", Tasks: 1, Attempt: 1, StartedOnUTC: at, FinishedOnUTC: at.Add(time.Second),
			Request:  &requestShape{Method: "GET", URL: "https://crm.example/contacts/7", Headers: map[string]string{"X-Api-Key": mask}},
			Response: &responseShape{Status: 200, Body: map[string]any{"id": 7, "email": "amy@pageturner.example"}},
		},
		issuedToken{
			TokenType: "bearer", AccessToken: "the token", ExpiresIn: 1209599, ClientID: "the client's id",
			Issued: "Sat, 31 Jan 2026 12:00:00 GMT", Expires: "Sat, 14 Feb 2026 12:00:00 GMT",
		},
	} {
		all[reflect.TypeOf(v)] = v
	}
	for _, v := range slices.Concat(errorAnswers(at, txn), overviewAnswers(at), trafficAnswers(at, txn), securityAnswers(at), embedAnswers(at), demandAnswers(), connectorAnswers(at), upgradeAnswers(), rolloutAnswers(at), repeatJobAnswers(at)) {
		all[reflect.TypeOf(v)] = v
	}
	return all
}

const exampleNews = "event: design\ndata: {\"Revision\":3,\"People\":[\"Ada Byron\"]}\n\n"

// oddAnswers are examples by operation id, where the type does not tell.
func oddAnswers() map[string]any {
	crm := answers()[reflect.TypeFor[connectorShape]()]
	return map[string]any{
		"listUsers": []string{"amy@pageturner.example"}, "getConnector": crm,
		"callMethod": exampleResponse(), "getMethodResult": exampleResponse(),
		"watchTransactions": "event: transactions\ndata: [{\"Status\":\"Completed\"}]\n\n",
		"watchRelease":      exampleNews, "watchCycleDesign": exampleNews,
		"watchRollout": "event: rollout\ndata: {\"State\":\"Running\",\"Total\":312,\"Counts\":{\"Pending\":302,\"Upgraded\":10}}\n\n",
		"watchChanges": "event: changes\ndata: [{\"AccountId\":\"page-turner\",\"Subject\":\"Cycles\"},{\"AccountId\":\"\",\"Subject\":\"Templates\"}]\n\n",
		"getReference": "<!doctype html>", "getReferenceScript": "addEventListener(\"submit\", …)", "getDocument": map[string]string{"openapi": "3.1.0"},
	}
}

// illustrateAnswers adds an example to each answer that has a body.
func illustrateAnswers(doc *huma.OpenAPI) {
	known, odd := answers(), oddAnswers()
	for _, item := range doc.Paths {
		for _, op := range reference.Operations(item) {
			for status, r := range op.Responses {
				for _, media := range r.Content {
					if status != "default" && media.Example == nil {
						media.Example = exampleOf(doc.Components.Schemas, media.Schema, known, odd[op.OperationID])
					}
				}
			}
		}
	}
}

func exampleOf(registry huma.Registry, s *huma.Schema, known map[reflect.Type]any, odd any) any {
	if odd != nil || s == nil {
		return odd
	}
	if s.Items != nil {
		if one := exampleOf(registry, s.Items, known, nil); one != nil {
			return []any{one}
		}
	}
	if s.Ref != "" {
		return known[registry.TypeFromRef(s.Ref)]
	}
	return nil
}
