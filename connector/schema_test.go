package connector_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tandem-ipaas/tandem/connector"
)

var update = flag.Bool("update", false, "write schema.json, and docs/connector-reference.md, anew")

func TestSchemaFile(t *testing.T) {
	if *update {
		if err := os.WriteFile("schema.json", connector.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(published), string(connector.Schema())); diff != "" {
		t.Errorf("schema.json is not that of the types; run this test with -update (-file +types):\n%s", diff)
	}
}

// Every field is described.
func TestSchemaDescribes(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Description string }
		Defs       map[string]struct {
			Properties map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(connector.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for name, property := range schema.Properties {
		if property.Description == "" {
			t.Errorf("Connector.%s is not described", name)
		}
	}
	for kind, definition := range schema.Defs {
		for name, property := range definition.Properties {
			if property.Description == "" {
				t.Errorf("%s.%s is not described", kind, name)
			}
		}
	}
}

// What the schema refuses, the reader refuses.
func TestSchemaAgreesWithParse(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(connector.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("connector.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("connector.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, old, new string
		valid          bool
	}{
		{name: "as it is", valid: true},
		{name: "unknown field", old: `"Version"`, new: `"Colour": "red", "Version"`},
		{name: "id", old: `"AuthType": "None"`, new: `"AuthType": "None", "Id": 1`},
		{name: "enum", old: `"AuthType": "None"`, new: `"AuthType": "Magic"`},
		{name: "type", old: `"Version": "2"`, new: `"Version": 2`},
		{name: "required", old: `"Name": "Shop",`, new: ``},
		{name: "empty", old: `"Name": "Shop"`, new: `"Name": ""`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := asJSON(t, shop(t))
			if !tt.valid {
				changed := strings.Replace(text, tt.old, tt.new, 1)
				if changed == text {
					t.Fatalf("%s is not in the document", tt.old)
				}
				text = changed
			}
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); (err == nil) != tt.valid {
				t.Errorf("by the schema: %v", err)
			}
			if _, err := connector.Parse("shop.json", []byte(text)); (err == nil) != tt.valid {
				t.Errorf("by the reader: %v", err)
			}
		})
	}
}
