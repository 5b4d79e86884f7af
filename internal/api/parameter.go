package api

import (
	"cmp"
	"slices"

	"github.com/tandem-ipaas/tandem/connector"
)

// Parameters and fields, in the same words wherever they are: steps show what they
// can map, methods and connectors all that they define. The types are exported for
// huma to find what is embedded.
type (
	// ParameterShape is a parameter that a step can map.
	ParameterShape struct {
		ID           int64 `json:"Id"`
		Name         string
		DisplayName  string
		Description  string
		IsOptional   bool
		DataType     connector.DataType
		TriggerName  string
		Values       []connector.Choice
		DisplayOrder int
		Triggers     []connector.Trigger
	}

	// MethodParameter is a parameter as a method defines it.
	MethodParameter struct {
		ParameterShape
		TargetType connector.TargetType `doc:"The part of the request that it goes into."`
		TargetName string               `doc:"Its name there."`
		Hidden     bool                 `doc:"It is not to be mapped: its Value is sent."`
		Value      string               `doc:"What is always sent."`
		Default    string               `doc:"What is sent where nothing else is said."`
	}

	// ConnectorParameter is a parameter of all methods of a connector.
	ConnectorParameter struct {
		MethodParameter
		Sensitive                bool `doc:"Its value is a secret."`
		AccountConnectorProperty bool `doc:"Its value is set when the connector is installed."`
	}

	// FieldShape is a field that a step can map.
	FieldShape struct {
		ID             int64 `json:"Id"`
		ConnectorField string
		DisplayName    string
		Description    string
		IsOptional     bool
		DataType       connector.DataType
		DataTypeFormat string
		Values         []connector.Choice
		DisplayOrder   int
	}

	// MethodField is a field as a method defines it.
	MethodField struct {
		FieldShape
		SystemField string `doc:"What Tandem itself uses it for."`
		Default     string `doc:"What is sent where nothing else is said."`
	}
)

func showParameter(p *connector.Parameter, order int, triggers []connector.Trigger) ParameterShape {
	own := slices.DeleteFunc(slices.Clone(triggers), func(t connector.Trigger) bool { return t.Name != p.Trigger })
	return ParameterShape{
		ID: p.ID, Name: p.Name, DisplayName: p.Label(), Description: p.Description, IsOptional: p.Optional,
		DataType: dataType(p.DataType), TriggerName: p.Trigger, Values: list0(p.Values), DisplayOrder: order, Triggers: list0(own),
	}
}

func showMethodParameters(all []connector.Parameter, triggers []connector.Trigger) []MethodParameter {
	shown := make([]MethodParameter, len(all))
	for i := range all {
		p := &all[i]
		shown[i] = MethodParameter{
			ParameterShape: showParameter(p, i+1, triggers),
			TargetType:     p.TargetType, TargetName: cmp.Or(p.TargetName, p.Name), Hidden: p.Hidden, Value: p.Value, Default: p.Default,
		}
	}
	return shown
}

func showConnectorParameters(c *connector.Connector) []ConnectorParameter {
	shown := make([]ConnectorParameter, len(c.Parameters))
	for i, p := range showMethodParameters(c.Parameters, c.Triggers) {
		shown[i] = ConnectorParameter{p, c.Parameters[i].Sensitive, c.Parameters[i].AccountConnectorProperty}
	}
	return shown
}

func showField(f *connector.Field, order int) FieldShape {
	return FieldShape{
		ID: f.ID, ConnectorField: f.ConnectorField, DisplayName: f.Label(), Description: f.Description,
		IsOptional: f.Optional, DataType: dataType(f.DataType), DataTypeFormat: f.DataTypeFormat, Values: list0(f.Values), DisplayOrder: order,
	}
}

func showMethodFields(all []connector.Field) []MethodField {
	shown := make([]MethodField, len(all))
	for i := range all {
		shown[i] = MethodField{showField(&all[i], i+1), all[i].SystemField, all[i].Default}
	}
	return shown
}

func dataType(t connector.DataType) connector.DataType { return cmp.Or(t, connector.Undefined) }
