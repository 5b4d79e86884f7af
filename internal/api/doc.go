// Package api serves /v1.0, the REST API.
//
// The table in routes.go is the list of what there is: a line for each method
// and path, with its operation id, its summary and its handler; a file for each
// resource holds the handlers. The OpenAPI document and the reference page are
// made from the same table and types.
//
// How a request goes: the [API] gives it an id and a [record], puts its path and
// query names into their known spelling (fold.go), and finds its route; access.go
// finds who asks, and for which partner or account, before anything is read from
// the body; huma reads path, query and body into the handler's input. A handler's
// type says what it may act on: one made with partner gets a PartnerID, one made
// with account gets a policy.Place. What fails comes out as an error of package
// tandem, and leaves as {"Message", "ModelState"} (failure.go). At the end the
// record becomes one line in the log.
//
// Clients of old are met halfway: names are matched without regard to case in
// paths, queries and bodies, a slash may follow a path, numbers and booleans may
// come as text (optional.go, loosen.go), and what is not known in a body is ignored.
package api
