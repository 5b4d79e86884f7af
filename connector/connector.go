package connector

// Connector describes a third-party API: how to authenticate, and its methods.
// One value drives parsing, the JSON Schema, validation and the API's JSON.
// Integer ids are given by the library on loading, and are not in files.
type Connector struct {
	Name             string
	Version          string
	UniqueIdentifier string   // GUID
	Description      string   `json:",omitempty"`
	Categories       []string `json:",omitempty"`
	Icon             string   `json:",omitempty"` // file name beside the definition

	Authentication []Authentication
	Parameters     []Parameter `json:",omitempty"`
	Triggers       []Trigger   `json:",omitempty"`
	Methods        []Method
}

// AuthType is a way to authenticate.
type AuthType string

// The ways to authenticate.
const (
	AuthNone   AuthType = "None"
	AuthAPIKey AuthType = "ApiKey"
	AuthBasic  AuthType = "Basic"
)

// Authentication is one of the ways in that a connector offers.
type Authentication struct {
	ID         int64  `json:"Id,omitempty" yaml:"-"`
	Name       string `json:",omitempty"`
	AuthType   AuthType
	AuthScheme string     `json:",omitempty"` // ApiKey: before the key, such as Bearer
	TargetType TargetType `json:",omitempty"` // ApiKey: HttpHeader (default) or QueryString
	TargetName string     `json:",omitempty"` // ApiKey: header or query name; default Authorization
}

// TargetType is where in a call a parameter's value goes.
type TargetType string

// The places of a parameter's value.
const (
	HTTPHeader    TargetType = "HttpHeader"
	MergeField    TargetType = "MergeField"
	QueryString   TargetType = "QueryString"
	ResponseField TargetType = "ResponseField" // read from each page's response, by location
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
	AccountConnectorProperty bool `json:",omitempty"` // set when installing
}

// Choice is one value of a list.
type Choice struct {
	Value string
	Label string `json:",omitempty"`
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

// BodyType is the type of a request's or response's body.
type BodyType string

// The types of bodies.
const (
	NoBody   BodyType = ""
	JSONBody BodyType = "Json"
)

// Field is a value in a request or response body, found by its location.
type Field struct {
	ID             int64    `json:"Id,omitempty" yaml:"-"`
	ConnectorField string   // location
	DisplayName    string   `json:",omitempty"`
	Description    string   `json:",omitempty"`
	DataType       DataType `json:",omitempty"`
	DataTypeFormat string   `json:",omitempty"`
	SystemField    string   `json:",omitempty"` // Cyclr_Webhook_Id
	Optional       bool     `json:",omitempty"`
	Default        string   `json:",omitempty"`
	Values         []Choice `json:",omitempty"`
}

// Trigger is a named lookup: a method, and the fields that give each choice.
type Trigger struct {
	ID               int64 `json:"TriggerId,omitempty" yaml:"-"`
	Name             string
	Method           string // MethodUniqueIdentifier or name
	IdentifierKey    string
	HumanReadableKey string
}

// MethodType is the kind of a method.
type MethodType string

// The kinds of methods.
const (
	Action  MethodType = "Action"
	Webhook MethodType = "Webhook"
)

// Method is one operation of a connector.
type Method struct {
	ID                     int64  `json:"Id,omitempty" yaml:"-"`
	MethodUniqueIdentifier string `json:",omitempty"` // GUID; when left out, made from the connector's and Name
	Name                   string
	Description            string `json:",omitempty"`
	Category               string `json:",omitempty"`
	MethodType             MethodType

	HTTPMethod       string      `json:"HttpMethod,omitempty" yaml:"HttpMethod,omitempty"`
	Endpoint         string      `json:"EndPoint,omitempty" yaml:"Endpoint,omitempty"` // URL with merge fields
	RequestDataType  BodyType    `json:",omitempty"`
	ResponseDataType BodyType    `json:",omitempty"`
	Parameters       []Parameter `json:",omitempty"`
	RequestFields    []Field     `json:",omitempty"`
	ResponseFields   []Field     `json:",omitempty"`
	Paging           *Paging     `json:",omitempty"`

	// Of webhooks that install themselves: methods by name.
	CreateWebhookMethod string `json:",omitempty"`
	DeleteWebhookMethod string `json:",omitempty"`
}

// Paging says how a list is read page by page.
type Paging struct {
	Items    string // location of the list in a page
	PageSize int    `json:",omitempty"` // what a full page holds; a shorter one is the last; 0: not known
	MaxPages int    `json:",omitempty"` // default 1000
}

// Names that a parameter's Value can be, for methods with Paging. A
// ResponseField parameter fills the next URL or a token from each page; other
// parameters with the same Value send it with the next one. CYCLR_PAGE_TOKEN may
// go on with _ and a suffix, for APIs with several.
const (
	PageNumber  = "CYCLR_PAGE_NUMBER" // from 1
	PageOffset  = "CYCLR_PAGE_OFFSET" // items so far, from 0
	PageSize    = "CYCLR_PAGE_SIZE"   // Paging.PageSize
	PageNextURL = "CYCLR_PAGE_NEXT_URL"
	PageToken   = "CYCLR_PAGE_TOKEN"
)

// Merge fields that are there without a parameter.
const (
	LastSuccessfulRunDate = "LastSuccessfulRunDate" // RFC 3339
	AuthAPIKeyField       = "Cyclr_Auth_ApiKey"
	AuthUsernameField     = "Cyclr_Auth_Username"
	AuthPasswordField     = "Cyclr_Auth_Password"
	WebhookURLField       = "Cyclr_Webhook_Url"
	WebhookIDField        = "Cyclr_Webhook_Id" // and SystemField
)
