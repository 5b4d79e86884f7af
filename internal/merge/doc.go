// Package merge fills merge fields into text: {{Name}}, and
// {{Name | function:argument | function}}.
//
// A text is parsed once into a [Template], where every function is looked up
// and its arguments are checked and prepared, and then executed many times.
// Nothing here does I/O, reads a clock or runs anybody's code.
//
// # Syntax
//
//	{{Email}}                                  a field
//	{{Email | trim | lower}}                   through functions, left to right
//	{{Name | default:n/a}}                     arguments after colons
//	{{Name | replace:'a:b':"c|d"}}             quoted where they hold : | or }}
//	{{LastSuccessfulRunDate format=yyyy-MM-dd}} a date, in a .NET format
//	{{Notes::['first name']}}                  a name is whatever lookup knows
//
// Everything outside {{ and }} stands for itself. In a quoted argument, a quote
// is written twice.
//
// # Values
//
// Values are those of a JSON document: nil, bool, string, numbers
// (json.Number, float64, int, int64), []any and map[string]any, and time.Time.
// A field that is missing is empty, and stays empty through every function but
// default and length. A function that works on one value, given a list, works
// on each of its items. Numbers are decimals of any size: 1999 divided by 100
// is 19.99, not nearly so.
//
// The functions are one table, from which docs/merge-functions.md is written
// and what the console offers, and whose examples are its tests.
package merge
