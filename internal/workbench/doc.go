// Package workbench is what an author of connectors works with, without a
// server: [Check] finds what is wrong in a definition, [Play] plays what was
// recorded of it, [Try] calls a method for real, and [New] is a definition to
// begin with.
package workbench
