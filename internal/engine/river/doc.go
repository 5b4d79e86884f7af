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
// A job is a slice each of up to eight transactions of a cycle, all at once: what River
// does for a job is dearer than a step. Admission raises a transaction's epoch and so
// makes the job its owner, and each commit names the epoch, so that an owner that is
// slower than it should be is fenced. A job that River runs for the first time but reads
// what it owns, and finds nothing that was held since, or is at its end. When River runs
// it again it claims each, from the epoch of the admission or as many on as it was run.
// However many jobs there are, a claim has one winner.
//
// A node admits no more often than River tells of new jobs, so that none has to look for
// them. Once a second each asks, in one statement, what there is to do that nobody tells
// of: what waited for a time, nodes that died, jobs that take too long.
//
// Each node holds a lock in PostgreSQL through a connection of its own, which
// ends with the process. The jobs of one whose lock is gone are run again after
// Options.Lost. Slices are bounded by Options.Timeout, and a job that runs for
// longer, because its node hangs or was cut off from both sides, is run again
// after Options.Rescue. If the node was alive after all it is fenced. No SQL transaction
// is open while a slice runs.
//
// After Hold and Cancel no node sends anything for the cycle: the mark of the
// hold is committed first, and lets none begin from then on; running slices lose
// their epoch, and are stopped, on other nodes through River's notification of their
// jobs; then the call waits until no slice of the cycle runs here, and none of its jobs
// elsewhere. A node that died in the middle of a slice delays it until its job is
// rescued.
package river
