// Package app puts Tandem together: the one place where every part is known.
// The command and the tests share it.
//
// # A tour
//
// A request comes in at [App.Run]'s server (server.go), which hands it to one
// of four rooms.
//
//   - internal/api answers /v1.0 and /oauth. A token becomes a principal, the
//     principal and a header become a partner or an account (internal/policy),
//     and a service does the work: internal/tenant, identity, catalog,
//     connection, template, cycle, usage. Each service declares the little that
//     it needs of internal/store, which holds all SQL.
//   - internal/console answers /console: pages built from web/, and sessions.
//     The pages call the API like anybody else.
//   - internal/embed answers /account, /launch, /orbit and /marketplace: what
//     customers see in the vendor's product.
//   - internal/trigger answers /api/webhook: it makes a transaction
//     (internal/journal) and submits it to the engine, and when that returns
//     the transaction is on disk. Timers submit too, when a cycle is due.
//
// The engine (internal/engine/local over SQLite, internal/engine/river over
// PostgreSQL) hands each transaction to the interpreter, internal/run, which
// asks internal/cycle for the compiled plan (internal/workflow), maps a step's
// input, has the method called, and gives the result back to the engine as a
// delta, before the next step begins. A call goes through callout.go here:
// internal/connection opens the credentials, which internal/vault keeps sealed,
// internal/invoke builds the request and takes every trace of them out of what
// is recorded, and internal/egress sends it, to where it is allowed to.
//
// Everything that works in the background is a component, which
// internal/lifecycle runs; stopping is in the reverse order of starting.
package app
