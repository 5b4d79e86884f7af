// Package workbench is what an author of connectors works with, without a
// server: [New] is a definition to begin with, [Import] makes one of an OpenAPI
// document, [Check] finds what is wrong in one, [Try] calls a method for real, and
// [Play] plays what was recorded.
package workbench
