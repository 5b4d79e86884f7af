package archtest

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// asvsRow is a requirement in docs/security.md: its number, its level, what it is
// about, what became of it, and why that is so.
var asvsRow = regexp.MustCompile(`^\| (\d+\.\d+\.\d+) \| (\d) \| (.*?) \| (.*?) \| (.*?) \|$`)

// namedTest is a test by its package below internal/, or that of the root.
var namedTest = regexp.MustCompile("`([a-z][a-z0-9/]*)\\.((?:Test|Fuzz)\\w+)`")

// TestASVS holds docs/security.md to the list of requirements, and to the tests.
func TestASVS(t *testing.T) {
	list, err := os.ReadFile("testdata/asvs.txt")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	var wanted []string
	for line := range strings.Lines(string(list)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			wanted = append(wanted, line)
		}
	}
	if len(wanted) != 253 {
		t.Fatalf("%d requirements on the list: the check would prove little", len(wanted))
	}
	for _, fault := range checkASVS(string(text), wanted, testsOf(load(t, root))) {
		t.Error(fault)
	}
}

// testsOf are the tests of a module by name, such as api.TestMatrix.
func testsOf(m *module) map[string]bool {
	all := map[string]bool{}
	for _, p := range m.packages {
		name := strings.TrimPrefix(p.path, "internal/")
		if name == "." {
			name = "tandem"
		}
		for _, f := range p.files {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && f.test && fn.Recv == nil {
					all[name+"."+fn.Name.Name] = true
				}
			}
		}
	}
	return all
}

// checkASVS reports what is missing, twice or not on the list ("1.2.3 1": number
// and level), and rows that do not say why, or by which test.
func checkASVS(text string, wanted []string, tests map[string]bool) (faults []string) {
	found, states, rows := map[string]int{}, map[string]int{}, 0
	for line := range strings.Lines(text) {
		row := asvsRow.FindStringSubmatch(strings.TrimSpace(line))
		if row == nil {
			continue
		}
		number, about, state, why := row[1], row[3], row[4], row[5]
		found[number+" "+row[2]]++
		states[state]++
		rows++
		named := namedTest.FindAllStringSubmatch(why, -1)
		for _, n := range named {
			if !tests[n[1]+"."+n[2]] {
				faults = append(faults, fmt.Sprintf("%s: there is no test %s.%s", number, n[1], n[2]))
			}
		}
		switch {
		case about == "":
			faults = append(faults, number+": does not say what it is about")
		case state == "met" && len(named) == 0:
			faults = append(faults, number+": met, and no test says so")
		case state != "met" && len(strings.Fields(why)) < 3:
			faults = append(faults, number+": does not say why it is "+state)
		case state != "met" && state != "n/a" && state != "open":
			faults = append(faults, fmt.Sprintf("%s: is %q, want met, n/a or open", number, state))
		}
	}
	for _, w := range wanted {
		if n := found[w]; n != 1 {
			faults = append(faults, fmt.Sprintf("%s: %d times", w, n))
		}
		delete(found, w)
	}
	for f := range found {
		faults = append(faults, f+": is not on the list")
	}
	sum := fmt.Sprintf("Of %d, %d are met, %d do not apply, %d are open.", rows, states["met"], states["n/a"], states["open"])
	if !strings.Contains(text, sum) {
		faults = append(faults, "it does not say: "+sum)
	}
	return faults
}

func TestCheckASVS(t *testing.T) {
	const text = `
| No. | Level | About | | Why |
| --- | --- | --- | --- | --- |
| 1.1.1 | 1 | well made | met | ` + "`api.TestMatrix`" + `, and more |
| 1.1.2 | 1 | twice | n/a | There is no such thing. |
| 1.1.2 | 1 | twice | n/a | There is no such thing. |
| 1.1.3 | 1 | of no test | met | we are sure of it |
| 1.1.4 | 1 | of a test that is gone | met | ` + "`engine/local.TestGone`" + ` |
| 1.1.5 | 1 | of no reason | open | – |
| 1.1.6 | 1 | of another state | nearly | all but the last part |
| 1.1.7 | 1 |  | open | not begun so far |
| 1.1.8 | 2 | of another level | open | not begun so far |
`
	wanted := []string{"1.1.1 1", "1.1.2 1", "1.1.3 1", "1.1.4 1", "1.1.5 1", "1.1.6 1", "1.1.7 1", "1.1.8 1"}
	got := checkASVS(text, wanted, map[string]bool{"api.TestMatrix": true})
	want := []string{
		"1.1.3: met, and no test says so",
		"1.1.4: there is no test engine/local.TestGone",
		"1.1.5: does not say why it is open",
		`1.1.6: is "nearly", want met, n/a or open`,
		"1.1.7: does not say what it is about",
		"1.1.2 1: 2 times",
		"1.1.8 1: 0 times",
		"1.1.8 2: is not on the list",
		"it does not say: Of 9, 3 are met, 2 do not apply, 3 are open.",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
