// Package catalog is the library of connectors: those of the installation, read
// from files when the process starts and not changed after, and those that are
// partners' own ([Custom]), kept in the database. All are numbered by the database.
//
// Each folder of the library has a folder for each connector release, with
// connector.yaml and its icon. Whatever is wrong with any of them is told all
// at once, each with its file, line and field, and nothing is loaded: a library
// that is half there would stop cycles in ways that are hard to understand.
//
// A release is known by its name, without regard to case, and its version. The
// database gives it, and each of its parts, a number that outlives edits of the
// file and restarts; two nodes that start at once agree on them.
//
// A partner's own connectors are on its shelf above those of the library, and on
// nobody else's: whoever looks one up asks for the shelf of a partner, or of an
// account, first. A shelf never changes. When a partner changes a connector there
// is another, at once on that node, and on others within seconds: each compares
// the partner's count of changes with that of the shelf it has. So a plan compiled
// with one shelf is compiled anew with the next.
//
// A partner's document may hold more than package connector knows. What cannot be
// used is left out and told, part by part; a connector that is installed may not
// lose what its installations may use.
//
// What the library gives out is shared. Nobody changes it.
package catalog
