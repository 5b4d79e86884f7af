package utility_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

func of(parameters values, request any) invoke.Operation {
	return invoke.Operation{Parameters: parameters, Request: request}
}

func TestCreateDelimited(t *testing.T) {
	w := newWorld(t, utility.NetworkOptions{})
	rows := []any{
		doc{"name": "Ada; \"the first\"", "sum": json.Number("1.50"), "note": "=cmd|' /C calc'!A0", "list": []any{"a"}},
		doc{"name": "two\r\nlines", "sum": json.Number("-3"), "note": "-1"},
		doc{"name": " x"},
	}
	for name, c := range map[string]struct {
		parameters values
		want       string
	}{
		"as it is":  {nil, "list,name,note,sum\r\n\"[\"\"a\"\"]\",\"Ada; \"\"the first\"\"\",'=cmd|' /C calc'!A0,1.50\r\n,\"two\r\nlines\",-1,-3\r\n,\" x\",,\r\n"},
		"columns":   {values{"Columns": "sum, name, gone", "Delimiter": "semicolon", "LineEnd": "LF"}, "sum;name;gone\n1.50;\"Ada; \"\"the first\"\"\";\n-3;\"two\r\nlines\";\n;\" x\";\n"},
		"no header": {values{"Columns": "sum", "Header": "false"}, "1.50\r\n-3\r\n\"\"\r\n"},
		"quoted":    {values{"Columns": "sum", "Quote": "Always", "Delimiter": "\t", "ByteOrderMark": "true"}, "\ufeff\"sum\"\r\n\"1.50\"\r\n\"-3\"\r\n\"\"\r\n"},
		"unguarded": {values{"Columns": "note", "GuardFormulas": "no"}, "note\r\n=cmd|' /C calc'!A0\r\n-1\r\n\"\"\r\n"},
	} {
		got := w.must(t, "delimited.create", of(c.parameters, doc{"Rows": rows, "FileName": "people.csv"}))
		if diff := cmp.Diff(c.want, w.files.content(t, at(got, "File"))); diff != "" || at(got, "Rows") != json.Number("3") || at(got, "File", "FileName") != "people.csv" {
			t.Errorf("%s: %v, -want +got\n%s", name, got, diff)
		}
	}
	got := w.must(t, "delimited.create", of(values{"Charset": "windows-1252", "Header": "false"}, doc{"Rows": doc{"a": "Grüße €"}}))
	if text := w.files.content(t, at(got, "File")); text != "Gr\xfc\xdfe \x80\r\n" || at(got, "File", "ContentType") != "text/csv; charset=windows-1252" {
		t.Errorf("%q, %v", text, got)
	}
	for name, p := range map[string]values{"Delimiter": {"Delimiter": `"`}, "Charset": {"Charset": "klingon"}, "Header": {"Header": "maybe"}, "Quote": {"Quote": "never"}} {
		w.fails(t, "delimited.create", of(p, doc{"Rows": rows}), invoke.Build, name)
	}
	w.fails(t, "delimited.create", of(nil, doc{"Rows": []any{"text"}}), invoke.Build, "Rows[0]")
}

func TestParseDelimited(t *testing.T) {
	w := newWorld(t, utility.NetworkOptions{})
	for name, c := range map[string]struct {
		parameters values
		text       string
		columns    []any
		rows       []any
	}{
		"as it is":    {nil, "\ufeffname,sum\r\n\"Ada, \"\"A\"\"\",1\r\n\r\nBob\r\n", []any{"name", "sum"}, []any{doc{"name": `Ada, "A"`, "sum": "1"}, doc{"name": "Bob"}}},
		"no header":   {values{"Header": "false", "Delimiter": "Tab"}, "a\tb\nc\td\te\n", []any{"Column1", "Column2", "Column3"}, []any{doc{"Column1": "a", "Column2": "b"}, doc{"Column1": "c", "Column2": "d", "Column3": "e"}}},
		"same names":  {nil, "a,a,,Column3\n1,2,3,4\n", []any{"a", "a_2", "Column3", "Column3_2"}, []any{doc{"a": "1", "a_2": "2", "Column3": "3", "Column3_2": "4"}}},
		"lazy quotes": {nil, "a\n5\" pipe\n", []any{"a"}, []any{doc{"a": `5" pipe`}}},
		"found out":   {values{"Delimiter": "auto"}, "a;b;c\n1,5;2;3\n", []any{"a", "b", "c"}, []any{doc{"a": "1,5", "b": "2", "c": "3"}}},
		"skipped":     {values{"SkipRows": "1", "Trim": "yes"}, "a report\na,b\n 1 , 2\n", []any{"a", "b"}, []any{doc{"a": "1", "b": "2"}}},
		"UTF-16":      {nil, "\xff\xfea\x00\n\x00\xfc\x00\n\x00", []any{"a"}, []any{doc{"a": "ü"}}},
		"Latin":       {values{"Charset": "windows-1252"}, "a\n\xfc\x80\n", []any{"a"}, []any{doc{"a": "ü€"}}},
		"broken":      {nil, "a\n\xff\n", []any{"a"}, []any{doc{"a": "\ufffd"}}},
		"only header": {nil, "a,b\n", []any{"a", "b"}, []any{}},
	} {
		file, err := w.files.Create(t.Context(), "a.csv", "text/csv", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		got := w.must(t, "delimited.parse", of(c.parameters, doc{"File": file.Document()}))
		if diff := cmp.Diff(any(doc{"Rows": c.rows, "Columns": c.columns, "More": false}), got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	got := w.must(t, "delimited.parse", of(values{"Limit": "1"}, doc{"Text": "a\n1\n2\n"}))
	if at(got, "More") != true || len(at(got, "Rows").([]any)) != 1 {
		t.Errorf("limited: %v", got)
	}
	w.fails(t, "delimited.parse", of(nil, nil), invoke.Build, "File or Text")
	w.fails(t, "delimited.parse", of(values{"LazyQuotes": "false"}, doc{"Text": "a\n5\" pipe\n"}), invoke.Format, "the table")
	w.fails(t, "delimited.parse", of(nil, doc{"Text": strings.Repeat("a,", 3000)}), invoke.Format, "columns")
	w.fails(t, "delimited.parse", of(nil, doc{"Text": "a\n" + strings.Repeat(strings.Repeat("x,", 1999)+"x\n", 600)}), invoke.Format, "cells")
	w.all = utility.Delimited(w.files, utility.DelimitedOptions{MaxText: 100})
	w.fails(t, "delimited.parse", of(nil, doc{"Text": strings.Repeat("a\n", 100)}), invoke.Format, "too long")
}

// FuzzDelimited: what was made of rows is read as the same rows, and any text is
// read or refused.
func FuzzDelimited(f *testing.F) {
	f.Add("a", `x"y`, ";")
	f.Add("=1", "\r\n", "tab")
	f.Fuzz(func(t *testing.T, first, second, delimiter string) {
		files := newFiles()
		w := &world{files: files, all: utility.Delimited(files, utility.DelimitedOptions{})}
		_, _ = w.run(t, "delimited.parse", of(values{"Delimiter": delimiter}, doc{"Text": first + second}))
		parameters := values{"Delimiter": delimiter, "GuardFormulas": "false", "Columns": "one,two"}
		made, err := w.run(t, "delimited.create", of(parameters, doc{"Rows": []any{doc{"one": first, "two": second}}}))
		if err != nil {
			return
		}
		got, err := w.run(t, "delimited.parse", of(with(parameters, "LazyQuotes", "false"), doc{"File": at(made, "File")}))
		// The reader makes one line break of two characters, and none of bad letters.
		read := func(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n") }
		if err != nil || at(got, "Rows", 0, "one") != read(first) || at(got, "Rows", 0, "two") != read(second) {
			t.Errorf("%q, %q with %q: %v, %v", first, second, delimiter, got, err)
		}
	})
}
