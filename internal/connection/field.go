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
const maxFields = 5000

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
	// AddCustomFields adds those that choose gives, which sees what there are, and
	// sets their ids. Errors: as InsertCustomField, and choose's.
	AddCustomFields(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, most int, choose func([]tandem.CustomField) ([]*tandem.CustomField, error)) error
	// ChangeCustomField errors: NotFound, Conflict, and change's.
	ChangeCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64, change func(*tandem.CustomField) error) (tandem.CustomField, error)
	// DeleteCustomField errors: NotFound.
	DeleteCustomField(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64) error
}

// Fields implements tandem.CustomFields.
type Fields struct {
	store   FieldStore
	library Library
	users   *Connectors
}

var _ tandem.CustomFields = (*Fields)(nil)

// NewFields makes the service; users is what calls with the fields.
func NewFields(store FieldStore, library Library, users *Connectors) *Fields {
	return &Fields{store: store, library: library, users: users}
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
	defer s.users.forget(id)
	return &f, taken(s.store.InsertCustomField(ctx, a, id, &f, maxFields))
}

// Add implements tandem.CustomFields.
func (s *Fields) Add(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, of tandem.FieldTarget, found []connector.Field, discovered bool) (*tandem.FieldDiscovery, error) {
	lc, err := s.own(ctx, a, id)
	if err != nil {
		return nil, err
	}
	m, err := lc.FindMethod(of.Method)
	if err != nil {
		return nil, err
	}
	defer s.users.forget(id)
	found = undeclared(m, found, of.ForRequestFormat)
	var d *tandem.FieldDiscovery
	err = s.store.AddCustomFields(ctx, a, id, maxFields, func(was []tandem.CustomField) ([]*tandem.CustomField, error) {
		d = compare(m, was, found, of.ForRequestFormat, discovered)
		added := make([]*tandem.CustomField, len(d.New))
		for i := range d.New {
			added[i] = &d.New[i]
			if err := settle(added[i], lc.Connector); err != nil {
				return nil, err
			}
		}
		return added, nil
	})
	if err != nil {
		return nil, fmt.Errorf("add fields to account connector %d: %w", id, err)
	}
	return d, nil
}

// undeclared are those of found that m itself does not have.
func undeclared(m *connector.Method, found []connector.Field, request bool) (left []connector.Field) {
	declared := m.ResponseFields
	if request {
		declared = m.RequestFields
	}
	known := map[string]bool{}
	for i := range declared {
		known[canonical(declared[i].ConnectorField)] = true
	}
	for _, f := range found {
		if !known[canonical(f.ConnectorField)] {
			left = append(left, f)
		}
	}
	return left
}

// compare says what is new of found, by location, and what is gone of what there
// was of m.
func compare(m *connector.Method, was []tandem.CustomField, found []connector.Field, request, discovered bool) *tandem.FieldDiscovery {
	var d tandem.FieldDiscovery
	known, now := map[string]*tandem.CustomField{}, map[string]bool{}
	for i := range was {
		if f := &was[i]; f.ForRequestFormat == request && f.Of(m.MethodUniqueIdentifier) {
			known[canonical(f.ConnectorField)] = f
		}
	}
	for _, f := range found {
		at := canonical(f.ConnectorField)
		if now[at] {
			continue
		}
		if now[at] = true; known[at] != nil {
			d.Kept = append(d.Kept, *known[at])
			continue
		}
		d.New = append(d.New, tandem.CustomField{
			ConnectorField: f.ConnectorField, DisplayName: f.DisplayName, Description: f.Description, DataType: f.DataType, DataTypeFormat: f.DataTypeFormat,
			MethodUniqueIdentifier: m.MethodUniqueIdentifier, ForRequestFormat: request,
			Optional: f.Optional, ReadOnly: f.ReadOnly, Hidden: f.Hidden, Default: f.Default, Values: f.Values, Discovered: discovered,
		})
	}
	for _, f := range was {
		if mine := f.ForRequestFormat == request && strings.EqualFold(f.MethodUniqueIdentifier, m.MethodUniqueIdentifier); discovered && mine && f.Discovered && !now[canonical(f.ConnectorField)] {
			d.Gone = append(d.Gone, f)
		}
	}
	return &d
}

// canonical is a location in its one form.
func canonical(location string) string {
	at, err := connector.ParseLocation(location)
	if err != nil {
		return location
	}
	return at.String()
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
	lc, err := shelf.Connector(c.Connector)
	if err != nil {
		return nil, err
	}
	return lc.With(c.Categories), nil
}

// Update implements tandem.CustomFields.
func (s *Fields) Update(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, field int64, change func(*tandem.CustomField) error) (*tandem.CustomField, error) {
	lc, err := s.own(ctx, a, id)
	if err != nil {
		return nil, err
	}
	defer s.users.forget(id)
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
	defer s.users.forget(id)
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
