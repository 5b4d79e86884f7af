// Package connection installs connectors in accounts, and gives out their
// credentials at the moment of use.
//
// An account uses its own installed connectors and those of the accounts above
// it. Of the latter it sees that they are there, and nothing that they hold:
// no credentials, no sensitive properties. Nor can it change them; for that
// they do not exist.
//
// Credentials and properties are sealed together, one document for each
// account connector, under the data key of the account that owns it and bound
// to the row. They are opened in two places: here, to change them, and in
// [Connectors.Resolve], for a call.
//
// Resolve is on the path of every call, so what it reads is kept for a short
// while. Each entry is a lease that ends a fixed time after it was read (see
// package cache). Changing a connector drops the entries of this process. On
// other nodes they may live out their lease; Deauthenticate and Delete take
// something away, so where there are other nodes they wait for as long, and
// what was taken away is out of use everywhere when they return.
package connection
