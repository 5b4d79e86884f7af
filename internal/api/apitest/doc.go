// Package apitest tries, over HTTP, whether an account's token and ids are worth
// anything in another account.
//
// [Matrix] makes a small world of two partners: an account, its sub-account and
// its neighbour at the one, an account at the other, each with a connector, a
// cycle with all that can be in one, and a transaction, and each with a canary in
// every name. Then it calls every route of the API as everybody who must not: the
// answer must be the right refusal, no canary may be in it, and no row of the
// database may have changed. In the end it calls every route as its owner, who
// must get through, so that a refusal was not just a mistake in the test.
//
// A route that has no entry here fails. So does an entry without a route.
package apitest
