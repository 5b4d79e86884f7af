// Package body turns documents into the bodies of HTTP messages and back, for
// every type of body that a method can have: JSON, XML and SOAP, forms, text,
// and files.
//
// A document is what encoding/json gives with UseNumber: map[string]any, []any,
// string, json.Number, bool and nil. A [Format] is what a method's definition
// says of one of its bodies. Encode makes a [Body] of a document, Decode a
// document of what came in; docs/bodies.md tells how the two sides of each type
// belong together, and its examples are this package's tests.
//
// # Files
//
// What a file holds is never whole in memory, and never in a document. The
// document has a [File], which names it, and [Files] keeps its content: Decode
// streams into it, and a Body reads from it each time that it is opened, so that
// a request can be tried again. Which places in a document are files is for the
// definition to say, not for the data: text that a stranger sent is never taken
// for the name of a file, unless the definition has a file where it stands.
//
// # Strangers
//
// Everything that is read came from somebody else. So how much is read is the
// caller's to limit, and how deep and how many is limited here: elements and
// attributes of XML, fields of a form, parts of a multipart body. Entities beyond
// XML's own five and document types are refused. What comes out is valid UTF-8,
// whatever went in. Decompression is the HTTP client's, which has its own limit.
package body
