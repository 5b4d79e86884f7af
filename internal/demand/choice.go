package demand

import (
	"bytes"
	"encoding/json"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// document reads a response, with numbers as they are written.
func document(body []byte) (doc any, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, &tandem.Error{Code: tandem.Invalid, Message: tandem.IncidentNotExpected + ": it is not JSON.", Err: err}
	}
	return doc, nil
}

// choices reads the values and labels of a trigger from a response.
func choices(t *connector.Trigger, body []byte) ([]connector.Choice, error) {
	doc, err := document(body)
	if err != nil {
		return nil, err
	}
	values, err := column(doc, t.IdentifierKey)
	if err != nil {
		return nil, err
	}
	labels, err := column(doc, t.HumanReadableKey)
	if err != nil {
		return nil, err
	}
	all := []connector.Choice{}
	for i, v := range values {
		c := connector.Choice{Value: merge.Text(v)}
		if c.Value == "" {
			continue // cannot be chosen
		}
		if c.Label = c.Value; i < len(labels) && merge.Text(labels[i]) != "" {
			c.Label = merge.Text(labels[i])
		}
		all = append(all, c)
	}
	return all, nil
}

// column is what a document has at a location, in one list.
func column(doc any, location string) ([]any, error) {
	at, err := connector.ParseLocation(location)
	if err != nil {
		return nil, err
	}
	v, ok := at.Get(doc)
	if !ok {
		return nil, nil
	}
	return flat(nil, v), nil
}

// flat appends v, or what is in it if it is a list.
func flat(to []any, v any) []any {
	list, ok := v.([]any)
	if !ok {
		return append(to, v)
	}
	for _, item := range list {
		to = flat(to, item)
	}
	return to
}
