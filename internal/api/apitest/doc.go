// Package apitest tries, over HTTP, whether anybody's credentials are worth
// anything where they should be worth nothing.
//
// [Matrix] makes a small world of two partners: an account, its sub-account and
// its neighbour at the one, an account at the other, each with a connector, a
// cycle with all that can be in one, and a transaction, and each with a canary in
// every name. Then it has everybody call every route with the ids of each:
// nobody, holders of tokens that are no good, programs, those whose token is for
// one account, users and administrators of accounts, console users with each
// permission at each level. What each is to get is worked out here a second time,
// from the table of routes alone. A refusal must be the right one; no answer may
// hold a canary of somebody whom it is not about; and no row of the database may
// have changed.
//
// Then it puts foreign ids wherever a request may name something: in each part of
// a path, in the account header, in queries, at properties of bodies however
// deep. Where these are is read from the API's own description. The answer must
// be, to the byte, that for an id of nothing, and take about as long.
//
// In the end it calls every route as its owner, who must get through, so that a
// refusal was not just a mistake in the test, and looks for the one entry of each
// change in the audit log.
//
// A route that has no entry here fails, an entry without a route, and a new
// property that looks like an id.
package apitest
