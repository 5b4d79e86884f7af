package merge

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the documentation")

func fields(tb testing.TB, doc string) Lookup {
	tb.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(doc)))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		tb.Fatal(err)
	}
	return func(name string) (any, bool) { v, ok := m[name]; return v, ok }
}

// exampleFields is the document that the examples are about.
const exampleFields = `{"Name":"ada LOVELACE","Email":" Ada@Example.com ","Cents":1999,"Rate":0.1,"Tags":["red","green"],
"Created":"2026-07-01T09:05:03Z","Codes":"a, b","Query":"a b&c","Nothing":null}`

func TestFunctionExamples(t *testing.T) {
	lookup := fields(t, exampleFields)
	seen := map[string]bool{}
	for _, f := range functions {
		if len(f.examples) == 0 || f.doc == "" || seen[f.name] {
			t.Errorf("%s: no examples, no documentation, or twice", f.name)
		}
		seen[f.name] = true
		for _, e := range f.examples {
			tmpl, err := Parse(e.text)
			if err != nil {
				t.Errorf("%s: %v", e.text, err)
				continue
			}
			if got, err := tmpl.Execute(lookup, nil); err != nil || got != e.result {
				t.Errorf("%s = %q, %v; want %q", e.text, got, err, e.result)
			}
		}
	}
}

// markdown is the documentation of all functions as a table.
func markdown() string {
	var b strings.Builder
	b.WriteString("| Function | What it does | Examples |\n| --- | --- | --- |\n")
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, f := range functions {
		examples := make([]string, len(f.examples))
		for i, e := range f.examples {
			examples[i] = fmt.Sprintf("`%s` → `%s`", escape.Replace(e.text), escape.Replace(e.result))
		}
		fmt.Fprintf(&b, "| `%s%s` | %s | %s |\n", f.name, f.arguments, escape.Replace(f.doc), strings.Join(examples, "<br>"))
	}
	return b.String()
}

func TestDocumentation(t *testing.T) {
	const path = "../../docs/merge-functions.md"
	want := "# Merge functions\n\nA merge field may pass through functions, from left to right: `{{Email | trim | lower}}`. " +
		"An argument that holds `:`, `|` or `}}` goes between quotes.\nWhat is missing stays empty, and a list is worked on item by item, unless said otherwise.\n" +
		"The examples are about this document:\n\n```json\n" + exampleFields + "\n```\n\n" + markdown()
	isWritten(t, path, want)
}

// The console offers the functions by this file, as somebody writes.
func TestConsoleKnowsTheFunctions(t *testing.T) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	type shown struct{ Name, Arguments, Doc, Example string }
	var all []shown
	for _, f := range functions {
		all = append(all, shown{f.name, f.arguments, f.doc, f.examples[0].text})
	}
	if err := e.Encode(all); err != nil {
		t.Fatal(err)
	}
	isWritten(t, "../../web/gen/functions.json", b.String())
}

// isWritten says that a file is what it should be, which -update makes true.
func isWritten(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale: run go test ./internal/merge -update\n%s", path, diff)
	}
}

func TestExecute(t *testing.T) {
	lookup := fields(t, `{"A":"x","B":"y","N":12.50,"Big":123456789012345678901234567890,"T":true,"O":{"k":[1]},"E":"","D":"2026-02-03T04:05:06.0700000+02:00","U":1767225600,"Sly":"{{A}}"}`)
	tests := []struct{ text, want string }{
		{"", ""},
		{"plain }} text", "plain }} text"},
		{"{{A}}", "x"},
		{"{{ A }}-{{B}}", "x-y"},
		{`{"v":{{{A}}}}`, `{"v":{x}}`},
		{"{{Missing}}", ""},
		{"{{Sly}}", "{{A}}"}, // what a field holds is text
		{"{{N}}", "12.50"},
		{"{{Big | add:1}}", "123456789012345678901234567891"},
		{"{{T}} {{O}}", `true {"k":[1]}`},
		{"{{E | divide:2}}", ""},
		{"{{D format=yyyy-MM-ddTHH:mm:ssZ}}", "2026-02-03T04:05:06Z"},
		{"{{D format=HH:mm | append:h}}", "04:05h"},
		{"{{D | date:'yyyy/MM/dd HH:mm:ss.fff zzz':UTC}}", "2026/02/03 02:05:06.070 +00:00"},
		{"{{D | date:s.FFFFFFF}}", "6.07"},
		{"{{D | date:dddd d MMMM yy tt}}", "Tuesday 3 February 26 AM"},
		{"{{D | date:o}}", "2026-02-03T04:05:06.0700000+02:00"},
		{"{{D | date:u}}", "2026-02-03 02:05:06Z"},
		{"{{D | date:R}}", "Tue, 03 Feb 2026 02:05:06 GMT"},
		{"{{D | date:dd/MM/yyyy}}", "03/02/2026"},
		{"{{U | date:yyyy-MM-dd}}", "2026-01-01"},
		{"{{A | append:'it''s' | upper}}", "XIT'S"},
		{`{{A | append:"}}|"}}`, "x}}|"},
		{"{{N | divide:-8 | round:2}}", "-1.56"},
		{"{{N | round:9}}", "12.5"},
	}
	for _, tt := range tests {
		tmpl, err := Parse(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		if got, err := tmpl.Execute(lookup, nil); err != nil || got != tt.want {
			t.Errorf("%s = %q, %v; want %q", tt.text, got, err, tt.want)
		}
	}
}

func TestEscapeIsForFieldsOnly(t *testing.T) {
	tmpl, err := Parse("/a b/{{A}}/{{Missing}}")
	if err != nil {
		t.Fatal(err)
	}
	got, err := tmpl.Execute(fields(t, `{"A":"c d"}`), func(s string) string { return strings.ReplaceAll(s, " ", "%20") })
	if want := "/a b/c%20d/"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestValueKeepsType(t *testing.T) {
	lookup := fields(t, `{"N":1999,"L":[1,"a"],"T":false}`)
	tests := []struct {
		text string
		want any
	}{
		{"{{N}}", json.Number("1999")},
		{"{{N | divide:100}}", json.Number("19.99")},
		{"{{L}}", []any{json.Number("1"), "a"}},
		{"{{T}}", false},
		{"{{Missing}}", nil},
		{" {{N}}", " 1999"},
		{"text", "text"},
		{"", ""},
	}
	for _, tt := range tests {
		tmpl, err := Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tmpl.Value(lookup)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", tt.text, err, diff)
		}
	}
}

func TestFields(t *testing.T) {
	tmpl, err := Parse("{{A}} {{B | lower}} {{A format=yyyy}} {{Step one::[items].['a|b']}}")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"A", "B", "Step one::[items].['a|b']"}
	if diff := cmp.Diff(want, tmpl.Fields()); diff != "" || tmpl.Static() {
		t.Errorf("static %v, fields:\n%s", tmpl.Static(), diff)
	}
	if tmpl, _ = Parse("text"); !tmpl.Static() {
		t.Error("a plain text is not static")
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		part   string
	}{
		{"ab {{Name", 3, "no }}"},
		{"é {{}}", 3, "no name"},
		{"{{A | }}", 6, "no function"},
		{"{{A | shout}}", 6, `no function "shout"`},
		{"{{A | lower:x}}", 6, "no arguments"},
		{"{{A | replace:x}}", 6, "takes 2 arguments"},
		{"{{A | divide:x}}", 6, "not a number"},
		{"{{A | divide:0}}", 6, "by zero"},
		{"{{A | append:'x}}", 13, "closing quote"},
		{"{{A | lower upper}}", 12, "colon"},
		{"{{A | round:99}}", 6, "decimals"},
		{"{{A | date:HH:mm:Europe/Nowhere}}", 6, "time zone"},
		{"{{A format=}}", 0, "date format is empty"},
		{"{{A | substring:x}}", 6, "start"},
	}
	for _, tt := range tests {
		_, err := Parse(tt.text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != tt.offset || !strings.Contains(err.Error(), tt.part) {
			t.Errorf("%s: %v; want offset %d and %q", tt.text, err, tt.offset, tt.part)
		}
	}
	if _, err := Parse("é {{}}"); err.Error() != "merge field at character 3: no name after {{" {
		t.Error(err)
	}
}

func TestFunctionErrorsNameFieldAndFunction(t *testing.T) {
	lookup := fields(t, `{"A":"sec-ret","M":"aaaaaaaaaaaaaaaaaaaa"}`)
	for _, text := range []string{
		"{{A | divide:2}}", "{{A | date:yyyy}}", "{{A | round}}",
		"{{M" + strings.Repeat(" | replace:a:aaaaaaaaaaaaaaaaaaaa", 9) + "}}",
		"{{M | length" + strings.Repeat(" | multiply:1e300", 9) + "}}",
	} {
		tmpl, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tmpl.Execute(lookup, nil)
		var field *FieldError
		if !errors.As(err, &field) || !strings.Contains(err.Error(), "merge field "+tmpl.Fields()[0]+": function "+field.Function) {
			t.Errorf("%s: %v", text, err)
		} else if strings.Contains(err.Error(), "sec-ret") {
			t.Errorf("%s: the error shows the value", text)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, fn := range functions {
		for _, e := range fn.examples {
			f.Add(e.text, "value")
		}
	}
	f.Add("{{A | append:'''' | date:\\", "2026-01-01")
	f.Add("{{A | add:1e400 | json}}", "1e400")
	lookup := fields(f, exampleFields)
	f.Fuzz(func(t *testing.T, text, value string) {
		tmpl, err := Parse(text)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text) || err.Error() == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		out, err := tmpl.Execute(func(name string) (any, bool) {
			if v, ok := lookup(name); ok {
				return v, true
			}
			return value, true
		}, nil)
		if tmpl.Static() && (out != text || err != nil) {
			t.Fatalf("static %q became %q, %v", text, out, err)
		}
		if tmpl.String() != text {
			t.Fatalf("%q became %q", text, tmpl.String())
		}
	})
}

func BenchmarkExecute(b *testing.B) {
	lookup := fields(b, `{"First":"Ada","Last":"Lovelace","Email":"ADA@EXAMPLE.COM","Cents":1999}`)
	for name, text := range map[string]string{"join": "{{First}} {{Last}}", "lower": "{{Email | lower}}", "divide": "{{Cents | divide:100}}"} {
		tmpl, err := Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tmpl.Value(lookup); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
