// Package trigger makes transactions: of requests to webhooks, and of cycles
// that are due.
//
// # Webhooks
//
// [Intake] answers at /api/webhook/{key}. It says 200 only when the request is
// durable, and until then nothing has happened: a sender that gets anything
// else, or nothing, may send again. A sender that repeats itself with the same
// Idempotency-Key, or the id of an event that it says is one, gets the first
// transaction again. Whose a key is, is kept for a moment (package cache); what
// stops a cycle here says so with [Intake.Forget], and a request that another
// node lets in meanwhile waits, held, until the cycle is started again.
//
// What a body holds becomes JSON here, the one form that data has from then on;
// files in it are kept apart, and named.
//
// [Rules] are what the definition of a webhook's method says of requests, and its
// place in the cycle: how they are signed, which methods they use, where the id of
// an event is. What is not signed as it should be leaves no trace. Most webhooks
// have no rules, and nothing to pay for those that others have.
//
// Scripts of a webhook may answer its sender, change what it sent, or have it
// start nothing: before_webhook and after_webhook, of connector, method and step.
//
// A webhook in the middle of a cycle makes the request go on with a transaction
// that is held there: the newest that has the same key. One for which nobody waits
// is answered like any other, since its sender can do nothing about it.
//
// Where a step answers, the sender waits. What it is told may come from a
// transaction on another node, so it is a row; see callers in this package.
//
// # Timers
//
// [Timers] sleeps until the next cycle is due. Every node may do so: the due
// time moves in the commit that makes the transaction, and only for the one
// that moves it first. A cycle that was due while nothing ran is run once, then
// on the times that it was on. One whose last run still collects is skipped,
// and an incident says so.
//
// Neither knows how a transaction begins; the interpreter does, and they are
// given its functions.
package trigger
