package tandem

import "time"

// StepTrial is a step as it is tried, with values in place of its mappings. Values are
// of the kinds that encoding/json gives.
type StepTrial struct {
	Method     string            // its id, or its MethodUniqueIdentifier
	Script     string            // the step's own; "": none
	Parameters map[string]any    // by their names
	Fields     map[string]any    // by their ConnectorField; also of fields that the method does not declare
	Variables  map[string]string // of the cycle, by SystemName, as scripts see them
	LastRun    time.Time         // the step's LastSuccessfulRunDate, which the test leaves as it is; zero: it has never run
}
