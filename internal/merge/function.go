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

// Function describes a function of merge fields.
type Function struct {
	Name      string
	Arguments string // as written: ":format[:zone]"
	Doc       string
	Examples  []Example

	minArgs, maxArgs int
	takes            takes
	bind             func(args []string) (apply, error)
}

// Example is a use of a function and its result. In all of them the fields
// are those of [ExampleFields].
type Example struct{ Text, Result string }

// ExampleFields is the document that the examples are about.
const ExampleFields = `{"Name":"ada LOVELACE","Email":" Ada@Example.com ","Cents":1999,"Rate":0.1,"Tags":["red","green"],
"Created":"2026-07-01T09:05:03Z","Codes":"a, b","Query":"a b&c","Nothing":null}`

// Functions lists all functions in the order of the documentation.
func Functions() []Function { return append([]Function(nil), functions...) }

func (f *Function) arity() string {
	switch {
	case f.maxArgs == 0:
		return "no arguments"
	case f.minArgs == f.maxArgs && f.minArgs == 1:
		return "one argument, " + f.Arguments
	case f.minArgs == f.maxArgs:
		return fmt.Sprintf("%d arguments, %s", f.minArgs, f.Arguments)
	}
	return fmt.Sprintf("%d to %d arguments, %s", f.minArgs, f.maxArgs, f.Arguments)
}

// Markdown is the documentation of all functions as a table.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| Function | What it does | Examples |\n| --- | --- | --- |\n")
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, f := range functions {
		examples := make([]string, len(f.Examples))
		for i, e := range f.Examples {
			examples[i] = fmt.Sprintf("`%s` → `%s`", escape.Replace(e.Text), escape.Replace(e.Result))
		}
		fmt.Fprintf(&b, "| `%s%s` | %s | %s |\n", f.Name, f.Arguments, escape.Replace(f.Doc), strings.Join(examples, "<br>"))
	}
	return b.String()
}

// functions is the one table of them.
var functions = []Function{
	{Name: "lower", Doc: "Small letters.", bind: text(strings.ToLower),
		Examples: []Example{{"{{Name | lower}}", "ada lovelace"}}},
	{Name: "upper", Doc: "Capital letters.", bind: text(strings.ToUpper),
		Examples: []Example{{"{{Name | upper}}", "ADA LOVELACE"}, {"{{Tags | upper}}", `["RED","GREEN"]`}}},
	{Name: "title", Doc: "A capital at the start of each word.", bind: text(title),
		Examples: []Example{{"{{Name | title}}", "Ada Lovelace"}}},
	{Name: "trim", Doc: "Without white space at the ends.", bind: text(strings.TrimSpace),
		Examples: []Example{{"{{Email | trim | lower}}", "ada@example.com"}}},
	{Name: "default", Arguments: ":value", Doc: "The argument when the field is missing or empty.", minArgs: 1, maxArgs: 1, takes: anything, bind: bindDefault,
		Examples: []Example{{"{{Missing | default:n/a}}", "n/a"}, {"{{Nothing | default:'a | b'}}", "a | b"}, {"{{Cents | default:0}}", "1999"}}},
	{Name: "replace", Arguments: ":old:new", Doc: "Each old text replaced by the new one.", minArgs: 2, maxArgs: 2, bind: bindReplace,
		Examples: []Example{{"{{Codes | replace:', ':;}}", "a;b"}, {"{{Name | replace:ada:}}", " LOVELACE"}}},
	{Name: "substring", Arguments: ":start[:length]", Doc: "Part of a text, in characters from 0; a negative start counts from the end.", minArgs: 1, maxArgs: 2, bind: bindSubstring,
		Examples: []Example{{"{{Name | substring:0:3}}", "ada"}, {"{{Name | substring:-4}}", "LACE"}}},
	{Name: "append", Arguments: ":text", Doc: "A text after it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindAppend,
		Examples: []Example{{"{{Cents | append:' cents'}}", "1999 cents"}, {"{{Missing | append:' cents'}}", ""}}},
	{Name: "prepend", Arguments: ":text", Doc: "A text before it, unless it is missing.", minArgs: 1, maxArgs: 1, bind: bindPrepend,
		Examples: []Example{{"{{Cents | prepend:'no. '}}", "no. 1999"}}},
	{Name: "length", Doc: "How many characters, or items of a list.", takes: anything, bind: bindLength,
		Examples: []Example{{"{{Name | length}}", "12"}, {"{{Tags | length}}", "2"}, {"{{Missing | length}}", "0"}}},
	{Name: "split", Arguments: ":separator", Doc: "A list of the parts of a text, trimmed.", minArgs: 1, maxArgs: 1, bind: bindSplit,
		Examples: []Example{{"{{Codes | split:','}}", `["a","b"]`}}},
	{Name: "join", Arguments: ":separator", Doc: "The items of a list as one text.", minArgs: 1, maxArgs: 1, takes: whole, bind: bindJoin,
		Examples: []Example{{"{{Tags | join:', '}}", "red, green"}}},
	{Name: "first", Doc: "The first item of a list.", takes: whole, bind: item(func(int) int { return 0 }),
		Examples: []Example{{"{{Tags | first}}", "red"}, {"{{Codes | split:',' | first}}", "a"}}},
	{Name: "last", Doc: "The last item of a list.", takes: whole, bind: item(func(n int) int { return n - 1 }),
		Examples: []Example{{"{{Tags | last}}", "green"}}},
	{Name: "add", Arguments: ":number", Doc: "The sum.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Add),
		Examples: []Example{{"{{Rate | add:0.2}}", "0.3"}}},
	{Name: "subtract", Arguments: ":number", Doc: "The difference.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Sub),
		Examples: []Example{{"{{Cents | subtract:2000}}", "-1"}}},
	{Name: "multiply", Arguments: ":number", Doc: "The product.", minArgs: 1, maxArgs: 1, bind: arithmetic((*big.Rat).Mul),
		Examples: []Example{{"{{Cents | multiply:1.21}}", "2418.79"}}},
	{Name: "divide", Arguments: ":number", Doc: "The quotient, exact, or with 16 decimals if it has no end.", minArgs: 1, maxArgs: 1, bind: bindDivide,
		Examples: []Example{{"{{Cents | divide:100}}", "19.99"}, {"{{Rate | divide:3}}", "0.0333333333333333"}}},
	{Name: "round", Arguments: "[:decimals]", Doc: "Rounded, halves away from zero.", maxArgs: 1, bind: bindRound,
		Examples: []Example{{"{{Cents | divide:1000 | round:1}}", "2"}, {"{{Cents | divide:100 | round}}", "20"}}},
	{Name: "date", Arguments: ":format[:zone]", Doc: "A date in a .NET format, and in an IANA time zone if one is given.", minArgs: 1, maxArgs: 8, bind: bindDate,
		Examples: []Example{{"{{Created | date:yyyy-MM-dd}}", "2026-07-01"}, {"{{Created | date:HH:mm:Europe/London}}", "10:05"}, {"{{Created | date:'d MMM yyyy, h:mm tt'}}", "1 Jul 2026, 9:05 AM"}}},
	{Name: "json", Doc: "As JSON.", takes: whole, bind: bindJSON,
		Examples: []Example{{"{{Tags | json}}", `["red","green"]`}, {"{{Query | json}}", `"a b\u0026c"`}}},
	{Name: "urlencode", Doc: "Escaped for a URL.", bind: text(urlEncode),
		Examples: []Example{{"{{Query | urlencode}}", "a%20b%26c"}}},
	{Name: "base64", Doc: "In Base64.", bind: text(base64Encode),
		Examples: []Example{{"{{Query | base64}}", "YSBiJmM="}}},
	{Name: "md5", Doc: "The MD5 hash in hexadecimal; for checksums, not for secrets.", bind: text(md5Hex),
		Examples: []Example{{"{{Codes | first | md5}}", "51718398f14c2c7248fa166b1c749400"}}},
	{Name: "sha256", Doc: "The SHA-256 hash in hexadecimal.", bind: text(sha256Hex),
		Examples: []Example{{"{{Tags | first | sha256}}", "b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a"}}},
}
