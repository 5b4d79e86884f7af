package connector

// Connector describes one release of a third-party API: how to authenticate,
// and its methods. One value drives parsing, the JSON Schema, validation and the
// API's JSON. Integer ids are given by the library on loading, and are not in
// files.
type Connector struct {
	Name             string
	Version          string   // of the API
	UniqueIdentifier string   // GUID
	Description      string   `json:",omitempty"`
	ReleaseNotes     string   `json:",omitempty"` // what is new in this release
	Categories       []string `json:",omitempty"`
	Icon             string   `json:",omitempty"` // file name beside the definition

	Authentication   []Authentication
	Parameters       []Parameter      `json:",omitempty"`
	RateLimits       []RateLimit      `json:",omitempty"` // of each account connector; all hold
	Paging           *Paging          `json:",omitempty"` // of methods that have page variables and no Paging
	Script           string           `json:",omitempty"` // JavaScript: handlers of events, for all methods
	Triggers         []Trigger        `json:",omitempty"`
	MethodCategories []MethodCategory `json:",omitempty"`
	Methods          []Method

	PostInstallTestMethod string             `json:",omitempty"` // method by name: called when credentials are set
	PostInstallLookup     *PostInstallLookup `json:",omitempty"`
}

// RateLimit is how many requests may be made in a time. What comes sooner
// waits.
type RateLimit struct {
	Requests int // at least 1
	Seconds  int // at least 1
}

// PostInstallLookup fills properties from a method's answer once the connector
// is authenticated.
type PostInstallLookup struct {
	Method string // by name
	Values []LookupValue
}

// LookupValue is one property that a PostInstallLookup fills.
type LookupValue struct {
	Property string // of the account connector: a parameter's name
	Location string // in the answer
}

// MethodCategory says more of a category that methods name.
type MethodCategory struct {
	Name        string
	Description string `json:",omitempty"`
	// ObjectTrigger is the lookup of the types of objects for which the category
	// can be copied; in the copies {{CyclrObjectName}} is one of them.
	ObjectTrigger string `json:",omitempty"`
}

// DataType is the type of a value.
type DataType string

// The types of values.
const (
	Undefined DataType = "Undefined"
	Text      DataType = "Text"
	Integer   DataType = "Integer"
	Float     DataType = "Float"
	Decimal   DataType = "Decimal"
	Boolean   DataType = "Boolean"
	DateTime  DataType = "DateTime"
	File      DataType = "File"
)

// Choice is one value of a list.
type Choice struct {
	Value string
	Label string `json:",omitempty"`
}

// Trigger is a named lookup: a method, and the fields that give each choice.
type Trigger struct {
	ID               int64 `json:"TriggerId,omitempty" yaml:"-"`
	Name             string
	Method           string // MethodUniqueIdentifier or name
	IdentifierKey    string
	HumanReadableKey string
	// SubTriggers are lookups, by name, whose methods take the value that was
	// chosen here, as the parameter that has this Trigger.
	SubTriggers []string `json:",omitempty"`
}

// Merge fields that are there without a parameter.
const (
	LastSuccessfulRunDate = "LastSuccessfulRunDate" // RFC 3339
	AuthAPIKeyField       = "Cyclr_Auth_ApiKey"
	AuthUsernameField     = "Cyclr_Auth_Username"
	AuthPasswordField     = "Cyclr_Auth_Password"
	WebhookURLField       = "Cyclr_Webhook_Url"
	WebhookIDField        = "Cyclr_Webhook_Id" // and SystemField
	ObjectNameField       = "CyclrObjectName"  // of a copied category
)
