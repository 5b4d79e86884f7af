// Package tenant holds the tree of accounts of a partner, and their users.
//
// An account is made with a data key of its own, wrapped by the master key, so
// that what is sealed for one account can be opened for no other. Connectors are
// inherited from above, so that moving an account hands it the use of
// credentials, or takes that from it: a move after which cycles had lost
// connectors is refused.
//
// An account is suspended, and resumed, by one commit that says so; its cycles
// follow, and do so too when the process ends in between. Deleting is in this
// order: its cycles stop, then it is marked as deleted, which ends its tokens in
// the same commit. Its rows stay for the recycle bin.
//
// What an account may use follows from its settings and the console's, by the
// one rule of [tandem.Inherit].
//
// Users are people, or API users whom programs let in. They are their partner's,
// and what they may do is said account by account. The store looks that up each
// time, so that a session ends with the access that it is by. Who a person is, is
// known by what they alone have: a password, or the mail of an address. A link
// opens what it was sent for, and makes nobody somebody who is there already.
package tenant
