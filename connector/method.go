package connector

// BodyType is the type of a request's or response's body.
type BodyType string

// The types of bodies.
const (
	NoBody           BodyType = ""
	UnknownBody      BodyType = "Unknown" // as the answer's Content-Type says; no request
	JSONBody         BodyType = "Json"
	XMLBody          BodyType = "Xml"
	FormBody         BodyType = "Form" // application/x-www-form-urlencoded
	FileBody         BodyType = "File" // multipart/form-data
	PlainTextBody    BodyType = "PlainText"
	SimpleFileBody   BodyType = "SimpleFile" // the body is a file
	MultipartRelated BodyType = "MultipartRelated"
)

// MethodType is the kind of a method.
type MethodType string

// The kinds of methods.
const (
	Action       MethodType = "Action"
	Webhook      MethodType = "Webhook"
	ScriptMethod MethodType = "Script" // its after_action makes the answer; nothing is sent
)

// Method is one operation of a connector.
type Method struct {
	ID                     int64  `json:"Id,omitempty" yaml:"-"`
	MethodUniqueIdentifier string `json:",omitempty"` // GUID; when left out, made from the connector's and Name
	Name                   string
	Description            string `json:",omitempty"`
	Category               string `json:",omitempty"`
	Subcategory            string `json:",omitempty"`
	MethodType             MethodType
	Hide                   bool   `json:",omitempty"` // not offered for steps: for lookups and the like
	Warning                string `json:",omitempty"` // shown to who chooses it

	HTTPMethod       string      `json:"HttpMethod,omitempty" yaml:"HttpMethod,omitempty"`
	Endpoint         string      `json:"EndPoint,omitempty" yaml:"Endpoint,omitempty"` // URL with merge fields
	RequestDataType  BodyType    `json:",omitempty"`
	ResponseDataType BodyType    `json:",omitempty"`
	RequestXMLRoot   string      `json:"RequestXmlRoot,omitempty"`
	SOAPVersion      string      `json:"SoapVersion,omitempty"` // 1.1 or 1.2: Xml bodies go in an envelope
	SOAPAction       string      `json:"SoapAction,omitempty"`
	Parameters       []Parameter `json:",omitempty"`
	RequestFields    []Field     `json:",omitempty"`
	ResponseFields   []Field     `json:",omitempty"`
	Paging           *Paging     `json:",omitempty"`
	PagingOut        *PagingOut  `json:",omitempty"`
	RateLimit        *RateLimit  `json:",omitempty"` // beside the connector's
	Script           string      `json:",omitempty"` // JavaScript: handlers of events

	RequestFieldSource  *FieldSource `json:",omitempty"` // of custom fields
	ResponseFieldSource *FieldSource `json:",omitempty"`

	// BuiltIn is the operation of the server itself that runs in place of a
	// request, such as ftp.upload. Only the library that comes with it has such.
	BuiltIn string `json:",omitempty"`

	// Of webhooks that install themselves: methods by name.
	CreateWebhookMethod string `json:",omitempty"`
	DeleteWebhookMethod string `json:",omitempty"`

	Reception *Reception `json:",omitempty"` // of webhooks: how requests are received

	// Copy is what the method was copied for, with its category; nil: it is the
	// definition's own.
	Copy *CategoryCopy `json:"-" yaml:"-"`
}
