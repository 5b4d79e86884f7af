package archtest

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// incidents are the short messages that there are, and no others.
var incidents = []string{
	"Trigger Skipped", "Transaction Stopped", "Out of retries", "Failed to authenticate the connector", "Required source is empty",
	"Webhook failed", "Failed to build the request", "Response data not in expected format", "Failed to call the method",
	"Response data fields missing", "Step data cannot be split", "Failed to split transaction step data",
	"Failed to save the webhook response", "Failed to return the webhook response", "Failed to build the webhook response",
	"Failed to find the webhook source key", "Failed to get webhook trigger step data", "Failed to find webhook trigger step",
	"Wait Until Failed To Run", "Wait Until is over retention period", "Field is not a valid DateTime", "WaitUntil step is missing wait criteria",
}

// TestIncidents holds the constants of the vocabulary to the list, to what uses
// them, to tests that see each, and to the table for people.
func TestIncidents(t *testing.T) {
	m := load(t, root)
	page, err := os.ReadFile(filepath.Join(root, "docs", "errors.md"))
	if err != nil {
		t.Fatal(err)
	}
	texts := incidentTexts(m)
	var all []string
	for _, text := range texts {
		all = append(all, text)
	}
	slices.Sort(all)
	want := slices.Sorted(slices.Values(incidents))
	if !slices.Equal(want, all) {
		t.Fatalf("the constants say\n%q, want\n%q", all, want)
	}
	made, seen := mentioned(m, texts)
	for name, text := range texts {
		if !made[name] {
			t.Errorf("nothing makes an incident %q", text)
		}
		if !seen[name] {
			t.Errorf("no test sees an incident %q", text)
		}
		if !strings.Contains(string(page), "\n| "+text+" | ") {
			t.Errorf("docs/errors.md does not tell of %q", text)
		}
	}
}

// incidentTexts are the constants of the vocabulary, by name.
func incidentTexts(m *module) map[string]string {
	texts := map[string]string{}
	for _, p := range m.packages {
		for _, f := range p.files {
			if f.name != "incident.go" {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if s, ok := n.(*ast.ValueSpec); ok && len(s.Values) == 1 {
					if v, ok := s.Values[0].(*ast.BasicLit); ok && v.Kind == token.STRING {
						texts[s.Names[0].Name], _ = strconv.Unquote(v.Value)
					}
				}
				return true
			})
		}
	}
	return texts
}

// mentioned are the constants that the rest of the module has: outside of tests,
// and in them, by name or by what they say.
func mentioned(m *module, texts map[string]string) (made, seen map[string]bool) {
	made, seen = map[string]bool{}, map[string]bool{}
	for _, p := range m.packages {
		for _, f := range p.files {
			if f.name == "incident.go" || p.path == "internal/archtest" {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if texts[n.Sel.Name] != "" {
						made[n.Sel.Name], seen[n.Sel.Name] = made[n.Sel.Name] || !f.test, seen[n.Sel.Name] || f.test
					}
				case *ast.BasicLit:
					if text, err := strconv.Unquote(n.Value); f.test && err == nil {
						for name, of := range texts {
							seen[name] = seen[name] || strings.Contains(text, of)
						}
					}
				}
				return true
			})
		}
	}
	return made, seen
}
