// Package openapi makes connectors of OpenAPI documents: 2.0 (Swagger), 3.0 and
// 3.1, in JSON or YAML.
//
// [Import] gives a connector that passes connector.Validate, and a [Report], which
// says what it took and lists, by JSON pointer, whatever could not be carried over.
// docs/openapi.md tells people what becomes of what.
//
// # In steps
//
// The document is read into maps and lists, within limits ([MaxBytes] and others;
// aliases of YAML count as often as they stand for something). What no connector
// has a place for is pruned, so that the loader has less to do, and so are the
// references that lead out of the document, which are never followed, or nowhere.
// The loader makes Go values of the rest, and version 3 of version 2. Then
// servers, security schemes, operations and webhooks become the parts of a
// connector, in this order.
//
// # Schemas
//
// A schema is what it is composed of, put together once ([shape]): allOf is all of
// it, oneOf and anyOf are all of it made optional. A body is flattened to fields
// level by level: a schema within itself is gone into once, and where a body has
// too many fields its deepest ones are left out. So time and memory are bounded by
// the document's size, whatever refers to what.
//
// # The same again
//
// The same document and options give the same connector, byte by byte. A method's
// GUID is made of the connector's and of the operationId, or else of verb and path,
// so a document that is imported again updates the methods that are there.
//
// Everything in a document is a stranger's. No text of it becomes a merge field, a
// script or a variable; names and headers have no control characters; only http and
// https are called, and whether an address may be is for who calls it.
package openapi
