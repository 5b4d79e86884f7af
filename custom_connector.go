package tandem

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
)

// CustomConnector is a partner's own connector: a JSON document, of which
// [LibraryConnector] is what can be used. Its accounts install it as they do those
// of the library.
type CustomConnector struct {
	Partner          PartnerID
	ID               ConnectorID
	Name             string
	Version          string
	UniqueIdentifier string // GUID, lower case
	State            ReleaseState
	Created          time.Time
	Revision         int64 // of the partner's own connectors, when this one was written

	// Document is what the partner has written, name by name, those that are not
	// known too. What is known by another spelling has its own.
	Document map[string]json.RawMessage

	Unsupported []string // what of it cannot be used, and why; not kept
}

// NewConnector is a connector that is to be one of a partner's own: as it is kept,
// and as it is used.
type NewConnector struct {
	CustomConnector
	Definition *connector.Connector
}

// CustomConnectors are a partner's own connectors.
type CustomConnectors interface {
	// List sorts them by name, and searches that and UniqueIdentifier. Of a method it tells Name, MethodUniqueIdentifier and
	// MethodType alone, and marks it as an Outline.
	List(ctx context.Context, p PartnerID, f Search) (Page[CustomConnector], error)
	// Get errors: NotFound.
	Get(ctx context.Context, p PartnerID, id ConnectorID) (*CustomConnector, error)
	// Create errors: Invalid.
	Create(ctx context.Context, p PartnerID, document map[string]json.RawMessage) (*CustomConnector, error)
	// Update sets the properties that document has; null removes one. An Outline
	// among its methods leaves that one as it is. looked is the Revision that
	// was looked at; 0: whichever it is.
	//
	// Errors: NotFound; Invalid; Conflict (it is installed, and would lose what
	// its installations may use; it is of another Revision by now).
	Update(ctx context.Context, p PartnerID, id ConnectorID, looked int64, document map[string]json.RawMessage) (*CustomConnector, error)
	// Delete errors: NotFound, Conflict (it is installed).
	Delete(ctx context.Context, p PartnerID, id ConnectorID) error
}
