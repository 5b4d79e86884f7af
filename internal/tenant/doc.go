// Package tenant holds the tree of accounts of a partner, and their users.
//
// An account is made with a data key of its own, wrapped by the master key, so
// that what is sealed for one account can be opened for no other. Its place in
// the tree is given when it is made, and stays: connectors are inherited from
// above, and moving an account would hand it, or take from it, the use of
// credentials in passing.
//
// Deleting is in this order: its cycles stop, then it is marked as deleted,
// which ends its tokens in the same commit. Its rows stay for the recycle bin.
//
// Users are people, or API users whom programs let in. They are their partner's,
// and what they may do is said account by account. The store looks that up each
// time, so that a session ends with the access that it is by. Who a person is, is
// known by what they alone have: a password, or the mail of an address. A link
// opens what it was sent for, and makes nobody somebody who is there already.
package tenant
