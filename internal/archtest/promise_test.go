package archtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// promiseRow is a row of docs/connectors-tested.md: what is promised, and the tests
// that hold it, or why it is open.
var promiseRow = regexp.MustCompile(`^\| (.+) \| (.+) \|$`)

// TestPromises holds docs/connectors-tested.md to the tests, and to the schema: each
// choice that definitions have is promised.
func TestPromises(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "connectors-tested.md"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := os.ReadFile(filepath.Join(root, "connector", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(schema, &document); err != nil {
		t.Fatal(err)
	}
	choices := map[string]bool{}
	enumerated(document, choices)
	if len(choices) < 30 {
		t.Fatalf("%d choices in the schema: the check would prove little", len(choices))
	}
	for _, fault := range checkPromises(string(text), slices.Sorted(maps.Keys(choices)), testsOf(load(t, root))) {
		t.Error(fault)
	}
}

// enumerated finds the values of all enumerations of a schema.
func enumerated(schema any, all map[string]bool) {
	switch s := schema.(type) {
	case map[string]any:
		if values, ok := s["enum"].([]any); ok {
			for _, v := range values {
				all[fmt.Sprint(v)] = true
			}
		}
		for _, within := range s {
			enumerated(within, all)
		}
	case []any:
		for _, within := range s {
			enumerated(within, all)
		}
	}
}

// checkPromises reports rows without a test that exists, and without a reason,
// choices that no row speaks of, and a count that is not right.
func checkPromises(text string, choices []string, tests map[string]bool) (faults []string) {
	promised, held, open := "", 0, 0
	for line := range strings.Lines(text) {
		row := promiseRow.FindStringSubmatch(strings.TrimSpace(line))
		if row == nil || row[2] == "tests" || strings.HasPrefix(row[1], "---") {
			continue
		}
		promised += row[1] + "\n"
		if why, is := strings.CutPrefix(row[2], "open: "); is {
			if open++; len(strings.Fields(why)) < 3 {
				faults = append(faults, row[1]+": does not say why it is open")
			}
			continue
		}
		held++
		named := namedTest.FindAllStringSubmatch(row[2], -1)
		if len(named) == 0 {
			faults = append(faults, row[1]+": no test holds it")
		}
		for _, n := range named {
			if !tests[n[1]+"."+n[2]] {
				faults = append(faults, fmt.Sprintf("%s: there is no test %s.%s", row[1], n[1], n[2]))
			}
		}
	}
	for _, c := range choices {
		if !strings.Contains(promised, "`"+c+"`") {
			faults = append(faults, c+": no row speaks of it")
		}
	}
	if sum := fmt.Sprintf("Of %d rows, tests hold %d; %d are open.", held+open, held, open); !strings.Contains(text, sum) {
		faults = append(faults, "it does not say: "+sum)
	}
	return faults
}

func TestCheckPromises(t *testing.T) {
	const text = `
| promise | tests |
| --- | --- |
| ` + "`A`" + ` works | ` + "`e2e/library.TestA`" + ` |
| gone | ` + "`api.TestGone`" + ` |
| unheld | we are sure of it |
| later | open: there is no window yet |
| never | open: – |
`
	got := checkPromises(text, []string{"A", "B"}, map[string]bool{"e2e/library.TestA": true})
	want := []string{
		"gone: there is no test api.TestGone",
		"unheld: no test holds it",
		"never: does not say why it is open",
		"B: no row speaks of it",
		"it does not say: Of 5 rows, tests hold 3; 2 are open.",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
