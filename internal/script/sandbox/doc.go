// Package sandbox is the inside of a script worker: the process in which
// customers' scripts run, and in which there is nothing but them.
//
// [Work] reads what to do from the server and answers, one after the other. The
// script of each level runs in a virtual machine of its own, which exists for
// that level alone: what a script leaves behind, in a global or in the prototype
// of all objects, is gone with it. Between levels pass only values as JSON.
//
// prelude.js is run before a script and makes what scripts find beyond the
// language. It asks Go for what JavaScript cannot do (function.go), and Go asks
// the server for what needs the network or the database. The libraries are
// compiled when a script first mentions them, and kept as bytecode in this
// process's memory; nothing of a script is kept.
//
// Nothing here is the wall: the engine has limits of its own for time and memory,
// which end what is merely careless, cheaply. Whatever gets past them meets the
// kernel's limits (confine_linux.go) and the server, which holds the clock and
// kills.
package sandbox
