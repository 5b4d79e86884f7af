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
// What a body holds becomes JSON here, the one form that data has from then on.
//
// Scripts of a webhook may answer its sender, change what it sent, or have it
// start nothing: before_webhook and after_webhook, of connector, method and step.
// Webhooks without such scripts know nothing of it.
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
