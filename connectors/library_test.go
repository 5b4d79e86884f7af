package connectors_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connectors"
)

// Every file of the library is valid, by the reader and by the schema that is
// published for editors, and no two have the same GUID.
func TestLibrary(t *testing.T) {
	schema := compile(t)
	names, err := fs.Glob(connectors.Files, "*/connector.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no connectors: %v", err)
	}
	guids := map[string]string{}
	for _, name := range names {
		t.Run(path.Dir(name), func(t *testing.T) {
			data, err := fs.ReadFile(connectors.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			c, err := connector.Parse(name, data)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(document(t, data)); err != nil {
				t.Errorf("%s against the schema: %v", name, err)
			}
			if other, ok := guids[c.UniqueIdentifier]; ok {
				t.Errorf("%s has the UniqueIdentifier of %s", name, other)
			}
			guids[c.UniqueIdentifier] = name
			if c.Icon == "" {
				t.Fatal("it has no icon")
			}
			if _, err := fs.Stat(connectors.Files, path.Join(path.Dir(name), c.Icon)); err != nil {
				t.Error(err)
			}
		})
	}
}

var update = flag.Bool("update", false, "write README.md anew")

// README.md says what the definitions say.
func TestReadme(t *testing.T) {
	names, err := fs.Glob(connectors.Files, "*/connector.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []*connector.Connector
	for _, name := range names {
		data, err := fs.ReadFile(connectors.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := connector.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	want := connector.Readme(all)
	if *update {
		if err := os.WriteFile("README.md", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("README.md is not that of the definitions; run this test with -update (-definitions +file):\n%s", diff)
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
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
	return schema
}

// document reads YAML as the schema's library takes it.
func document(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
