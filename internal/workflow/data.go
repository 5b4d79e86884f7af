package workflow

import (
	"bytes"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// Output is what a step gave: a document, parsed when first asked for. It is
// used by one goroutine.
type Output struct {
	Step   tandem.StepID
	body   []byte
	parsed bool
	doc    any
}

// NewOutput is the output of a step whose response had this body.
func NewOutput(step tandem.StepID, body []byte) *Output { return &Output{Step: step, body: body} }

// Body is as it was given.
func (o *Output) Body() []byte { return o.body }

// Document is the body as JSON; as text when it is not JSON, and nil when it
// is empty.
func (o *Output) Document() any {
	if !o.parsed {
		o.doc, o.parsed = ParseDocument(o.body), true
	}
	return o.doc
}

// ParseDocument reads a body as a document whose numbers are json.Number. What
// is not JSON is text, and nothing is nil.
func ParseDocument(body []byte) any {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	doc, ok := parseJSON(body)
	if !ok {
		return string(body)
	}
	return doc
}

// Data is what a step can use.
type Data struct {
	Outputs []*Output   // of the steps before it on its path, nearest first
	LastRun time.Time   // of the step itself; zero: never
	Inline  []Evaluated // what the step's inline scripts came to, in their order
}

// read finds the value at l, reading what is not a list as a list's only item.
func read(l connector.Location, doc any) (any, bool) {
	list, item, through := l.Cut()
	if !through {
		return l.Get(doc)
	}
	v, ok := list.Get(doc)
	if _, isList := v.([]any); isList || !ok || v == nil {
		return l.Get(doc)
	}
	return read(item, v)
}
