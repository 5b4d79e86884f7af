package utility

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func databaseNamed(t testing.TB, name string) *database {
	t.Helper()
	at := slices.IndexFunc(databases, func(d *database) bool { return d.name == name })
	if at < 0 {
		t.Fatal(name)
	}
	return databases[at]
}

func TestBind(t *testing.T) {
	known := func(name string) bool { return name == "a" || name == "Größe" || name == "a1" }
	for _, c := range []struct{ database, text, want, names string }{
		{"postgresql", "SELECT @a, @a1, @b, x@a, @@a, @Größe", "SELECT $1, $2, @b, x@a, @@a, $3", "a a1 Größe"},
		{"postgresql", `SELECT '@a', '''@a', "@a", E'\'@a', $$@a$$, $x$ $$ @a $x$, @a -- @a`, `SELECT '@a', '''@a', "@a", E'\'@a', $$@a$$, $x$ $$ @a $x$, $1 -- @a`, "a"},
		{"postgresql", "SELECT /* @a /* @a */ @a */ @a, '\\', @a", "SELECT /* @a /* @a */ @a */ $1, '\\', $2", "a a"},
		{"postgresql", "SELECT @a::int, $1, a$b$ @a", "SELECT $1::int, $1, a$b$ @a", "a"},
		{"mysql", "SELECT '\\'@a', `@a`, @a, @b := 1 # @a\n, @a", "SELECT '\\'@a', `@a`, ?, @b := 1 # @a\n, ?", "a a"},
		{"mysql", "SELECT /* /* @a */ @a", "SELECT /* /* @a */ ?", "a"},
		{"sqlserver", "DECLARE @x int; SELECT [@a]]@a], '@a', @a, @x", "DECLARE @x int; SELECT [@a]]@a], '@a', @p1, @x", "a"},
		{"sqlserver", "SELECT '@a", "SELECT '@a", ""},
		{"sqlserver", "@a", "@p1", "a"},
	} {
		text, names := databaseNamed(t, c.database).bind(c.text, known)
		if diff := cmp.Diff([]string{c.want, c.names}, []string{text, strings.Join(names, " ")}); diff != "" {
			t.Errorf("%s: %s: -want +got\n%s", c.database, c.text, diff)
		}
	}
}

// FuzzBind: what has no parameters stays as it is, and marks are as many as names.
func FuzzBind(f *testing.F) {
	for _, text := range []string{"SELECT @a", "$x$@a$x", "E'\\'@a", "/*/**/@a", "[]]@a", "'@a''"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range databases {
			if got, names := d.bind(text, func(string) bool { return false }); got != text || len(names) != 0 {
				t.Errorf("%s: %q became %q", d.name, text, got)
			}
			got, names := d.bind(text, func(name string) bool { return name == "a" })
			if d.name == "mysql" && strings.Count(got, "?")-strings.Count(text, "?") != len(names) {
				t.Errorf("%q became %q with %d names", text, got, len(names))
			}
		}
	})
}

func TestQuote(t *testing.T) {
	for name, want := range map[string]string{"postgresql": `"a""b` + "`]" + `"`, "mysql": "`a\"b``]`", "sqlserver": "[a\"b`]]]"} {
		if got := databaseNamed(t, name).quote("a\"b`]"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestUpsertSQLServer(t *testing.T) {
	u := &upsert{table: "[dbo].[t]", columns: []string{"[a]", "[k]"}, keys: []string{"[k]"}, rows: "(@p1, @p2)"}
	const want = "MERGE INTO [dbo].[t] WITH (HOLDLOCK) AS t USING (VALUES (@p1, @p2)) AS s ([a], [k]) ON t.[k] = s.[k]" +
		" WHEN MATCHED THEN UPDATE SET t.[a] = s.[a] WHEN NOT MATCHED THEN INSERT ([a], [k]) VALUES (s.[a], s.[k]);"
	if diff := cmp.Diff(want, upsertSQLServer(u)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
