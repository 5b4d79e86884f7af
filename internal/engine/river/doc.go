// Package river is the engine for any number of nodes, over PostgreSQL. River
// claims, schedules, rescues and cancels; no other package knows it.
//
// A transaction is rows first. Submit commits these; then an admission step
// moves what can go on into River's table, at most a window of slices for each
// account, in the transaction that marks them as admitted. What an account has
// beyond its window stays behind as rows, and so an account with a million
// queued transactions is never far ahead of another's single one. The node that
// made transactions admits right away; every node does so also now and then,
// and wakes what waited for a time.
//
// Slices that have run for more than two seconds do not count in the window, until
// they take half of a node's workers: they wait for third parties, and whoever makes
// the calls bounds how many of these there are.
//
// A job is one slice. It begins by a claim, which raises the transaction's
// epoch, and each commit names the epoch, so that an owner that is slower than
// it should be is fenced. A job carries the epoch at which it was admitted and
// claims only from there (or, when River runs it again, from as many epochs on
// as it was run): one left over from before a hold does nothing, and neither
// does a job for a transaction at its end. However many jobs there are, a claim
// has one winner.
//
// Each node holds a lock in PostgreSQL through a connection of its own, which
// ends with the process. The jobs of one whose lock is gone are run again after
// Options.Lost. Slices are bounded by Options.Timeout, and a job that runs for
// longer, because its node hangs or was cut off from both sides, is run again
// after Options.Rescue. If the node was alive after all it is fenced. No SQL transaction is open while a slice runs.
//
// After Hold and Cancel no node sends anything for the cycle: the mark of the
// hold is committed first, and refuses claims from then on; running slices lose
// their epoch, and are cancelled through River's notification; then the call
// waits until no job of the cycle is running anywhere. A node that died in the
// middle of a slice delays it until its job is rescued.
package river
