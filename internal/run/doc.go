// Package run is the interpreter: it takes one transaction through the steps of
// its cycle's plan, as far as it goes in one slice.
//
// # What is durable
//
// All state of a transaction is its step items and its frontier: the tasks that
// are still to be done, as a stack. A slice changes both in memory and writes
// them together in deltas. The rule is that a call's result is committed before
// the next call begins. What has no effect outside (a decision, making
// children, ending) rides with the delta of the call before it or after it, so
// that a flow of one call is one commit. After a crash the interpreter takes up
// the last delta and comes to the same point by the same way: sequence numbers,
// and with them idempotency keys, are the same again.
//
// # Order
//
// Steps run depth first: a step, then all that its first edge leads to, then
// its second. A step that two paths reach runs once for each. An item's Prev
// makes the path, along which mappings look for data.
//
// # Triggers and children
//
// A webhook's transaction is made by [WebhookStart] with its trigger's item
// already recorded; a timer's, by [TimerStart], calls its trigger's method as
// its first task. Calls go page by page, and long lists part by part: each is a
// commit, with the place of the next. What is split becomes child transactions, made
// in the same delta as the record of where they came from, a few hundred at a
// time. A child of the trigger's has the one item as its trigger's response; a
// child of a later step's (with SplitAll) has copies of the items before it,
// which count no tasks. The parent ends when its children have.
//
// # Errors
//
// What the third party or the data is to blame for is an incident, and the
// step's error action decides. What has to wait for a third party's limit goes on
// later, at its place in line, and is never given up. Anything else
// (no plan, no database) is returned, and the engine tries the slice again.
package run
