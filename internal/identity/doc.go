// Package identity decides who may come in: partners and their first sign-in,
// OAuth clients and their tokens, console users and their passwords.
//
// Client secrets and access tokens are 256 random bits. Being random, they need
// no slow hash: the database holds their SHA-256, and looks tokens up by it. A
// token is looked up at each request, so that the deletion of a client or an
// account, and the suspension of an account, end its tokens at once.
//
// Passwords are people's, and hashed with argon2id. A failed sign-in says the
// same, and takes as long, whether the email is unknown or the password wrong.
// Attempts are limited by email and network together, then by email alone; a
// browser that was let in before has a budget of its own. So who guesses is
// slowed down, from one place or from many, and the owner is not locked out.
//
// [Entrance] is for who comes in, step by step; [Profile] for what they change of
// themselves; [ConsoleUsers] for those who look after the team; [SignOns] for who
// signs in elsewhere. [Sessions] are the browsers that are signed in; what a
// session's user may do is read anew at each request. [Gate] knows from where
// people and programs may come.
package identity
