package catalog

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// outline is what a list tells of a method: those of a large API have megabytes.
// Who writes one back means the method that is there.
type outline struct {
	Name                   json.RawMessage `json:",omitempty"`
	MethodUniqueIdentifier json.RawMessage `json:",omitempty"`
	MethodType             json.RawMessage `json:",omitempty"`
	Outline                bool
}

// outlineMethods puts outlines in place of c's methods.
func outlineMethods(c *tandem.CustomConnector) error {
	raw, ok := c.Document["Methods"]
	if !ok {
		return nil
	}
	var methods []json.RawMessage
	if err := json.Unmarshal(raw, &methods); err != nil {
		return fmt.Errorf("methods of connector %d: %w", c.ID, err)
	}
	outlines := make([]outline, len(methods))
	for i, m := range methods {
		outlines[i] = outlineOf(m)
		outlines[i].Outline = true
	}
	short, err := json.Marshal(outlines)
	c.Document["Methods"] = short
	return err
}

// outlineOf is empty for what is no method.
func outlineOf(method json.RawMessage) (o outline) {
	if json.Unmarshal(method, &o) != nil {
		return outline{}
	}
	return o
}

func (o outline) guid() string { return strings.ToLower(text(o.MethodUniqueIdentifier)) }

// inFull puts the methods that were there in the place of their outlines.
//
// Errors: Invalid (an outline of none that was there).
func inFull(methods, before json.RawMessage) (json.RawMessage, error) {
	var all, were []json.RawMessage
	if json.Unmarshal(methods, &all) != nil {
		return nil, invalid("Methods", "must be a list")
	}
	var full map[string]json.RawMessage
	for i, m := range all {
		o := outlineOf(m)
		if !o.Outline {
			continue
		}
		if full == nil {
			full = map[string]json.RawMessage{}
			if len(before) > 0 && json.Unmarshal(before, &were) != nil {
				return nil, invalid("Methods", "must be a list")
			}
			for _, w := range were {
				full[outlineOf(w).guid()] = w
			}
		}
		was, ok := full[o.guid()]
		if !ok {
			return nil, invalid("Methods", fmt.Sprintf("has an outline of method %q, which the connector does not have", text(o.MethodUniqueIdentifier)))
		}
		all[i] = was
	}
	if full == nil {
		return methods, nil
	}
	return json.Marshal(all)
}
