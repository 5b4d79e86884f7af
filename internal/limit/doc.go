// Package limit keeps calls to third parties within the limits that they have:
// those that a connector's definition declares, and those that a third party
// tells of by answering 429. A call that comes too soon waits; none is dropped.
//
// Both belong to the account connector: everybody who calls through it, the
// accounts below its owner too, shares them, on all nodes.
//
// # Declared limits
//
// A limit of N requests in S seconds holds for every S seconds, not only on the
// average: a request takes a token, which comes back S seconds later. That lets N
// go at once after a rest, and never one more, where a bucket that is refilled
// evenly would let nearly twice as many go in its first S seconds. Where N is
// large, tokens that are taken within a 64th of S come back together, with the
// last of them.
//
// Nodes take tokens from a row of the database that they share, some at a time:
// what is held is good for an eighth of S, at least a quarter of a second, and
// what is not used by then goes back when the node asks again. A node that does
// not has used what it held, as far as the others know. So a busy connector costs a few statements a second
// and an idle one none. A process that has the database to itself keeps windows
// of up to ten seconds in memory, and takes their tokens as used when it starts:
// a restart waits for up to S seconds, and never brings more than N. Longer
// windows are in the row there too.
//
// # Turns
//
// Who finds no token takes a place in a line. Places are given by start-time fair
// queueing: cycles (and, of calls on demand, accounts) take turns, so that one
// with thousands of waiting transactions delays another by one call, not by
// thousands. Somebody who has to wait for more than a moment is told when to come
// again, with his place ([Wait]), since a transaction that waits holds nothing, and
// may go on at another node. Nobody is remembered: a line knows only up to which
// place it has come, and the last place of each cycle. When those whose turn it
// is do not come, as their cycle was stopped, others take their tokens after two
// seconds. Who has long to wait comes again after half of it, as others may have
// gone meanwhile. Methods that have limits of their own have lines of their own.
//
// # Answers of 429
//
// Such an answer begins a wait of all calls of the account connector: for as long
// as the answer asks for, else a minute. When it is over one call goes first. If
// it is answered 429 too, the next wait is longer; by any other answer it lets the
// others go, a few dozen a second. Waits are rows, so they survive a restart, and
// other nodes read all there are once a second while they make calls. While there
// is none, that look at memory is all that a call costs.
//
// # Calls that are under way
//
// A node has places for so many calls at once. Account connectors share them, so that
// one whose third party hangs takes no more than a part, and leaves some for the
// others of its account, and for other accounts. Who finds no place waits where it is
// if one will soon be free, as with a quick third party that is asked for much: that
// costs microseconds. Else it comes again, with its place in a line as above. When
// that is is reckoned from how long the calls take, or have taken already. These
// lines are each node's own, and nothing of them is in the database.
//
// It is a leaf that declares the port to its rows, for it decides nothing of what
// is called, and so knows neither calls nor runs: whoever makes a call asks for a
// [Pass] before it, and tells it how the call ended.
package limit
