// Package e2e holds journeys through the real programs: the binary is built and
// started as a user starts it, called over HTTP, killed, and started again.
//
// There is no code here but tests. Each of them fails if the fault that it is
// about did not happen.
package e2e
