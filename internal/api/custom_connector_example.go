package api

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// exampleCustomConnector is one with a method.
func exampleCustomConnector() map[string]any {
	return map[string]any{
		"Name": "Acme Orders", "UniqueIdentifier": "5a0e3d2f-58f0-4b0c-9d8e-0a1b2c3d4e5f", "Version": "1.0", "Description": "Orders of Acme Software.", "ReleaseStatus": "Draft",
		"Authentication": []any{map[string]string{"AuthType": "ApiKey", "AuthScheme": "Bearer"}},
		"Methods": []any{map[string]any{
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
	return customConnectorParts{
		ID: 42, Revision: 7, Name: "Acme Orders", UniqueIdentifier: in["UniqueIdentifier"].(string), Version: "1.0", Description: "Orders of Acme Software.",
		Status: "Draft", ReleaseStatus: tandem.ReleaseDraft, CreatedOnUTC: at,
		Authentication: in["Authentication"].([]any), Parameters: []any{}, Triggers: []any{},
		MethodCategories: []any{}, Methods: in["Methods"].([]any), RateLimits: []any{}, Deprecations: []any{}, Unsupported: []string{},
		ProductAddon: in["ProductAddon"].(map[string]any),
	}
}
