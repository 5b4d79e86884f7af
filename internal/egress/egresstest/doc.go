// Package egresstest has what every way out of Tandem is tried with: addresses
// that must not be reached, in all the ways to write them, a canary that notices
// when one is, and names that lead to it.
//
// Whoever adds a way out, be it a protocol or another place that takes a URL,
// tries each of [Hosts] with the port of a [Canary] and then asks the canary
// whether anybody came.
package egresstest
