package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// Expression is an inline script of a step: one JavaScript expression, with the
// values of what it refers to.
type Expression struct {
	Text     string         // without the = before it
	Bindings map[string]any // by reference as it is written, such as [Email] or {{Name | lower}}
}

// Evaluated is what an expression came to.
type Evaluated struct {
	Value any // a document; nil: nothing
	Err   error
}

// inline is an inline script, compiled: the sources of what it refers to.
type inline struct {
	text       string
	references []string
	sources    []source
}

// Inline gives the step's inline scripts, for somebody to evaluate in one trip and
// put into d.Inline in this order before Input or Decide. There are none but in
// steps that have some.
//
// Errors: *MapError, naming the target.
func (n *Node) Inline(d *Data) ([]Expression, error) {
	if len(n.inline) == 0 {
		return nil, nil
	}
	all := make([]Expression, len(n.inline))
	for i, in := range n.inline {
		all[i] = Expression{Text: in.text, Bindings: make(map[string]any, len(in.references))}
		for j, r := range in.references {
			v, err := in.sources[j](d)
			if err != nil {
				return nil, &MapError{Target: r, Err: err}
			}
			if v == nil {
				v = "" // as in a text
			}
			all[i].Bindings[r] = v
		}
	}
	return all, nil
}

// expression compiles a value that begins with =, whose source is what the
// evaluation of the step's inline scripts brought. Not ok: the value does not, or
// with a second one, which stands for it; literal is the value then.
func (d *design) expression(value string, before map[tandem.StepID]bool) (src source, literal string, ok bool, err error) {
	text, ok := strings.CutPrefix(value, "=")
	if !ok {
		return nil, value, false, nil
	}
	if strings.HasPrefix(text, "=") {
		return nil, text, false, nil
	}
	if strings.TrimSpace(text) == "" {
		return nil, "", true, errEmptyScript
	}
	in := inline{text: text}
	for _, r := range references(text) {
		src, err := d.reference(r, before)
		if err != nil {
			return nil, "", true, fmt.Errorf("%s: %w", r, err)
		}
		if src != nil {
			in.references, in.sources = append(in.references, r), append(in.sources, src)
		}
	}
	i := len(d.inline)
	d.inline = append(d.inline, in)
	return func(data *Data) (any, error) {
		if i >= len(data.Inline) {
			return nil, errNotEvaluated
		}
		return data.Inline[i].Value, data.Inline[i].Err
	}, "", true, nil
}

// reference finds the source of [Field] or {{Merge field}}; nil: it is JavaScript.
func (d *design) reference(r string, before map[tandem.StepID]bool) (source, error) {
	if strings.HasPrefix(r, "{{") {
		return d.template(r, before)
	}
	name := r[1 : len(r)-1]
	if !field.MatchString(name) {
		return nil, nil
	}
	if step, _, ok := strings.Cut(name, "::"); ok {
		if _, known := d.named(strings.TrimSpace(step), before); !known {
			return nil, nil
		}
	}
	return d.mergeField(name, before)
}

// field is what may stand between brackets for it to be the name of a field, and
// neither a number, a text nor a list.
var field = regexp.MustCompile(`^[\p{L}_\[][\p{L}\p{N}_ .:$\-\[\]]*$`)

// maxReference is the length of the longest reference, in bytes.
const maxReference = 500

// references are the texts that may be references: each [...] and {{...}}. Which
// of them stand where one can be, and not in quotes, is known to who evaluates.
func references(text string) (all []string) {
	for i := range len(text) {
		if r := candidate(text[i:]); r != "" && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// candidate is the reference that a text begins with, up to the bracket that
// closes it; "": it does not.
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
		if depth == 0 {
			return ""
		}
	}
	return ""
}
