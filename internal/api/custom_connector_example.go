package api

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// exampleCustomConnector is one with a method.
func exampleCustomConnector() map[string]any {
	return map[string]any{
		"Name": "Acme Orders", "UniqueIdentifier": "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f", "Version": "1.0", "Description": "Orders of Acme Software.", "ReleaseStatus": "Draft",
		"Authentication": []map[string]string{{"AuthType": "ApiKey", "AuthScheme": "Bearer"}},
		"Methods": []map[string]any{{
			"Name": "List Orders", "MethodUniqueIdentifier": "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e60", "MethodType": "Action",
			"HttpMethod": "GET", "Endpoint": "https://api.acme.example/orders", "ResponseDataType": "Json",
			"ResponseFields": []map[string]string{{"ConnectorField": "[].id", "DataType": "Integer"}},
		}},
		"ProductAddon": map[string]any{"ConnectorName": "Acme Orders", "Categories": []string{"Commerce"}, "Published": false},
	}
}

// exampleCustomAnswer is the same as it comes back.
func exampleCustomAnswer(at time.Time) customConnectorParts {
	in := exampleCustomConnector()
	methods := in["Methods"].([]map[string]any)
	return customConnectorParts{
		ID: 42, Name: "Acme Orders", UniqueIdentifier: in["UniqueIdentifier"].(string), Version: "1.0", Description: "Orders of Acme Software.",
		Status: "Draft", ReleaseStatus: tandem.ReleaseDraft, Billable: new(false), CreatedOnUTC: at,
		Authentication: []map[string]any{{"AuthType": "ApiKey", "AuthScheme": "Bearer"}}, Parameters: []map[string]any{}, Triggers: []map[string]any{},
		MethodCategories: []any{}, Methods: methods, RateLimits: []any{}, Deprecations: []any{}, Unsupported: []string{},
		ProductAddon: &productAddon{ConnectorName: "Acme Orders", Categories: []string{"Commerce"}},
	}
}
