// Package mutant seeds faults: small changes to the source, each of which takes a
// guard of the product away, and each with the tests that must notice.
//
// A suite that finds nothing says little until it is known what it would find.
// [All] is the table of faults; the program in cmd/mutants gives each of them to
// its tests, which must fail. A fault that nobody notices is a test that is
// missing.
//
// The tree is never touched: what is changed is laid over it, see the flag
// -overlay of the go command. That all changes still fit the source, and compile,
// is a test of this package, so that the table ages with the code.
package mutant
