package connector_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

// TestReference: docs/connector-reference.md is that of the types, and has all
// that the schema has.
func TestReference(t *testing.T) {
	const page = "../docs/connector-reference.md"
	want := string(connector.Reference())
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale: run this test with -update\n%s", page, diff)
	}

	type object struct {
		Properties map[string]struct {
			Enum []string
		}
		Required []string
	}
	var schema struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(connector.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	schema.Defs["Connector"] = schema.object
	row := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.+) \\| (yes|) \\| (.+) \\|$")
	for name, o := range schema.Defs {
		_, section, _ := strings.Cut(want, "\n## "+name+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		rows := row.FindAllStringSubmatch(section, -1)
		if len(rows) != len(o.Properties) || len(o.Properties) == 0 {
			t.Errorf("%s: %d rows for %d members", name, len(rows), len(o.Properties))
		}
		required := 0
		for _, r := range rows {
			if r[3] == "yes" {
				required++
			}
			for _, choice := range o.Properties[r[1]].Enum {
				if !strings.Contains(r[2], "`"+choice+"`") {
					t.Errorf("%s.%s: the choice %s is not there", name, r[1], choice)
				}
			}
		}
		if required != len(o.Required) {
			t.Errorf("%s: %d required, want %d", name, required, len(o.Required))
		}
	}
}
