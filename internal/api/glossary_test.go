package api_test

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/api"
)

// Every property of every type says what it is: in its own words, by the glossary,
// or by a type of its own. And no word of the glossary is there for nothing.
func TestEveryPropertyIsDescribed(t *testing.T) {
	w := newWorld(t, api.Options{})
	type schema struct {
		Ref         string `json:"$ref"`
		Description string
		AnyOf       []struct {
			Ref         string `json:"$ref"`
			Description string
		}
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct{ Properties map[string]schema }
		}
	}
	w.ok(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}, &doc)
	for name, s := range doc.Components.Schemas {
		for property, p := range s.Properties {
			text := p.Description + p.Ref
			for _, choice := range p.AnyOf {
				text += choice.Description + choice.Ref
			}
			if text == "" {
				t.Errorf("%s.%s says nothing", name, property)
			}
		}
	}
}
