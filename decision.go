package tandem

// Decision is a condition on mapped values. Rules within a group are ANDed,
// groups are ORed.
type Decision struct {
	Groups [][]Rule
}

// Rule compares two operands.
type Rule struct {
	Left      Mapping
	Condition Condition
	Right     Mapping `json:",omitzero"`
}

// Condition is a comparison. Text compares without regard to case unless both
// sides are numbers, or dates where the condition wants dates.
type Condition string

// The conditions.
const (
	Equals             Condition = "Equals"
	NotEquals          Condition = "NotEquals"
	Contains           Condition = "Contains"
	NotContains        Condition = "NotContains"
	StartsWith         Condition = "StartsWith"
	EndsWith           Condition = "EndsWith"
	GreaterThan        Condition = "GreaterThan"
	LessThan           Condition = "LessThan"
	GreaterThanOrEqual Condition = "GreaterThanOrEqual"
	LessThanOrEqual    Condition = "LessThanOrEqual"
	IsEmpty            Condition = "IsEmpty"
	IsNotEmpty         Condition = "IsNotEmpty"
	IsOneOf            Condition = "IsOneOf" // right: values between commas
	Matches            Condition = "Matches" // right: RE2 pattern
	Before             Condition = "Before"
	After              Condition = "After"
	Exists             Condition = "Exists"
)
