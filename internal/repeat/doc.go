// Package repeat does the same to many transactions, as a job of the server.
//
// [Jobs] is for people: they begin one, find it again, and cancel it. [Worker] works
// them off, part by part: of any number of nodes, one has a job for a while, by a
// lease, and notes after each part how far it is. After a crash the next one goes on
// from there, and leaves out what was run again already; only the counts may lack the
// part that was at work.
package repeat
