package script

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// Expression is an inline script: one JavaScript expression.
type Expression struct {
	Text string // without the = before it
	// Bindings are the values of references by how they are written, such as
	// "[Email]" or "{{Name | lower}}": see [References].
	Bindings map[string]any
}

// Value is what an expression comes to.
type Value struct {
	JSON json.RawMessage
	Err  error // an [*Error]
}

// Inline evaluates the expressions of a step in one trip. They share a virtual
// machine, as they are of one author, and the time. The error is of the trip: then
// there are no values.
func (p *Pool) Inline(ctx context.Context, owner string, all []Expression) ([]Value, error) {
	if len(all) == 0 {
		return nil, nil
	}
	in := &wire.Inline{Limits: p.limits(p.options.Timeout)}
	for _, e := range all {
		bound, err := e.bound()
		if err != nil {
			return nil, err
		}
		in.Expressions = append(in.Expressions, bound)
	}
	done, err := p.travel(ctx, &trip{owner: owner, timeout: p.options.Timeout, message: wire.Message{Inline: in}})
	if err != nil {
		return nil, err
	}
	if len(done.Results) != len(all) {
		return nil, &Error{Kind: Lost, Err: fmt.Errorf("%d results for %d expressions", len(done.Results), len(all))}
	}
	values := make([]Value, len(all))
	for i, r := range done.Results {
		switch {
		case r.Fault != nil:
			values[i].Err = asError(r.Fault)
		case tooDeep(r.Value):
			values[i].Err = &Error{Kind: TooLarge, Message: fmt.Sprintf("the result is nested deeper than %d", maxDepth)}
		default:
			values[i].JSON = r.Value
		}
	}
	return values, nil
}

// bound is the expression with its references replaced by places in a list, so
// that no value ever becomes a part of the program.
func (e Expression) bound() (wire.Expression, error) {
	w := wire.Expression{Name: "$bound", Values: []json.RawMessage{}}
	for strings.Contains(e.Text, w.Name) {
		w.Name += "_"
	}
	places := map[string]int{}
	for r, value := range e.Bindings {
		raw, err := json.Marshal(value)
		if err != nil {
			return w, fmt.Errorf("the value of %s for an inline script: %w", r, err)
		}
		places[r] = len(w.Values)
		w.Values = append(w.Values, raw)
	}
	longestFirst := slices.SortedFunc(maps.Keys(places), func(a, b string) int { return len(b) - len(a) })
	var out strings.Builder
	copied := 0
	walk(e.Text, func(at int, p place) int {
		for _, r := range longestFirst {
			if !strings.HasPrefix(e.Text[at:], r) || !isReference(r) {
				continue
			}
			out.WriteString(e.Text[copied:at])
			fmt.Fprintf(&out, replacements[p], w.Name, places[r])
			copied = at + len(r)
			return len(r)
		}
		return 0
	})
	w.Text = out.String() + e.Text[copied:]
	return w, nil
}

// replacements are by what a reference is replaced, in each place.
var replacements = map[place]string{
	operand:  "%s[%d]",
	index:    "[%s[%d]]",
	template: "${%s[%d] ?? ''}",
}

// References are the texts in an inline script that may be references to fields,
// "[Email]", or merge fields, "{{Name | lower}}": whoever evaluates it binds those
// that are, and what is not bound is JavaScript. None stands in a text in quotes,
// a comment or a regular expression; between backticks they do, and are put in.
func References(text string) (all []string) {
	walk(text, func(at int, _ place) int {
		if r := candidate(text[at:]); r != "" && !slices.Contains(all, r) {
			all = append(all, r)
		}
		return 0
	})
	return all
}

// maxReference is the length of the longest reference, in bytes.
const maxReference = 500

// candidate is the reference that a text may begin with, from its bracket to the
// one that closes it.
func candidate(text string) string {
	text = text[:min(len(text), maxReference)]
	if strings.HasPrefix(text, "{{") {
		if end := strings.Index(text, "}}"); end > 2 {
			return text[:end+2]
		}
		return ""
	}
	depth := 0
	for i, r := range text {
		switch r {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 && i > 1 {
				return text[:i+1]
			}
		case '\n':
			return ""
		}
	}
	return ""
}

func isReference(r string) bool { return r != "" && candidate(r) == r }
