package connection

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// maxFields is the most custom fields that an account connector has.
const maxFields = 1000

// FieldStore keeps custom fields. The account is the connector's owner.
type FieldStore interface {
	// AccountConnector errors: NotFound, unless it is the account's or of an
	// account above it.
	AccountConnector(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (tandem.AccountConnector, error)
	CustomFields(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) ([]tandem.CustomField, error)
	// AllCustomFields are those of all connectors of an account and of those
	// above it.
	AllCustomFields(ctx context.Context, a tandem.AccountID) (map[tandem.AccountConnectorID][]tandem.CustomField, error)
	// CustomField errors: NotFound.
	CustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) (tandem.CustomField, error)
	// InsertCustomField sets f.ID. Errors: NotFound, Conflict (there is such a
	// field), Invalid (there are as many as may be).
	InsertCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, f *tandem.CustomField, most int) error
	// ChangeCustomField errors: NotFound, Conflict, and change's.
	ChangeCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64, change func(*tandem.CustomField) error) (tandem.CustomField, error)
	// DeleteCustomField errors: NotFound.
	DeleteCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) error
}

// Fields implements tandem.CustomFields.
type Fields struct {
	store   FieldStore
	library Library
}

var _ tandem.CustomFields = (*Fields)(nil)

// NewFields makes the service.
func NewFields(store FieldStore, library Library) *Fields {
	return &Fields{store: store, library: library}
}

// List implements tandem.CustomFields.
func (s *Fields) List(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) ([]tandem.CustomField, error) {
	c, err := s.store.AccountConnector(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("fields of account connector %d: %w", id, err)
	}
	return s.store.CustomFields(ctx, c.Account, id)
}

// All implements tandem.CustomFields.
func (s *Fields) All(ctx context.Context, a tandem.AccountID) (map[tandem.AccountConnectorID][]tandem.CustomField, error) {
	return s.store.AllCustomFields(ctx, a)
}

// Get implements tandem.CustomFields.
func (s *Fields) Get(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) (*tandem.CustomField, error) {
	c, err := s.store.AccountConnector(ctx, a, id)
	if err != nil {
		return nil, fmt.Errorf("field of account connector %d: %w", id, err)
	}
	f, err := s.store.CustomField(ctx, c.Account, id, field)
	return &f, err
}

// Create implements tandem.CustomFields.
func (s *Fields) Create(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, f tandem.CustomField) (*tandem.CustomField, error) {
	lc, err := s.own(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if err := settle(&f, lc.Connector); err != nil {
		return nil, err
	}
	return &f, taken(s.store.InsertCustomField(ctx, a, id, &f, maxFields))
}

// own finds the connector of one of a's own. Errors: NotFound.
func (s *Fields) own(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID) (*tandem.LibraryConnector, error) {
	c, err := s.store.AccountConnector(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if c.Account != a {
		return nil, tandem.NotFoundf("Account connector could not be found.")
	}
	shelf, err := s.library.AccountShelf(ctx, a)
	if err != nil {
		return nil, err
	}
	return shelf.Connector(c.Connector)
}

// Update implements tandem.CustomFields.
func (s *Fields) Update(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64, change func(*tandem.CustomField) error) (*tandem.CustomField, error) {
	lc, err := s.own(ctx, a, id)
	if err != nil {
		return nil, err
	}
	f, err := s.store.ChangeCustomField(ctx, a, id, field, func(f *tandem.CustomField) error {
		if err := change(f); err != nil {
			return err
		}
		return settle(f, lc.Connector)
	})
	return &f, taken(err)
}

// Delete implements tandem.CustomFields.
func (s *Fields) Delete(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) error {
	return s.store.DeleteCustomField(ctx, a, id, field)
}

// taken is for people what Conflict is here: a field that is there already.
func taken(err error) error {
	if tandem.ErrorCode(err) == tandem.Conflict {
		return &tandem.Error{Code: tandem.Invalid, Field: "ConnectorField", Message: "ConnectorField: there is such a field already.", Err: err}
	}
	return err
}

var dataTypes = []connector.DataType{
	connector.Undefined, connector.Text, connector.Integer, connector.Float, connector.Decimal, connector.Boolean, connector.DateTime, connector.File,
}

// settle checks a field of c, and writes what is left to choose.
func settle(f *tandem.CustomField, c *connector.Connector) error {
	f.ConnectorField = strings.TrimSpace(f.ConnectorField)
	if f.ConnectorField == "" {
		return tandem.Invalidf("ConnectorField", "ConnectorField is required")
	}
	if _, err := connector.ParseLocation(f.ConnectorField); err != nil {
		return &tandem.Error{Code: tandem.Invalid, Field: "ConnectorField", Message: fmt.Sprintf("ConnectorField: %v", err), Err: err}
	}
	f.DataType = cmp.Or(f.DataType, connector.Undefined)
	i := slices.IndexFunc(dataTypes, func(t connector.DataType) bool { return strings.EqualFold(string(t), string(f.DataType)) })
	if i < 0 {
		return tandem.Invalidf("DataType", "DataType: %q is not known", f.DataType)
	}
	f.DataType = dataTypes[i]
	if f.MethodUniqueIdentifier == "" {
		return nil
	}
	f.MethodUniqueIdentifier = strings.ToLower(f.MethodUniqueIdentifier)
	if !slices.ContainsFunc(c.Methods, func(m connector.Method) bool {
		return strings.EqualFold(m.MethodUniqueIdentifier, f.MethodUniqueIdentifier)
	}) {
		return tandem.Invalidf("MethodUniqueIdentifier", "MethodUniqueIdentifier: the connector has no method %s", f.MethodUniqueIdentifier)
	}
	return nil
}
