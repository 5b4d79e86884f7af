package utility

import "testing"

func TestOnlyReads(t *testing.T) {
	s := syntax{quotes: `"[`, nested: true}
	for text, want := range map[string]string{
		"SELECT 1": "", "select 'COMMIT; DROP TABLE a' AS [drop], \"insert\" FROM b -- commit": "", "(SELECT 1) UNION (SELECT 2);": "",
		";WITH a AS (SELECT 1 x) SELECT CASE x WHEN 1 THEN 2 END FROM a /* ; DROP /* x */ COMMIT */ ;\n-- end":  "",
		"SELECT updated, @commit, #drop, a$commit FROM inserts ORDER BY 1 OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY": "",
		"-- all\r\nSELECT 1":             "",
		"SELECT 1; COMMIT; DROP TABLE a": "COMMIT", "SELECT 1 COMMIT DROP TABLE a": "COMMIT", "SELECT 1COMMIT": "COMMIT", "SELECT $1e1commit": "COMMIT",
		"SELECT 'a'COMMIT": "COMMIT", "SELECT [a]COMMIT": "COMMIT", "SELECT 1/**/COMMIT": "COMMIT", "SELECT 'it''s' COMMIT": "COMMIT", "SELECT ']' x, [a]]b] COMMIT": "COMMIT",
		"SELECT 1; SELECT 2": "a second statement", "sp_who": "SP_WHO", "WITH a AS (SELECT 1 x) DELETE FROM a": "DELETE", "SELECT 1 INTO b": "INTO",
		"SELECT 1 EXEC('COMMIT')": "EXEC", "COMMIT": "COMMIT", "USE master": "USE", "SELECT 1 --\rCOMMIT": "a comment with a line's end in it",
		"SELECT 1 --\r'\nCOMMIT --'": "a comment with a line's end in it", "/* /* */ COMMIT */ SELECT 1 /* */ COMMIT": "COMMIT",
	} {
		if got := s.onlyReads(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func FuzzOnlyReads(f *testing.F) {
	for _, s := range []string{"SELECT 'a' [b] /* c */ -- d", "SELECT 1COMMIT", "\xff;é"} {
		f.Add(s)
	}
	s := syntax{quotes: `"[`, nested: true}
	f.Fuzz(func(t *testing.T, text string) {
		if s.onlyReads(text) == "" && s.onlyReads("SELECT 1 COMMIT "+text) == "" {
			t.Errorf("%q hides a COMMIT before it", text)
		}
	})
}
