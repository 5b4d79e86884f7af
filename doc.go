// Package tandem is the vocabulary of Tandem, an open, self-hosted embedded
// integration platform.
//
// A software vendor, the [Partner], gives each of its own customers an
// isolated [Account]. In an account run cycles: graphs of steps that call the
// methods of connectors. A [Template] is a cycle's design, installed in many
// accounts. One run of a [Cycle] is a [Transaction]; each step that it takes
// is a [StepItem], and each step that calls a method is a task, the unit of
// usage.
//
// This package holds nouns, typed ids, error codes and the interfaces of the
// services, one file per noun. It does nothing by itself: internal/app wires
// the implementations together, and its package comment is the guided tour.
//
// Tenancy is in the types. Everything that belongs to an account is asked for
// with an [AccountID], which callers get from a [Principal], never from input.
package tandem
