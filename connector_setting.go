package tandem

import "context"

// ConnectorSettings are what a partner has set for a connector of its library,
// in all releases and for all accounts: the client that the connector is known to
// the third party as, and values of its partner properties.
type ConnectorSettings struct {
	ClientID     string
	ClientSecret Secret     // masked unless the caller just set it
	Properties   []Property // sensitive ones are masked unless the caller just set them

	// Native says that it is the partner's own product: where it is installed and
	// nobody says otherwise, [AccountConnector.IsPartnerIntegrationConnector].
	Native bool
}

// ConnectorSettingsUpdate changes ConnectorSettings. What is not set stays.
type ConnectorSettingsUpdate struct {
	ClientID     Optional[string]
	ClientSecret Optional[Secret]
	Properties   []Property // by Name: these are set, others stay; "" takes the value away
	Native       Optional[bool]
}

// LibrarySettings are the partners' settings of connectors.
type LibrarySettings interface {
	Get(ctx context.Context, p PartnerID, c *LibraryConnector) (ConnectorSettings, error)
	// Set errors: Invalid (a property that is none of the partner's; another
	// ClientId without its ClientSecret).
	Set(ctx context.Context, p PartnerID, c *LibraryConnector, u ConnectorSettingsUpdate) (ConnectorSettings, error)
	// Clear forgets them.
	Clear(ctx context.Context, p PartnerID, c *LibraryConnector) error
}
