// Package invoke calls a connector's method: it builds the request, puts in the
// credentials, sends it, reads the answer and finds the next page, and lets
// scripts have their say on the way. It keeps nothing and knows nothing of
// transactions. docs/calls.md tells of all of it; type exchange is a call while it
// is made, and its method attempt the order of things.
//
// # A call
//
// A method is compiled once, when it is first called: merge fields are parsed and
// parameters sorted by where they go. A [Call] then fills that with values: the
// account connector's properties and the step's mapped parameters, by name, or
// else the definition's own Value and Default. What is optional and empty is left
// out; what is required and empty ends the call before anything is sent.
//
// Values are data. They are escaped for the place in the URL in which they stand
// and never read as merge fields themselves. Only a merge field with which an
// endpoint begins stands as it is: it is the address.
//
// A body of JSON, by far the most usual one, is written and read here, without
// being taken apart where nobody needs its values; all others are package body's.
//
// # Pages
//
// A [Result] of a paged method says where the next page is, in Next, which a later
// Call takes as Page: text that can be stored, so that a collection goes on after
// a restart. There are no more pages after a short or empty one, or without a next
// token or URL. A next page on another host is an error, and so is the same page
// again, or one more than the method's MaxPages: credentials stay where they
// belong, and loops end. A long list that is sent in parts goes by Next as well.
// [Gather] makes one result of all.
//
// # Scripts
//
// Those of connector and method run in one trip to a worker, and the step's in
// another, for its author need not be trusted with credentials: it sees *** in
// their place, and what it left alone is put back. Where no script has a handler
// of an event, its name is all that was looked for.
//
// # Credentials
//
// Credentials are in the request that is sent and nowhere else. What a Result
// records, and the document that goes on to the next steps, have them replaced
// by ***, wherever they stand: keys, tokens and passwords, the members of an
// AuthValue that are secret, a pair of user and password and sensitive properties,
// plain and as encoded in URLs, JSON and base64. Values of fewer than four
// characters cannot be told from other text; they are replaced only where they
// were put. Of Basic authentication the user is secret only if the password is as
// short as that, which is how some APIs take keys. Content of files is not looked
// into.
package invoke
