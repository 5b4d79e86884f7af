// Package wire is what the server and a script worker say to each other: frames
// of JSON, each with its length before it, over the worker's standard input and
// output.
//
//	server                                worker
//	                              ◀────── Ready
//	Run, Inline or Check ──────▶
//	                              ◀────── Log, as often as there is something
//	                              ◀────── Call, of what only the server can do
//	Answer ────────────────────▶
//	                              ◀────── Done
//	                              ◀────── Ready, once all is cleared away
//
// The server believes nothing that a worker says: what comes is bounded before it
// is read and checked before it is used, as if a script had got hold of the
// worker and wrote the frames itself.
package wire
