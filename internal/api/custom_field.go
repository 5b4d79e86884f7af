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
	Optional               optional[bool]               `json:",omitzero" doc:"It may be empty, as of a new one by default."`
	ReadOnly               optional[bool]               `json:",omitzero" doc:"It is never sent."`
	Hidden                 optional[bool]               `json:",omitzero" doc:"It is not to be mapped: its Default is sent."`
	Default                optional[string]             `json:",omitzero" doc:"What is sent where nothing else is said; it may have merge fields."`
	Values                 optional[[]connector.Choice] `json:",omitzero" doc:"What can be chosen."`
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
	b.Optional.Apply(&f.Optional)
	b.ReadOnly.Apply(&f.ReadOnly)
	b.Hidden.Apply(&f.Hidden)
	b.Default.Apply(&f.Default)
	b.Values.Apply(&f.Values)
	return nil
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
	f := tandem.CustomField{Optional: true}
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
