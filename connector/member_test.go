package connector_test

import (
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/connector"
)

// TestEveryMember: each member of the specification is read from a file, and
// written to one. What is not in testdata/whole.yaml would not be held to that, so
// all of them have to be.
func TestEveryMember(t *testing.T) {
	data, err := os.ReadFile("testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := connector.Parse("whole.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	visit(reflect.ValueOf(*c), said)
	if len(said) < 100 {
		t.Fatalf("%d members", len(said))
	}
	for member, is := range said {
		if !is {
			t.Errorf("%s is not in testdata/whole.yaml, or is not read", member)
		}
	}
	again, err := connector.Parse("again.yaml", connector.Write(c))
	if diff := cmp.Diff(c, again); err != nil || diff != "" {
		t.Errorf("written and read again: %v\n%s", err, diff)
	}
}

// visit notes which members of a value, and of all within it, say something.
func visit(v reflect.Value, said map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), said)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), said)
		}
	case reflect.Struct:
		for f := range v.Type().Fields() {
			if f.Tag.Get("yaml") != "-" {
				member := v.Type().Name() + "." + f.Name
				said[member] = said[member] || !v.FieldByIndex(f.Index).IsZero()
			}
			visit(v.FieldByIndex(f.Index), said)
		}
	}
}
