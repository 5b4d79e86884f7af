package connector_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

func TestWriteAndParse(t *testing.T) {
	data, err := os.ReadFile("testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := connector.Parse("shop.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"1.0", "true", "null", "~", " a: b", "two\nlines\n", "{{x}}", "=1", "#", "\u2028", "'\"", "- a", "0x10", "\ttab", "2001-01-01", "<<"} {
		c.Description, c.Methods[0].Name = s, "Method "+s
		c.Triggers[0].Method = c.Methods[0].Name
		again, err := connector.Parse("again.yaml", connector.Write(c))
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	}
}
