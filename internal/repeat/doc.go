// Package repeat does the same to many transactions, as a job of the server.
//
// [Jobs] is for people: they begin one, find it again, and cancel it. [Worker] works
// them off, part by part: of any number of nodes, one has a job for a while, by a
// lease, and notes with what it did which ones it comes to next. After a crash the next
// node does these once more: what was done to them already is not done again, and is
// counted.
//
// What was being done when a process ended may have ended it. So the next one goes on
// with one transaction at a time, and sets aside the one at which it ends again.
package repeat
