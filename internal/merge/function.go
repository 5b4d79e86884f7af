package merge

import (
	"fmt"
	"slices"
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
var functions = slices.Concat(textFunctions(), numberFunctions(), dateFunctions(), listFunctions(), encodings())
