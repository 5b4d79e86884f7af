package api

import (
	"encoding/json"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// connectorAnswers are examples of what becomes of connectors.
func connectorAnswers(at time.Time) []any {
	promoted := tandem.ConnectorPromotion{Kind: tandem.MajorPromotion, Version: "2.0", Notes: "Orders can be cancelled.", Promoted: at, PromotedBy: "ada@acme.example"}
	field := tandem.CustomField{
		ID: 40, ConnectorField: "properties.loyalty", DisplayName: "Loyalty", DataType: connector.Integer, MethodUniqueIdentifier: stepA, ForRequestFormat: true, Optional: true, Discovered: true,
	}
	deals := copyShape{ID: 4503599627370497, Category: "Objects", ObjectName: "Deal", DisplayName: "Deals"}
	return []any{
		connectorReleaseShape{ID: 30, Version: "2.0", ReleaseStatus: tandem.ReleaseLive, CreatedOnUTC: at, Installed: 12, Promotions: []tandem.ConnectorPromotion{promoted}},
		discoveryShape{New: []tandem.CustomField{field}, Kept: []tandem.CustomField{}, Gone: []tandem.CustomField{}, LeftOut: []string{}},
		scriptShape{
			Success: true, Handled: true, GoesOn: true, State: map[string]json.RawMessage{"method_response": json.RawMessage("[1]")}, Log: []string{"1 item"},
		},
		templateConnectorShape{
			ConnectorID: 1, Name: "Sample CRM", Versions: []string{"1.0"}, Native: true,
			Templates: []userTemplate{{ID: "6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01", Name: "New contact to mailing list"}},
		},
		deals,
		categoryShape{Name: "Objects", ObjectTrigger: "Types", Objects: []choiceShape{{Name: "Deals", Value: "Deal"}}, Copies: []copyShape{deals}},
	}
}
