// Package catalog is the library of connectors: read from files when the
// process starts, numbered by the database, and not changed after.
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
// What the library gives out is shared. Nobody changes it.
package catalog
