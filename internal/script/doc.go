// Package script runs customers' JavaScript where it can do no harm: in worker
// processes that have nothing, a few for the whole server.
//
// A [Pool] keeps the workers: this program again, started as "script-worker" with
// an empty environment, no files but its standard input and output, and limits of
// the kernel; package sandbox is what runs in them, package wire what they say.
// A script sees the JSON that it is given and the functions of docs/scripts.md.
// For what needs the network or the database its worker asks, and the server does
// it by the [Host] of the [Job], in the name of the account that the script runs
// for.
//
// An event is one trip to a worker, though three levels may have a say in it: the
// worker gives each level's script a virtual machine of its own, and passes on
// only what the event lets scripts change. So a step's script never sees what its
// connector's has seen, such as method_auth_value.
//
// The server holds the clock. A script that goes over its limits, or takes its
// worker down, fails alone: the worker is killed and another takes its place.
// Whoever runs many scripts at once leaves half of the workers to the others.
//
// This package imports neither the engine nor what runs inside the worker, and
// the server never parses JavaScript, but for finding the fields in inline scripts.
package script
