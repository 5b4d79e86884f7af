package merge

import (
	"fmt"
	"math/big"
	"strings"
)

// apply is a function with its arguments bound. The value that it gets is not
// nil unless the function takes anything, and must not be changed.
type apply func(v any) (any, error)

// takes says what a function is given of a list, and of what is missing.
type takes int

const (
	single   takes = iota // each item of a list; not what is missing
	whole                 // a list as it is; not what is missing
	anything              // whatever there is
)

// function is a function of merge fields.
type function struct {
	name      string
	arguments string // as written: ":format[:zone]"
	doc       string
	examples  []example

	minArgs, maxArgs int
	takes            takes
	bind             func(args []string) (apply, error)
}

// example is a use of a function and its result. In all of them the fields are
// those of the document in docs/merge-functions.md.
type example struct{ text, result string }

func (f *function) arity() string {
	switch {
	case f.maxArgs == 0:
		return "no arguments"
	case f.minArgs == 1 && f.maxArgs == 1:
		return "one argument, " + f.arguments
	case f.minArgs == f.maxArgs:
		return fmt.Sprintf("%d arguments, %s", f.minArgs, f.arguments)
	}
	return fmt.Sprintf("%d to %d arguments, %s", f.minArgs, f.maxArgs, f.arguments)
}

// functions is the one table of them, in the order of the documentation.
var functions = []function{
	{
		name: "lower", doc: "Small letters.", bind: text(strings.ToLower),
		examples: []example{{"{{Name | lower}}", "ada lovelace"}},
	},
	{
		name: "upper", doc: "Capital letters.", bind: text(strings.ToUpper),
		examples: []example{{"{{Name | upper}}", "ADA LOVELACE"}, {"{{Tags | upper}}", `["RED","GREEN"]`}},
	},
	{
		name: "title", doc: "A capital at the start of each word.", bind: text(title),
		examples: []example{{"{{Name | title}}", "Ada Lovelace"}},
	},
	{
		name: "trim", doc: "Without white space at the ends.", bind: text(strings.TrimSpace),
		examples: []example{{"{{Email | trim | lower}}", "ada@example.com"}},
	},
	{
		name: "default", arguments: ":value", doc: "The argument when the field is missing or empty.", minArgs: 1, maxArgs: 1, takes: anything, bind: bindDefault,
		examples: []example{{"{{Missing | default:n/a}}", "n/a"}, {"{{Nothing | default:'a | b'}}", "a | b"}, {"{{Cents | default:0}}", "1999"}},
	},
	{
		name: "replace", arguments: ":old:new", doc: "Each old text replaced by the new one.", minArgs: 2, maxArgs: 2, bind: bindReplace,
		examples: []example{{"{{Codes | replace:', ':;}}", "a;b"}, {"{{Name | replace:ada:}}", " LOVELACE"}},
	},
	{
		name: "substring", arguments: ":start[:length]", doc: "Part of a text, in characters from 0; a negative start counts from the end.", minArgs: 1, maxArgs: 2, bind: bindSubstring,
		examples: []example{{"{{Name | substring:0:3}}", "ada"}, {"{{Name | substring:-4}}", "LACE"}},
	},
	{
		name: "append", arguments: ":text", doc: "A text after it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindAppend,
		examples: []example{{"{{Cents | append:' cents'}}", "1999 cents"}, {"{{Missing | append:' cents'}}", ""}},
	},
	{
		name: "prepend", arguments: ":text", doc: "A text before it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindPrepend,
		examples: []example{{"{{Cents | prepend:'no. '}}", "no. 1999"}},
	},
	{
		name: "length", doc: "How many characters, or items of a list.", takes: anything, bind: bindLength,
		examples: []example{{"{{Name | length}}", "12"}, {"{{Tags | length}}", "2"}, {"{{Missing | length}}", "0"}},
	},
	{
		name: "split", arguments: ":separator", doc: "A list of the parts of a text, trimmed.", minArgs: 1, maxArgs: 1, bind: bindSplit,
		examples: []example{{"{{Codes | split:','}}", `["a","b"]`}},
	},
	{
		name: "join", arguments: ":separator", doc: "The items of a list as one text.", minArgs: 1, maxArgs: 1, takes: whole, bind: bindJoin,
		examples: []example{{"{{Tags | join:', '}}", "red, green"}},
	},
	{
		name: "first", doc: "The first item of a list.", takes: whole, bind: item(func(int) int { return 0 }),
		examples: []example{{"{{Tags | first}}", "red"}, {"{{Codes | split:',' | first}}", "a"}},
	},
	{
		name: "last", doc: "The last item of a list.", takes: whole, bind: item(func(n int) int { return n - 1 }),
		examples: []example{{"{{Tags | last}}", "green"}},
	},
	{
		name: "add", arguments: ":number", doc: "The sum.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Add),
		examples: []example{{"{{Rate | add:0.2}}", "0.3"}},
	},
	{
		name: "subtract", arguments: ":number", doc: "The difference.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Sub),
		examples: []example{{"{{Cents | subtract:2000}}", "-1"}},
	},
	{
		name: "multiply", arguments: ":number", doc: "The product.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Mul),
		examples: []example{{"{{Cents | multiply:1.21}}", "2418.79"}},
	},
	{
		name: "divide", arguments: ":number", doc: "The quotient, exact, or with 16 decimals if it has no end.", minArgs: 1, maxArgs: 1, bind: bindDivide,
		examples: []example{{"{{Cents | divide:100}}", "19.99"}, {"{{Rate | divide:3}}", "0.0333333333333333"}},
	},
	{
		name: "round", arguments: "[:decimals]", doc: "Rounded, halves away from zero.", maxArgs: 1, bind: bindRound,
		examples: []example{{"{{Cents | divide:1000 | round:1}}", "2"}, {"{{Cents | divide:100 | round}}", "20"}},
	},
	{
		name: "date", arguments: ":format[:zone]", doc: "A date in a .NET format, and in an IANA time zone if one is given.", minArgs: 1, maxArgs: 8, bind: bindDate,
		examples: []example{{"{{Created | date:yyyy-MM-dd}}", "2026-07-01"}, {"{{Created | date:HH:mm:Europe/London}}", "10:05"}, {"{{Created | date:'d MMM yyyy, h:mm tt'}}", "1 Jul 2026, 9:05 AM"}},
	},
	{
		name: "json", doc: "As JSON.", takes: whole, bind: bindJSON,
		examples: []example{{"{{Tags | json}}", `["red","green"]`}, {"{{Query | json}}", `"a b\u0026c"`}},
	},
	{
		name: "urlencode", doc: "Escaped for a URL.", bind: text(urlEncode),
		examples: []example{{"{{Query | urlencode}}", "a%20b%26c"}},
	},
	{
		name: "base64", doc: "In Base64.", bind: text(base64Encode),
		examples: []example{{"{{Query | base64}}", "YSBiJmM="}},
	},
	{
		name: "md5", doc: "The MD5 hash in hexadecimal; for checksums, not for secrets.", bind: text(md5Hex),
		examples: []example{{"{{Codes | first | md5}}", "51718398f14c2c7248fa166b1c749400"}},
	},
	{
		name: "sha256", doc: "The SHA-256 hash in hexadecimal.", bind: text(sha256Hex),
		examples: []example{{"{{Tags | first | sha256}}", "b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a"}},
	},
}
