package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// Key is what a request and a transaction have in common that belong together; the
// zero Key is none.
type Key struct {
	Text string
	Hash string // of Text, which may be long
}

func newKey(v any) Key {
	text := ""
	if v != nil {
		text = merge.Text(v)
	}
	if text == "" {
		return Key{}
	}
	sum := sha256.Sum256([]byte(text))
	return Key{text, hex.EncodeToString(sum[:])}
}

// match is how requests find the transactions that a webhook step holds.
type match struct {
	field connector.Location // of the request
	key   source             // of the transaction
}

var errNoKey = errors.New("it does not say by which field a request, and by which value a transaction, is known")

// middle says that a step is a webhook that does not start the cycle.
func (d *design) middle(s *tandem.Step) bool {
	return s.ActionType == tandem.WebhookStep && slices.ContainsFunc(d.Edges, func(e tandem.Edge) bool {
		head := d.steps[e.HeadStepID]
		return e.TailStepID == s.ID && head != nil && head.ActionType != tandem.AnnotationStep
	})
}

// match compiles the match of a webhook in the middle; nil of one that is first.
func (d *design) match(s *tandem.Step, before map[tandem.StepID]bool) (*match, error) {
	if !d.middle(s) {
		return nil, nil
	}
	if s.Match == nil || s.Match.Field == "" {
		return nil, errNoKey
	}
	field, err := connector.ParseLocation(s.Match.Field)
	if err != nil {
		return nil, err
	}
	key, err := d.source(s.Match.Key, before)
	if err == nil && (key == nil || nothing(s.Match.Key)) {
		err = errNoKey
	}
	return &match{field, key}, err
}

// Holds says that transactions wait at the step for requests.
func (n *Node) Holds() bool { return n.match != nil }

// Key is that of a transaction.
//
// Errors: *MapError.
func (n *Node) Key(d *Data) (Key, error) {
	v, err := n.match.key(d)
	if err != nil {
		return Key{}, &MapError{Target: "webhook key", Err: err}
	}
	return newKey(first(v)), nil
}

// RequestKey is that of a request's data.
func (n *Node) RequestKey(doc any) Key {
	v, _ := read(n.match.field, doc)
	return newKey(first(v))
}

// first is the first of a list, or what is none.
func first(v any) any {
	for {
		list, ok := v.([]any)
		switch {
		case !ok:
			return v
		case len(list) == 0:
			return nil
		}
		v = list[0]
	}
}

// webhookKey checks how requests find transactions.
func (c *checker) webhookKey(s *tandem.Step, before map[tandem.StepID]bool) {
	if _, err := c.match(s, before); err != nil {
		c.own(s, tandem.ReasonWebhookKey, "%v.", err)
	}
}

func (v *validator) match(field string, m *tandem.Match) {
	if m == nil {
		return
	}
	if m.Field != "" {
		if _, err := connector.ParseLocation(m.Field); err != nil {
			v.fail(field+".Field", "%v.", err)
		}
	}
	v.mapping(field+".Key", &m.Key)
}

func renewMatch(m *tandem.Match, ids map[tandem.StepID]tandem.StepID) *tandem.Match {
	if m == nil {
		return nil
	}
	return &tandem.Match{Field: m.Field, Key: renewMappings([]tandem.Mapping{m.Key}, ids)[0]}
}
