package tandem

// MappingType says where a mapped value comes from.
type MappingType string

// The sources of a value.
const (
	MapIgnore   MappingType = "Ignore"
	MapStatic   MappingType = "StaticValue" // text with merge fields
	MapList     MappingType = "ValueList"   // one of the target's listed values
	MapStep     MappingType = "StepOutput"  // a response field of an earlier step
	MapVariable MappingType = "Variable"
	MapTrigger  MappingType = "Trigger" // a choice that one of the connector's lookups offered
)

// Mapping fills one parameter or field of a step, or an operand.
type Mapping struct {
	Target       string      // parameter name, or field location
	MappingType  MappingType // "" and Ignore send nothing
	Value        string      `json:",omitempty"` // StaticValue, ValueList, Trigger
	ValueName    string      `json:",omitempty"` // Trigger: what the lookup called the value
	SourceStepID StepID      `json:"SourceStepId,omitempty"`
	SourceField  string      `json:",omitempty"` // StepOutput: a location
	Variable     string      `json:",omitempty"` // Variable: its SystemName

	// CollectionKey joins lists: where the values of one list of the target come
	// from several, it is the location, in the list that SourceField goes through,
	// of what tells its items apart, and is the same in items that belong together.
	CollectionKey string `json:",omitempty"`
	// Format is how the source writes a date-time that is wanted, in the notation
	// of .NET; "": as the source's field is said to, or in ISO 8601.
	Format string `json:",omitempty"`

	// IsLaunchVisible lets the installing customer choose the value; the one
	// that is here is the default.
	IsLaunchVisible  bool   `json:",omitempty"`
	IsLaunchRequired bool   `json:",omitempty"` // even if the target is optional
	LaunchName       string `json:",omitempty"` // what the customer sees it called; "": as the target is
}
