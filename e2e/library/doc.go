// Package library tries the connectors that Tandem comes with, each against a
// stand-in of its application: installed, authenticated, and called as a
// customer's code would, by the REST API.
//
// There is no code here but tests.
package library
