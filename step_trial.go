package tandem

// StepTrial is a step as it is tried, with values in place of its mappings. Values are
// of the kinds that encoding/json gives.
type StepTrial struct {
	Method     string         // its id, or its MethodUniqueIdentifier
	Script     string         // the step's own; "": none
	Parameters map[string]any // by their names
	Fields     map[string]any // by their ConnectorField; also of fields that the method does not declare
}
