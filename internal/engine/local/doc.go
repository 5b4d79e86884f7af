// Package local is the engine in one process, over a store that this process
// alone has open.
//
// What is pending is in memory and in the journal. A submission is committed,
// in a commit shared with others, and then queued with its data at hand, so
// that it runs without being read back; only when much is queued is the data
// dropped and read again when its turn comes. Since nobody else runs
// transactions, there are no claims and no leases that run out: after a crash
// whatever is not at its end is queued again, from its last commit.
//
// Slices run each in a goroutine, up to a limit, for most of their time is
// spent waiting for others. Who is next is decided by deficit round-robin
// between accounts, charged by the time that their slices take, and in turns
// between the cycles of an account; within a cycle in order of arrival. An
// account has never more workers than are free, so that dead third parties, on
// which all slices of some accounts wait, leave room for the rest.
//
// A transaction whose slice fails three times without a commit is set aside,
// as failed. For those that take the whole process with them the suspicion is
// durable: after a restart each is suspected before its first slice begins, as
// much as for a failure if the process before crashed, and only a third of that
// if it was killed, which may happen again and again to the innocent. Ones that
// were suspected before the restart begin one at a time, each when the one
// before has ended or runs for a second, so that whatever stops the process at
// once is alone to blame; where one transaction of a cycle runs after the other, each
// when it has its turn, too. When the process is told to end, what it cuts off is
// not.
package local
