// Package deploy lets the customers of a vendor into embedded screens, on the word
// of the vendor's program.
//
// One call may find nothing at all: it makes the account, the user and the
// connectors that it names, and answers with a sign-in to be used once. These are
// steps of their own, in an order in which each may be the last: who is refused
// leaves nothing behind, and a call that was cut off is made again and goes on.
package deploy
