// Package usage tells how many tasks accounts have used.
//
// A task is one executed step that calls a method, successful or not. Tasks are
// counted in the commit of the step that used them, by account, cycle, method and
// quarter of an hour, so that the figures are exact whatever crashes; [Meter] adds
// them up. [Fold] puts what is older than a week together, so that the ledger
// stays small, in parts of days of which every billing period and every day, of
// UTC and of the account's zone, is made: their sums stay exact. [Meter.Verify]
// counts again from the records of steps, while these last.
//
// [Watch] tells partners how much of their allowance is used. Nothing stops
// beyond it: fairness between accounts is the engine's business, and it queues
// and does not refuse.
package usage
