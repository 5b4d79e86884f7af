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

// MarshalText implements encoding.TextMarshaler.
func (t actionType) MarshalText() ([]byte, error) {
	name := tandem.ActionType(t).String()
	if name == "" {
		return nil, fmt.Errorf("action type %d has no name", t)
	}
	return []byte(name), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *actionType) UnmarshalText(b []byte) error {
	for n, name := range tandem.ActionTypes {
		if text := string(b); strings.EqualFold(name, text) || strconv.Itoa(int(n)) == text {
			*t = actionType(n)
			return nil
		}
	}
	return fmt.Errorf("%q is not a kind of step: want %s", b, actionKinds)
}

// actionKinds are the kinds of steps, for people.
const actionKinds = "Action (1), Webhook (2), Decision (3), Delay (4), WaitUntil (5), WaitAll (6), Annotation (7) or SynchronousResponse (8)"

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
