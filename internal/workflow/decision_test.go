package workflow_test

import (
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

// decide compiles groups of rules and evaluates them about one document.
func decide(t *testing.T, groups ...[]tandem.Rule) (bool, error) {
	t.Helper()
	const body = `{"n":10,"s":"Hello","d":"2026-01-02","e":"","l":["a","B"],"t":true}`
	g := graph([]tandem.Step{step("in", "event"), {ID: "d", Name: "D", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: groups}}}, edge("in", "d", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	return p.Node("d").Decide(data(body))
}

func compare(l string, c tandem.Condition, r string) tandem.Rule {
	return tandem.Rule{Left: static("", l), Condition: c, Right: static("", r)}
}

func TestDecide(t *testing.T) {
	tests := []struct {
		left  string
		cond  tandem.Condition
		right string
		want  bool
	}{
		{"{{n}}", tandem.Equals, "10.0", true},
		{"{{n}}", tandem.GreaterThan, "9", true},
		{"{{n}}", tandem.LessThan, "9", false},
		{"{{n}}", tandem.GreaterThanOrEqual, "10", true},
		{"{{n}}", tandem.LessThanOrEqual, "9.99", false},
		{"{{gone}}", tandem.LessThan, "9", false},
		{"{{s}}", tandem.Equals, "hELLO", true},
		{"{{s}}", tandem.NotEquals, "hello", false},
		{"{{s}}", tandem.Contains, "ELL", true},
		{"{{s}}", tandem.NotContains, "ell", false},
		{"{{s}}", tandem.StartsWith, "he", true},
		{"{{s}}", tandem.EndsWith, "LO", true},
		{"{{e}}", tandem.IsEmpty, "", true},
		{"{{gone}}", tandem.IsEmpty, "", true},
		{"{{n}}", tandem.IsNotEmpty, "", true},
		{"{{e}}", tandem.Exists, "", true},
		{"{{gone}}", tandem.Exists, "", false},
		{"{{s}}", tandem.IsOneOf, "x, hello ,y", true},
		{"{{s}}", tandem.IsOneOf, "x,hell", false},
		{"{{s}}", tandem.Matches, "^H.l+o$", true},
		{"{{s}}", tandem.Matches, "{{s}}!", false},
		{"{{d}}", tandem.Before, "2026-01-03T00:00:00Z", true},
		{"{{d}}", tandem.After, "2026-01-03", false},
		{"{{e}}", tandem.After, "2026-01-03", false},
		{"{{d}}", tandem.GreaterThan, "2026-01-01T00:00:00Z", true},
		{"{{l}}", tandem.Contains, "b", true},
		{"{{t}}", tandem.Equals, "TRUE", true},
	}
	for _, tt := range tests {
		if got, err := decide(t, []tandem.Rule{compare(tt.left, tt.cond, tt.right)}); got != tt.want || err != nil {
			t.Errorf("%s %s %s = %v, %v", tt.left, tt.cond, tt.right, got, err)
		}
	}
}

func TestDecisionGroups(t *testing.T) {
	yes, no := compare("1", tandem.Equals, "1"), compare("1", tandem.Equals, "2")
	for i, tt := range []struct {
		groups [][]tandem.Rule
		want   bool
	}{{[][]tandem.Rule{{yes, no}}, false}, {[][]tandem.Rule{{yes, no}, {yes}}, true}, {[][]tandem.Rule{{yes, yes}}, true}, {[][]tandem.Rule{{no}, {no}}, false}} {
		if got, err := decide(t, tt.groups...); got != tt.want || err != nil {
			t.Errorf("groups %d = %v, %v", i, got, err)
		}
	}
	for _, r := range []tandem.Rule{compare("{{s}}", tandem.Before, "2026-01-01"), compare("{{s}}", tandem.Matches, "({{n}}")} {
		if _, err := decide(t, []tandem.Rule{r}); err == nil || !strings.Contains(err.Error(), "operand") {
			t.Errorf("%v: %v", r, err)
		}
	}
}

// Dates of which it is said how they are written are compared as dates, with others
// written so, or in ISO 8601.
func TestDecisionReadsDatesAsWritten(t *testing.T) {
	for _, tt := range []struct {
		left, right string
		format      string // of the left
		want        bool
	}{
		{"01/12/2026", "02/11/2026", "dd/MM/yyyy", false},
		{"01/11/2026", "02/12/2026", "dd/MM/yyyy", true},
		{"31/12/2026", "2027-01-01", "dd/MM/yyyy", true},
		{"2026-12-31", "01/01/2027", "dd/MM/yyyy", true},
	} {
		r := compare(tt.left, tandem.Before, tt.right)
		r.Left.Format = tt.format
		if got, err := decide(t, []tandem.Rule{r}); got != tt.want || err != nil {
			t.Errorf("%s before %s = %v, %v", tt.left, tt.right, got, err)
		}
	}
	r := compare("1", tandem.Before, "2")
	r.Right.Format = "'"
	g := graph([]tandem.Step{step("in", "event"), {ID: "d", Name: "D", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: [][]tandem.Rule{{r}}}}}, edge("in", "d", ""))
	if _, err := workflow.Compile(g, resolve); tandem.ErrorCode(err) != tandem.Invalid || !strings.Contains(err.Error(), "right operand") {
		t.Errorf("a bad format: %v", err)
	}
}
