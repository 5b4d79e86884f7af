package api

import (
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// mention names something by its id, its GUID, or an object that has either.
type mention string

// UnmarshalJSON implements json.Unmarshaler.
func (r *mention) UnmarshalJSON(b []byte) error {
	var object struct {
		ID                     *mention `json:"Id"`
		MethodUniqueIdentifier *mention
	}
	if b[0] != '{' {
		*r = mention(strings.Trim(string(b), `"`))
		if *r == "null" {
			*r = ""
		}
		return nil
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	for _, part := range []*mention{object.ID, object.MethodUniqueIdentifier} {
		if part != nil && *part != "" {
			*r = *part
		}
	}
	return nil
}

// Schema implements huma.SchemaProvider.
func (mention) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeInteger}, {Type: huma.TypeString}, {
		Type: huma.TypeObject, Properties: map[string]*huma.Schema{"Id": {Type: huma.TypeInteger}},
	}}}
}
