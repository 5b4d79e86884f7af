package api

import (
	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

func exampleResponse() any {
	return map[string]any{"id": 7, "email": "amy@pageturner.example"}
}

// demandAnswers are of what an account's connectors have and do.
func demandAnswers() []any {
	return []any{
		propertyShape{ID: 5, Name: "BaseUrl", Value: "https://crm.example", AccountConnectorID: 1},
		tandem.CustomField{ID: 41, ConnectorField: "custom.loyalty", DisplayName: "Loyalty", DataType: connector.Text, ForRequestFormat: true},
		testShape{
			Success: true, StatusCode: 200, Incidents: []testIncident{},
			Request:  &requestShape{Method: "GET", URL: "https://crm.example/contacts/7", Headers: map[string]string{"X-Api-Key": mask}},
			Response: &responseShape{Status: 200, Body: exampleResponse()},
		},
		choiceShape{Name: "News", Value: "1"},
	}
}
