package connector

import "cmp"

// Field is a value in a request or response body, found by its location.
type Field struct {
	ID             int64    `json:"Id,omitempty" yaml:"-"`
	ConnectorField string   // location
	DisplayName    string   `json:",omitempty"`
	Description    string   `json:",omitempty"`
	DataType       DataType `json:",omitempty"`
	DataTypeFormat string   `json:",omitempty"`
	SystemField    string   `json:",omitempty"` // Cyclr_Webhook_Id or Cyclr_Webhook_Secret
	Optional       bool     `json:",omitempty"`
	ReadOnly       bool     `json:",omitempty"` // of requests: never sent
	Hidden         bool     `json:",omitempty"` // not shown: its Default is used
	Default        string   `json:",omitempty"`
	Values         []Choice `json:",omitempty"`
}

// Label is what people call the field.
func (f *Field) Label() string { return cmp.Or(f.DisplayName, f.ConnectorField) }

// FieldSource is how the fields that an account's own data has are discovered.
type FieldSource struct {
	Method string // by name
	// Enhanced: each item of the answer describes a field, in cyclr_field_location,
	// cyclr_display_name and the like. Otherwise the answer is a sample, and each
	// location in it that the method does not have is a field.
	Enhanced bool `json:",omitempty"`
	// Items is where in the answer the descriptions, or the sample, are; "": the
	// whole answer.
	Items string `json:",omitempty"`
}
