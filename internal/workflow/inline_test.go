package workflow_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/workflow"
)

func number(s string) json.Number { return json.Number(s) }

// evaluated pretends that each inline script came to what want says.
func evaluated(t *testing.T, n *workflow.Node, body string, results ...workflow.Evaluated) *workflow.Data {
	t.Helper()
	d := data(body)
	all, err := n.Inline(d)
	if err != nil || len(all) != len(results) {
		t.Fatalf("%d expressions, %v", len(all), err)
	}
	d.Inline = results
	return d
}

func TestInlineScriptsAreBound(t *testing.T) {
	body := `{"Email":"a@b","who":{"first name":"Ada"},"lines":[{"sku":"x"},{"sku":7}],"null":null}`
	for _, tt := range []struct {
		value string
		want  map[string]any
	}{
		{"=100 * 2", map[string]any{}},
		{"=[Email] === '' ? 'none' : [Email]", map[string]any{"[Email]": "a@b"}},
		{"=[gone] + [null]", map[string]any{"[gone]": "", "[null]": ""}},
		{"=[Region]", map[string]any{"[Region]": "north"}},
		{"={{Email | upper}}.length", map[string]any{"{{Email | upper}}": "A@B"}},
		{"=[who.first name]", map[string]any{"[who.first name]": ""}},
		{"=[Step in::Email]", map[string]any{"[Step in::Email]": "a@b"}},
		{"=[[lines].sku].length", map[string]any{"[[lines].sku]": []any{"x", number("7")}, "[lines]": []any{map[string]any{"sku": "x"}, map[string]any{"sku": number("7")}}}},
		{"=[1, 2].length + ['a'][0] + x[0]", map[string]any{}},
		{"=`Dear [Email],`", map[string]any{"[Email]": "a@b"}},
	} {
		all, err := sending(t, static("email", tt.value)).Inline(data(body))
		if err != nil || len(all) != 1 || all[0].Text != tt.value[1:] {
			t.Errorf("%s: %+v, %v", tt.value, all, err)
			continue
		}
		if diff := cmp.Diff(tt.want, all[0].Bindings); diff != "" {
			t.Errorf("%s: %s", tt.value, diff)
		}
	}
}

func TestInlineScriptsGiveValues(t *testing.T) {
	n := sending(t, static("email", "=1"), static("age", "=2"), static("price", "=={{Email}}"), static("other", "=="), tandem.Mapping{Target: "any", MappingType: tandem.MapList, Value: "=3"})
	d := evaluated(t, n, `{"Email":"x"}`, workflow.Evaluated{Value: "x@y"}, workflow.Evaluated{Value: number("42")}, workflow.Evaluated{Value: map[string]any{"a": true}})
	if _, err := n.Input(d); err == nil || err.Error() != `price: "=x" is not a number` {
		t.Errorf("a literal = is %v", err)
	}
	n = sending(t, static("email", "=1"), static("age", "=2"), static("other", "=="), tandem.Mapping{Target: "any", MappingType: tandem.MapList, Value: "=3"})
	d = evaluated(t, n, `{"Email":"x"}`, workflow.Evaluated{Value: "x@y"}, workflow.Evaluated{Value: number("42")}, workflow.Evaluated{Value: map[string]any{"a": true}})
	in, err := n.Input(d)
	if diff := cmp.Diff(map[string]any{"email": "x@y", "age": number("42"), "other": "=", "any": map[string]any{"a": true}}, in.Body); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestInlineScriptErrorsNameTheField(t *testing.T) {
	n := sending(t, static("email", "=nope"))
	d := evaluated(t, n, `{}`, workflow.Evaluated{Err: errors.New("nope is not defined")})
	if _, err := n.Input(d); err == nil || err.Error() != "email: nope is not defined" {
		t.Error(err)
	}
	d.Inline = nil
	if _, err := n.Input(d); err == nil || err.Error() != "email: its inline script was not evaluated" {
		t.Error(err)
	}
	g := graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", "= "))}, edge("in", "out", ""))
	if _, err := workflow.Compile(g, resolve); err == nil {
		t.Error("an empty script is taken")
	}
}

func TestInlineScriptsOfDecisions(t *testing.T) {
	s := tandem.Step{ID: "d", Name: "d", ActionType: tandem.DecisionStep, Decision: &tandem.Decision{Groups: [][]tandem.Rule{{
		{Left: static("", "=[n] * 2"), Condition: tandem.Equals, Right: static("", "=4")},
		{Left: static("", "==x"), Condition: tandem.Matches, Right: static("", "==.$")}, // =x and =.$
	}}}}
	g := graph([]tandem.Step{step("in", "event"), s}, edge("in", "d", ""))
	p, err := workflow.Compile(g, resolve)
	if err != nil {
		t.Fatal(err)
	}
	for result, want := range map[string]bool{"4": true, "5": false} {
		d := evaluated(t, p.Node("d"), `{"n":2}`, workflow.Evaluated{Value: number(result)}, workflow.Evaluated{Value: number("4")})
		if yes, err := p.Node("d").Decide(d); yes != want || err != nil {
			t.Errorf("%s: %v, %v", result, yes, err)
		}
	}
}

func FuzzInline(f *testing.F) {
	for _, value := range []string{"=[a] + {{b | upper}}", "=[[a].b]", "=[", "={{", "=[a\n]", "==[a]", "=x[[1]]"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		g := graph([]tandem.Step{step("in", "event"), step("out", "send", static("email", value))}, edge("in", "out", ""))
		p, err := workflow.Compile(g, resolve)
		if err != nil {
			return
		}
		all, err := p.Node("out").Inline(data(`{"a":1,"b":"x"}`))
		if err != nil {
			var mapping *workflow.MapError
			if !errors.As(err, &mapping) {
				t.Fatalf("%v names nothing", err)
			}
			return
		}
		for _, e := range all {
			for r := range e.Bindings {
				if !strings.Contains(e.Text, r) {
					t.Errorf("%q is bound and not in %q", r, e.Text)
				}
			}
		}
	})
}
