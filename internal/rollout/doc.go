// Package rollout upgrades the installed cycles of a template, in all accounts of a
// partner, as a job of the server.
//
// A rollout is a row with a row for each of its cycles. [Rollouts] is for people:
// they begin one, look at it, have it go on, cancel it, and have those tried again
// that failed. [Worker] works them off: of any number of nodes, one has a rollout
// for a while, by a lease, and takes it a few seconds further before it is the next
// one's turn, so that no partner waits for all of another's. Between two cycles it
// rests for as long as the last one took: half of the time belongs to others.
//
// The upgrade of a cycle and the note of it are one commit, which asks whether the
// rollout still runs and still waits for the cycle. So nothing depends on the
// lease: whoever comes late, after a crash or a cancellation, commits nothing. What
// a cycle is refused for is its outcome, and the next one is tried; an error that is
// no cycle's, such as a database that is away, puts the rollout off. What takes the
// process with it is noted before it is begun with, and fails after a few starts.
//
// A rollout may wait for a person: after the first few cycles, or after so many
// failures. It ends by itself when another release becomes live, as the people who
// began it had looked at theirs.
package rollout
