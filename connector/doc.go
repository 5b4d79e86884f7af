// Package connector is the specification of connectors: descriptions of
// third-party APIs as data. Adding an API to Tandem needs no Go, only a
// document of this form.
//
// # The document
//
// A [Connector] is one YAML or JSON document. It says how to authenticate, which
// settings it needs, and lists its methods: each an HTTP call (Action) or an
// incoming request (Webhook), with its parameters, the fields of its bodies, and
// how a list is paged. Names are PascalCase, as in the API.
//
//	Name: Sample CRM
//	Version: "1"
//	UniqueIdentifier: 6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c11
//	Authentication:
//	  - AuthType: ApiKey
//	    AuthScheme: Bearer
//	Parameters:
//	  - {Name: BaseUrl, TargetType: MergeField, AccountConnectorProperty: true}
//	Methods:
//	  - Name: List Contacts
//	    MethodType: Action
//	    HttpMethod: GET
//	    Endpoint: "{{BaseUrl}}/contacts"
//	    ResponseDataType: Json
//	    ResponseFields:
//	      - {ConnectorField: "[items].email", DataType: Text}
//	    Parameters:
//	      - {Name: page, TargetType: QueryString, Value: CYCLR_PAGE_NUMBER}
//	    Paging: {Items: items, PageSize: 50}
//
// # One specification
//
// The Go types are the specification. A field without omitempty is required; a
// type in the table of enumerations takes only its listed values; a field that
// is not in files is tagged yaml:"-". From that come the strict reader
// ([Parse]), the JSON Schema (2020-12; [Schema], published as schema.json) and
// the first half of [Validate]. The second half is the rules that a schema
// cannot state: names that refer to one another, locations, merge fields.
//
// Problems are reported all at once, as [Errors], each with its file, line and
// field.
//
// # Locations
//
// A [Location] finds values in a body: a.b is the member b of a; square brackets
// mean a list, so [items].name is the name of each of items, and [].name of each
// member of a body that is itself a list; a name with a dot, a space, a bracket
// or a quote is itself quoted, as in ['first name'].
//
// # Merge fields
//
// Endpoints, and the Value and Default of parameters, are text with merge fields
// between {{ and }}: a parameter by its name, the date of the last successful
// run, or one of the system's own. This package checks that they name something
// that exists; what they evaluate to is decided when a call is made.
//
// The package does no I/O and knows nothing of the rest of Tandem.
package connector
