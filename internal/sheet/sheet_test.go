package sheet_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/sheet"
)

func TestWriter(t *testing.T) {
	var b strings.Builder
	w := sheet.New(&b)
	rows := [][2]string{ // cell, and what becomes of it
		{"plain", "plain"},
		{"", ""},
		{"a,b", `"a,b"`},
		{"say \"hi\"\nthere", "\"say \"\"hi\"\"\r\nthere\""},
		{"a=b", "a=b"},
		{"12", "12"},
		{"-1.5e3", "-1.5e3"},
		{"=1+1", "'=1+1"},
		{"+cmd", "'+cmd"},
		{"-2+3", "'-2+3"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{" =1", "' =1"},
		{"\t=1", "'\t=1"},
		{"\r@x", "\"'@x\""},
		{"＝1", "'＝1"},
		{"|calc", "'|calc"},
		{"=HYPERLINK(\"x\")", `"'=HYPERLINK(""x"")"`},
		{"-", "'-"},
		{"Ünder", "Ünder"},
	}
	var want strings.Builder
	for _, r := range rows {
		if err := w.Write(r[0], "next"); err != nil {
			t.Fatal(err)
		}
		want.WriteString(r[1] + ",next\r\n")
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestFlushTells(t *testing.T) {
	w := sheet.New(broken{})
	_ = w.Write("a")
	if err := w.Flush(); err == nil {
		t.Error("nothing went wrong")
	}
}

func FuzzWriter(f *testing.F) {
	f.Add("=1", "a\"b")
	f.Fuzz(func(t *testing.T, a, b string) {
		var out strings.Builder
		w := sheet.New(&out)
		if err := errors.Join(w.Write(a, b), w.Flush()); err != nil {
			t.Fatal(err)
		}
		read, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if a == "" && b == "" {
			return
		}
		if err != nil || len(read) != 1 || len(read[0]) != 2 {
			t.Fatalf("%q: %v, %v", out.String(), read, err)
		}
		for i, cell := range []string{a, b} {
			if got := read[0][i]; strings.TrimPrefix(got, "'") != strings.TrimPrefix(strings.ReplaceAll(cell, "\r\n", "\n"), "'") && !strings.Contains(cell, "\r") {
				t.Errorf("%q became %q", cell, got)
			}
		}
	})
}
