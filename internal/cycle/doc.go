// Package cycle keeps the cycles of accounts, and starts and stops them.
//
// A cycle changes only while it is paused, as a whole and alone: its graph,
// its connectors and its settings in one commit. Activating a version freezes
// it; a later edit makes the next version, so that transactions end on the
// graph that they began on, and a compiled plan never goes out of date.
//
// # Starting
//
// [Cycles.Activate] first checks all that keeps the graph from running, then
// asks the third party to call the cycle's webhook, where its connector can,
// then lets the cycle run, and last lets what was held go on. Whatever fails
// before the cycle runs leaves it paused.
//
// # Stopping
//
// [Cycles.Deactivate] goes the other way: the cycle takes nothing in any more,
// what is pending is held, which waits until no request of it is under way,
// and then the third party is asked to stop calling. That may fail without
// consequence: the webhook's address answers 410 by then. Finishing lets what
// is pending end first; [Cycles.Run] pauses the cycle when it has.
//
// docs/states.md draws the states and what leads from one to another.
package cycle
