package connector

import "cmp"

// TargetType is where in a call a parameter's value goes.
type TargetType string

// The places of a parameter's value.
const (
	HTTPHeader    TargetType = "HttpHeader"
	MergeField    TargetType = "MergeField"
	QueryString   TargetType = "QueryString"
	FilterField   TargetType = "FilterField"   // items of the answer stay whose TargetName, a location within them, has the value
	ResponseField TargetType = "ResponseField" // read from each page's response, by location
	Script        TargetType = "Script"        // scripts see it in script_parameters
	Index         TargetType = "Index"         // of the answer's list only the item at this place stays, from 0
	RequestField  TargetType = "RequestField"  // of an ApiKey only: in the body, by location
)

// Parameter is a value that a connector, or one of its methods, needs.
type Parameter struct {
	ID          int64 `json:"Id,omitempty" yaml:"-"`
	Name        string
	DisplayName string `json:",omitempty"`
	Description string `json:",omitempty"`
	TargetType  TargetType
	TargetName  string   `json:",omitempty"` // default: Name
	DataType    DataType `json:",omitempty"`
	Trigger     string   `json:",omitempty"` // lookup that gives the choices
	Optional    bool     `json:",omitempty"`
	Hidden      bool     `json:",omitempty"` // not shown: its Value is used
	Value       string   `json:",omitempty"` // fixed; may be a CYCLR_PAGE_ variable
	Default     string   `json:",omitempty"`
	Values      []Choice `json:",omitempty"`

	// Of connector parameters only.
	Sensitive                bool `json:",omitempty"`
	Multiline                bool `json:",omitempty"`
	AccountConnectorProperty bool `json:",omitempty"` // set when installing
	PartnerConnectorProperty bool `json:",omitempty"` // set once by the partner, for all its accounts
}

// Label is what people call the parameter.
func (p *Parameter) Label() string { return cmp.Or(p.DisplayName, p.Name) }

// Needed says that who calls has to give the parameter a value: that of a method by a
// mapping.
func (p *Parameter) Needed() bool {
	return !p.Optional && !p.Hidden && p.Value == "" && p.Default == "" && p.TargetType != ResponseField
}
