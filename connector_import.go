package tandem

import (
	"context"

	"github.com/tandem-ipaas/tandem/connector"
)

// ConnectorImport is a description of an API in another form, an OpenAPI document,
// that a partner's own connector is made of: the document, or the URL where it is.
type ConnectorImport struct {
	URL      string
	Document []byte // JSON or YAML
	Name     string // "": the document's title, or the connector's, if it is there
	Version  string // "": the document's, or the connector's
	DryRun   bool   // only tells what would become of it

	// Methods are the names of those that are wanted, as a DryRun gives them; nil:
	// all. What no method has any use for comes all the same.
	Methods []string
}

// ImportedConnector is what became of a document.
type ImportedConnector struct {
	Connector *CustomConnector // nil of a dry run
	Report    connector.ImportReport
	Methods   []connector.Method // all that the document has, whether wanted or not
}

// ConnectorImports make partners' own connectors of documents of others.
type ConnectorImports interface {
	// Import makes a connector, which is a draft.
	//
	// Errors: Invalid.
	Import(ctx context.Context, p PartnerID, in ConnectorImport) (*ImportedConnector, error)
	// Update brings one up to the document. What the document does not have stays
	// as it is, and is told.
	//
	// Errors: NotFound; Invalid; Conflict (it is installed, and would lose what its
	// installations may use, or its credentials would go elsewhere).
	Update(ctx context.Context, p PartnerID, id ConnectorID, in ConnectorImport) (*ImportedConnector, error)
}
