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

	Optional   bool
	ReadOnly   bool               // never sent, and not to be mapped
	Hidden     bool               // not to be mapped: its Default is sent
	Default    string             // with merge fields
	Values     []connector.Choice `json:",omitempty"`
	Discovered bool               // not made by hand
}

// Field is f as a definition would have it.
func (f *CustomField) Field() connector.Field {
	return connector.Field{
		ID: f.ID, ConnectorField: f.ConnectorField, DisplayName: f.DisplayName, Description: f.Description, DataType: f.DataType,
		DataTypeFormat: f.DataTypeFormat, SystemField: f.SystemField, Optional: f.Optional, ReadOnly: f.ReadOnly, Hidden: f.Hidden,
		Default: f.Default, Values: f.Values,
	}
}

// Of says whether a method, by its GUID, has the field.
func (f *CustomField) Of(method string) bool {
	return f.MethodUniqueIdentifier == "" || strings.EqualFold(f.MethodUniqueIdentifier, method)
}

// CustomOf are those of a method's requests, or of its responses, as its definition
// would have them.
func CustomOf(all []CustomField, m *connector.Method, request bool) (fields []connector.Field) {
	for i := range all {
		if f := &all[i]; f.ForRequestFormat == request && f.Of(m.MethodUniqueIdentifier) {
			fields = append(fields, f.Field())
		}
	}
	return fields
}

// FieldTarget is what custom fields are looked for: the requests, or the responses,
// of a method.
type FieldTarget struct {
	Method           string // id or GUID
	ForRequestFormat bool
}

// FieldDiscovery is what became of fields that were found.
type FieldDiscovery struct {
	New     []CustomField
	Kept    []CustomField // were there, and are as they were
	Gone    []CustomField // were discovered once, and not now; they are still there
	LeftOut []string      // what of the answer was no field, and why
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
	// Add adds those of found that the method, and its custom fields, do not have.
	// Errors: NotFound (also when inherited), Invalid.
	Add(ctx context.Context, a AccountID, id AccountConnectorID, of FieldTarget, found []connector.Field, discovered bool) (*FieldDiscovery, error)
}
