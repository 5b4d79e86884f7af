package script

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inline is the value of one expression, or its error.
func inline(t testing.TB, p *Pool, text string, bindings map[string]any) string {
	t.Helper()
	values, err := p.Inline(t.Context(), "", []Expression{{Text: text, Bindings: bindings}})
	if err != nil {
		return err.Error()
	}
	if values[0].Err != nil {
		return values[0].Err.Error()
	}
	return string(values[0].JSON)
}

func TestInline(t *testing.T) {
	p := newPool(t, Options{})
	bindings := map[string]any{
		"[Name]": "Mia", "[Empty]": "", "[Price]": json.Number("12.50"), "[orders.[lines].sku]": []any{"A", "B"}, "[It's \"odd\"]": "odd",
		"{{Name | upper}}": "MIA", "{{Count}}": 3, "[Missing]": nil, "[a]": 1, "[a.b]": 2, "plain": "never", "[x": "never",
	}
	for _, c := range []struct{ text, want string }{
		{"100 * 2", "200"},
		{"[Name] === '' ? 'none' : [Name]", `"Mia"`},
		{"[Empty] === '' ? 'none' : [Empty]", `"none"`},
		{"`[Name]` === '' ? 'none' : `Dear [Name]!`", `"Dear Mia!"`},
		{"`${[Name]} and {{Name | upper}} and ${`[Empty]` + {{Count}}}`", `"Mia and MIA and 3"`},
		{"`[Missing]` + `\\[Name]`", `"[Name]"`},
		{"[Price] * {{Count}}", "37.5"},
		{"'[Name]' + \"[Name]\" + /* [Name] */ /[Name]/.source // [Name]", `"[Name][Name][Name]"`},
		{"[orders.[lines].sku].length + [a] + [a.b]", "5"},
		{"[It's \"odd\"]", `"odd"`},
		{"({Mia: 'row'})[Name]", `"row"`},
		{"({Mia: 'row'})?.[Name]", `"row"`},
		{"[[Name], [a]]", `["Mia",1]`},
		{"[...[Name]]", `["M","i","a"]`},
		{"{name: [Name], list: [[a]]}", `{"name":"Mia","list":[1]}`},
		{"((x) => { return [Name] + x; })(1)", `"Mia1"`},
		{"10 / [a.b] / 5", "1"},
		{"typeof [Name]", `"string"`},
		{"[1, 2].map(x => x * [a.b])", "[2,4]"},
		{"(() => ({{Count}}))()", "3"},
		{"[Unknown]", "line 1: ReferenceError: 'Unknown' is not defined"},
		{"[Missing]", "null"},
		{"$bound", "line 1: ReferenceError: '$bound' is not defined"},
		{"1 +", "line 2: unexpected token in expression: ')'"},
		{"btoa([Name])", `"TWlh"`},
		{"moment('2026-03-01').add({{Count}}, 'days').format('D MMM')", `"4 Mar"`},
	} {
		if got := inline(t, p, c.text, bindings); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

// A value is data, whatever it says.
func TestInlineValuesAreData(t *testing.T) {
	p := newPool(t, Options{})
	for _, value := range []string{
		"'; throw 1; '", "`${(() => { throw 1 })()}`", "\"); for (;;); (\"", "</script>", "\\", "\n\u2028", "[Name]", "{{Name}}", "${1}", "$bound[0]", "\x00", "*/ 1 /*", "constructor", "__proto__",
	} {
		want, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"[Name]", "{{Name}}", "`[Name]`", "`${[Name]}`", "(x => x)([Name])"} {
			var got, wanted string
			if err := json.Unmarshal([]byte(inline(t, p, text, map[string]any{"[Name]": value, "{{Name}}": value})), &got); err != nil {
				t.Errorf("%s of %s: %v", text, want, err)
			}
			if json.Unmarshal(want, &wanted); got != wanted {
				t.Errorf("%s of %q is %q", text, value, got)
			}
		}
	}
}

// One trip for all, each with its own result; what ends the trip ends all.
func TestInlineTogether(t *testing.T) {
	p := newPool(t, Options{Timeout: 300 * time.Millisecond})
	values, err := p.Inline(t.Context(), "a", []Expression{{Text: "1"}, {Text: "nope"}, {Text: "'"}, {Text: "(() => { throw new Error('x') })()"}, {Text: "[A]", Bindings: map[string]any{"[A]": []int{1}}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range values {
		text := string(v.JSON)
		if e := (*Error)(nil); errors.As(v.Err, &e) {
			text = string(e.Kind)
		}
		got = append(got, text)
	}
	if diff := cmp.Diff([]string{"1", "Thrown", "Syntax", "Thrown", "[1]"}, got); diff != "" {
		t.Error(diff)
	}
	for text, kind := range map[string]Kind{"(() => { for (;;); })()": Timeout, "Array(1e9).fill(1)": Memory, "'x'.repeat(2e7)": TooLarge} {
		_, err := p.Inline(t.Context(), "a", []Expression{{Text: "1"}, {Text: text}})
		if e := (*Error)(nil); !errors.As(err, &e) || e.Kind != kind && e.Kind != Timeout {
			t.Errorf("%s: %v", text, err)
		}
	}
	if values, err := p.Inline(t.Context(), "a", nil); values != nil || err != nil {
		t.Errorf("%v, %v", values, err)
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string][]string{
		"[Name] === '' ? 'none' : [Name]":          {"[Name]"},
		"`Dear [First] ${[Last] + '[No]'}`":        {"[First]", "[Last]"},
		"{{Name | lower}} + [orders.[lines].sku]":  {"{{Name | lower}}", "[orders.[lines].sku]", "[lines]"},
		"/* [No] */ /[No]/.test(x) // [No]":        nil,
		"x[0] + a[b] / [c] / 2":                    {"[0]", "[b]", "[c]"},
		"[] + [":                                   nil,
		"\"[No]\" + '\\'[No]' + `\\`[Yes]`":        {"[Yes]"},
		"return /[/[No]]/g.exec([Yes]) / 1 / [So]": {"[Yes]", "[So]"},
	} {
		if diff := cmp.Diff(want, References(text)); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}

// Whatever is written, nothing is lost of it, references stand where they were, and
// no value comes into the program.
func FuzzInline(f *testing.F) {
	for _, s := range []string{"[A] + `[A] ${[A]}`", "'[A]' // [A]", "/[A]/ + {{B}}", "`${`${[A]}`}`", "a?.[A] / 2", "'\\", "`\\", "${", "}{{B}}[[A]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := (Expression{Text: text}).bound(); err != nil || e.Text != text {
			t.Fatalf("%q without bindings became %q, %v", text, e.Text, err)
		}
		e, err := Expression{Text: text, Bindings: map[string]any{"[A]": "s3cret", "{{B}}": "s3cret"}}.bound()
		if err != nil {
			t.Fatal(err)
		}
		back := e.Text
		for i, v := range e.Values {
			if string(v) != `"s3cret"` {
				t.Fatalf("value %d is %s", i, v)
			}
		}
		if strings.Contains(back, "s3cret") && !strings.Contains(text, "s3cret") {
			t.Fatalf("%q became %q", text, back)
		}
		known := References(text)
		for _, reference := range []string{"[A]", "{{B}}"} {
			if strings.Count(e.Text, reference) < strings.Count(text, reference) && !containsWithin(known, reference) {
				t.Fatalf("%q: %s was replaced and is not among the references %q", text, reference, known)
			}
		}
	})
}

func containsWithin(all []string, s string) bool {
	for _, a := range all {
		if strings.Contains(a, s) {
			return true
		}
	}
	return false
}
