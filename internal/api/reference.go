package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem"
)

// actionType is a kind of step: a name, or its number.
type actionType tandem.ActionType

var actionTypes = map[string]actionType{
	"Action": actionType(tandem.ActionStep), "Webhook": actionType(tandem.WebhookStep), "Decision": actionType(tandem.DecisionStep),
}

// MarshalText implements encoding.TextMarshaler.
func (t actionType) MarshalText() ([]byte, error) {
	for name, n := range actionTypes {
		if n == t {
			return []byte(name), nil
		}
	}
	return nil, fmt.Errorf("action type %d has no name", t)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *actionType) UnmarshalText(b []byte) error {
	for name, n := range actionTypes {
		if text := string(b); strings.EqualFold(name, text) || strconv.Itoa(int(n)) == text {
			*t = n
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of step: want Action (1), Webhook (2) or Decision (3)", b)
}

// UnmarshalJSON takes a number too.
func (t *actionType) UnmarshalJSON(b []byte) error {
	return t.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

// reference names something by its id, its GUID, or an object that has either.
type reference string

// UnmarshalJSON implements json.Unmarshaler.
func (r *reference) UnmarshalJSON(b []byte) error {
	var object struct {
		ID                     *reference `json:"Id"`
		MethodUniqueIdentifier *reference
	}
	if b[0] != '{' {
		*r = reference(strings.Trim(string(b), `"`))
		if *r == "null" {
			*r = ""
		}
		return nil
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	for _, part := range []*reference{object.ID, object.MethodUniqueIdentifier} {
		if part != nil && *part != "" {
			*r = *part
		}
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (reference) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeInteger}, {Type: huma.TypeString}, {
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{"Id": {Type: huma.TypeInteger}},
	}}}
}
