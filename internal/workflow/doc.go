// Package workflow turns a graph, which people draw, into a [Plan], which can
// be run: every reference resolved, every text and location parsed, every
// default applied. It does no I/O and reads no clock.
//
// [Check] says in terms of the product what keeps a graph from running;
// [Compile] makes the plan of one that may. Both look methods up through a
// [Resolver], so that they need not know where connectors are kept.
//
// # Values
//
// A step sees the outputs of the steps before it on its own path ([Data],
// nearest first) and the graph's variables. A merge field {{x}} is the
// variable x if there is one, else the field at location x of the nearest
// earlier step that has it; {{Step name::x}} asks one step. What is missing or
// null is nil, and a target whose value is nil is not sent, or, when it is
// required, is an error that names it ([ErrRequired]). Values are converted to
// their target's type; what cannot be is an error that names it.
//
// # Lists
//
// A location that goes through a list gives a list, and a target that goes
// through one takes it, item by item. Splitting puts one item where the list
// was: {"items":[1,2]} becomes {"items":1} and {"items":2}. The same location,
// [items], finds the item in either, since a location reads what is not a list
// as a list's only item. A step is split at its method's Paging.Items, or else
// at the one list that its response fields go through; where they go through
// none and none are declared, at a document that is a list, or an object whose
// only member is one.
package workflow
