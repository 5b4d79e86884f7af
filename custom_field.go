package tandem

import (
	"context"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

// CustomField is a field that one installation of a connector has beyond those
// of its definition, such as one that a customer has added to a CRM.
type CustomField struct {
	ID                     int64  `json:"Id"` // among all fields of all connectors
	ConnectorField         string // location
	SystemField            string
	DisplayName            string
	Description            string
	DataType               connector.DataType
	DataTypeFormat         string
	MethodUniqueIdentifier string // GUID of the one method that has it; "": all
	EntityIdentifier       string // kind of object that it belongs to; kept for clients
	ForRequestFormat       bool   // of requests; else of responses
}

// Of says whether a method, by its GUID, has the field.
func (f *CustomField) Of(method string) bool {
	return f.MethodUniqueIdentifier == "" || strings.EqualFold(f.MethodUniqueIdentifier, method)
}

// CustomFields are those of an account's connectors. Of inherited ones they can
// be read only.
type CustomFields interface {
	// List errors: NotFound (the account connector).
	List(ctx context.Context, a AccountID, id AccountConnectorID) ([]CustomField, error)
	// All gives those of every connector that the account has or inherits.
	All(ctx context.Context, a AccountID) (map[AccountConnectorID][]CustomField, error)
	// Get errors: NotFound.
	Get(ctx context.Context, a AccountID, id AccountConnectorID, field int64) (*CustomField, error)
	// Create errors: NotFound, Invalid.
	Create(ctx context.Context, a AccountID, id AccountConnectorID, f CustomField) (*CustomField, error)
	// Update changes a field under change. Errors: NotFound, Invalid, and
	// change's.
	Update(ctx context.Context, a AccountID, id AccountConnectorID, field int64, change func(*CustomField) error) (*CustomField, error)
	// Delete errors: NotFound.
	Delete(ctx context.Context, a AccountID, id AccountConnectorID, field int64) error
}
