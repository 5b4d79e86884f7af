package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/policy"
)

// CustomFieldPath names a custom field of an installed connector.
type CustomFieldPath struct {
	AccountConnectorPath
	FieldID int64 `path:"fieldId"`
}

// customFieldBody is a custom field. On a change, what is left out stays.
type customFieldBody struct {
	ConnectorField         optional[string]             `json:",omitzero" doc:"Its location in the body, such as customer.[tags].name. Required."`
	SystemField            optional[string]             `json:",omitzero"`
	DisplayName            optional[string]             `json:",omitzero"`
	Description            optional[string]             `json:",omitzero"`
	DataType               optional[connector.DataType] `json:",omitzero" doc:"Undefined, Text, Integer, Float, Decimal, Boolean, DateTime or File."`
	DataTypeFormat         optional[string]             `json:",omitzero"`
	MethodUniqueIdentifier optional[string]             `json:",omitzero" doc:"The one method that has the field; without it, all have."`
	EntityIdentifier       optional[string]             `json:",omitzero" doc:"What kind of object the field is of; it is kept for you."`
	ForRequestFormat       optional[bool]               `json:",omitzero" doc:"The field is of requests; else of responses."`
}

func (b *customFieldBody) apply(f *tandem.CustomField) error {
	b.ConnectorField.Apply(&f.ConnectorField)
	b.SystemField.Apply(&f.SystemField)
	b.DisplayName.Apply(&f.DisplayName)
	b.Description.Apply(&f.Description)
	b.DataType.Apply(&f.DataType)
	b.DataTypeFormat.Apply(&f.DataTypeFormat)
	b.MethodUniqueIdentifier.Apply(&f.MethodUniqueIdentifier)
	b.EntityIdentifier.Apply(&f.EntityIdentifier)
	b.ForRequestFormat.Apply(&f.ForRequestFormat)
	return nil
}

// customOf are those of a method's requests, or responses, as its definition would
// have them.
func customOf(all []tandem.CustomField, m *connector.Method, request bool) (fields []connector.Field) {
	for _, f := range all {
		if f.ForRequestFormat == request && f.Of(m.MethodUniqueIdentifier) {
			fields = append(fields, connector.Field{
				ID: f.ID, ConnectorField: f.ConnectorField, DisplayName: f.DisplayName, Description: f.Description, DataType: f.DataType,
				DataTypeFormat: f.DataTypeFormat, SystemField: f.SystemField, Optional: true,
			})
		}
	}
	return fields
}

// customize adds the custom fields of the connectors of d.
func (a *API) customize(ctx context.Context, at policy.Place, d *design) error {
	d.custom = map[string][]tandem.CustomField{}
	for ref, id := range d.Connectors {
		fields, err := a.services.Fields.List(ctx, at.Account, id)
		if err != nil && tandem.ErrorCode(err) != tandem.NotFound { // it may be gone
			return err
		}
		d.custom[ref] = fields
	}
	return nil
}

func (a *API) listCustomFields(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Slicing
},
) (*list[tandem.CustomField], error) {
	all, err := a.services.Fields.List(ctx, at.Account, in.ID)
	return whole(in.Slicing, all, err)
}

func (a *API) createCustomField(ctx context.Context, at policy.Place, in *struct {
	AccountConnectorPath
	Body customFieldBody
},
) (*object[*tandem.CustomField], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	var f tandem.CustomField
	_ = in.Body.apply(&f) // never fails
	return one(a.services.Fields.Create(ctx, at.Account, in.ID, f))
}

func (a *API) getCustomField(ctx context.Context, at policy.Place, in *CustomFieldPath) (*object[*tandem.CustomField], error) {
	return one(a.services.Fields.Get(ctx, at.Account, in.ID, in.FieldID))
}

func (a *API) updateCustomField(ctx context.Context, at policy.Place, in *struct {
	CustomFieldPath
	Body customFieldBody
},
) (*object[*tandem.CustomField], error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	return one(a.services.Fields.Update(ctx, at.Account, in.ID, in.FieldID, in.Body.apply))
}

func (a *API) deleteCustomField(ctx context.Context, at policy.Place, in *CustomFieldPath) (*empty, error) {
	if _, err := a.openConnector(ctx, at, in.ID); err != nil {
		return nil, err
	}
	return done(a.services.Fields.Delete(ctx, at.Account, in.ID, in.FieldID))
}
