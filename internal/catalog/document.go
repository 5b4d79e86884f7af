package catalog

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// lists are the properties of a document that are lists.
var lists = []string{"Authentication", "Parameters", "Triggers", "MethodCategories", "Methods", "RateLimits", "Deprecations"}

// names are all properties that are known.
var names = append([]string{
	"Name", "Version", "UniqueIdentifier", "Description", "Categories", "Icon", "Status", "ReleaseStatus", "Billable", "ProductAddon",
}, lists...)

// ours are those that a document does not decide on.
var ours = []string{"Id", "CreatedOnUtc", "Revision", "Unsupported"}

// known spells the names of a document that are known, and leaves out ours.
//
// Errors: Invalid (a name that is there twice).
func known(document map[string]json.RawMessage) (map[string]json.RawMessage, error) {
	spelled := make(map[string]json.RawMessage, len(document))
	for _, name := range slices.Sorted(maps.Keys(document)) {
		same := func(n string) bool { return strings.EqualFold(n, name) }
		if slices.ContainsFunc(ours, same) {
			continue
		}
		as := name
		if i := slices.IndexFunc(names, same); i >= 0 {
			as = names[i]
		}
		if _, twice := spelled[as]; twice {
			return nil, invalid(as, "is there twice")
		}
		spelled[as] = document[name]
	}
	return spelled, nil
}

// apply puts the properties of a document into c: null removes one.
//
// Errors: Invalid.
func apply(c *tandem.CustomConnector, document map[string]json.RawMessage) error {
	whole := maps.Clone(c.Document)
	if whole == nil {
		whole = map[string]json.RawMessage{}
	}
	for name, value := range document {
		if whole[name] = value; string(value) == "null" {
			delete(whole, name)
		}
	}
	before := c.Document
	c.Document = whole
	c.Name = strings.TrimSpace(text(whole["Name"]))
	guid := text(whole["UniqueIdentifier"])
	switch {
	case c.Name == "":
		return invalid("Name", "cannot be null")
	case guid == "":
		return invalid("UniqueIdentifier", "cannot be null")
	case len(c.Name) > maxName:
		return invalid("Name", "has at most "+strconv.Itoa(maxName)+" bytes")
	}
	var err error
	if c.UniqueIdentifier, err = tandem.ParseGUID("UniqueIdentifier", guid); err != nil {
		return invalid("UniqueIdentifier", "must be a GUID")
	}
	for _, list := range lists {
		var items []json.RawMessage
		if raw, ok := whole[list]; ok && json.Unmarshal(raw, &items) != nil {
			return invalid(list, "must be a list")
		}
	}
	if raw, ok := document["Methods"]; ok && string(raw) != "null" {
		if whole["Methods"], err = inFull(raw, before["Methods"]); err != nil {
			return err
		}
	}
	var addon map[string]json.RawMessage
	if raw, ok := whole["ProductAddon"]; ok && json.Unmarshal(raw, &addon) != nil {
		return invalid("ProductAddon", "must be an object")
	}
	if err := settle(whole); err != nil {
		return err
	}
	return applyState(c)
}

// settle writes what may come as text, or as something else, in one way.
func settle(whole map[string]json.RawMessage) error {
	for _, name := range []string{"Description", "Status", "Version", "Icon"} {
		raw, ok := whole[name]
		if !ok {
			continue
		}
		if raw[0] == '{' || raw[0] == '[' {
			return invalid(name, "must be text")
		}
		quoted, err := json.Marshal(text(raw))
		if err != nil {
			return invalid(name, "must be text")
		}
		whole[name] = quoted
	}
	if raw, ok := whole["Billable"]; ok {
		is, err := strconv.ParseBool(strings.ToLower(text(raw)))
		if err != nil {
			return invalid("Billable", "must be true or false")
		}
		whole["Billable"] = json.RawMessage(strconv.FormatBool(is))
	}
	return nil
}

// maxName is the most bytes of a name.
const maxName = 255

var states = []tandem.ReleaseState{tandem.ReleaseDraft, tandem.ReleaseLive, tandem.ReleaseDeprecated}

// applyState reads what decides on whether c can be installed. A connector begins
// as a draft.
func applyState(c *tandem.CustomConnector) error {
	raw, ok := c.Document["ReleaseStatus"]
	if !ok {
		c.State = tandem.ReleaseDraft
		return nil
	}
	i := slices.IndexFunc(states, func(s tandem.ReleaseState) bool { return strings.EqualFold(string(s), text(raw)) })
	if i < 0 {
		return invalid("ReleaseStatus", "must be Draft, Live or Deprecated")
	}
	c.State = states[i]
	return nil
}

// text is what a property says: of a number or boolean, as it is written.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		return ""
	}
	return string(raw)
}

// invalid is worded as clients know it.
func invalid(column, why string) error {
	return tandem.Invalidf(column, "Invalid connector: (Column '%s' %s)", column, why)
}
