package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store/bulk"
)

// place is where an installation is.
type place struct{ url, dir string }

func places(t *testing.T) map[string]func() place {
	return map[string]func() place{
		"SQLite":   func() place { return place{"", t.TempDir()} },
		"Postgres": func() place { return place{pgtest.URL(t), t.TempDir()} },
	}
}

// moved moves from one place to another, and leaves both closed.
func moved(t *testing.T, from, to place, o MoveOptions) (Moved, error) {
	t.Helper()
	return moving(t, from, to, o, func(*Store, *Store) {})
}

// moving does so, and looks at both when that is done.
func moving(t *testing.T, from, to place, o MoveOptions, look func(source, target *Store)) (Moved, error) {
	t.Helper()
	source, err := OpenSource(t.Context(), from.url, from.dir, nil)
	if err != nil {
		return Moved{}, err
	}
	defer source.Close()
	target, err := OpenTarget(t.Context(), to.url, to.dir)
	if err != nil {
		return Moved{}, err
	}
	defer target.Close()
	got, err := Move(t.Context(), source, target, o)
	look(source, target)
	return got, err
}

// ends opens both ends of a move, until the test is over.
func ends(t *testing.T, from, to place) (source, target *Store) {
	t.Helper()
	source, err := OpenSource(t.Context(), from.url, from.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	target, err = OpenTarget(t.Context(), to.url, to.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = target.Close() })
	return source, target
}

// opened opens what is at a place, for as long as do takes.
func opened(t *testing.T, p place, do func(*Store)) {
	t.Helper()
	s, err := Open(t.Context(), p.url, p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	do(s)
}

func nothing(*Store) {}

// TestMove moves a database in which every table has rows, both ways.
func TestMove(t *testing.T) {
	for _, way := range [][2]string{{"SQLite", "SQLite"}, {"SQLite", "Postgres"}, {"Postgres", "SQLite"}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			from, to := places(t)[way[0]](), places(t)[way[1]]()
			opened(t, from, func(s *Store) { fill(t, s) })

			var told []Progress
			var want map[string][]string
			got, err := moving(t, from, to, MoveOptions{Rehearse: true, Progress: func(p Progress) { told = append(told, p) }}, func(source, target *Store) {
				want = dump(t, source)
				if diff := cmp.Diff(want, dump(t, target)); diff != "" {
					t.Errorf("what arrived differs (-sent +got):\n%s", diff)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			opened(t, from, nothing) // it is not marked
			rows := 0
			for name, all := range want {
				if rows += len(all); name != contentTable && len(all) < len(rowNumbers) {
					t.Errorf("table %s had %d rows: a move of it was not tried", name, len(all))
				}
			}
			if got.Rows != int64(rows) || got.Files != 1 || got.Tables != len(want) || !slices.Equal(got.Missing, []string{"files/2/text 2"}) {
				t.Errorf("%+v of %d rows in %d tables", got, rows, len(want))
			}
			if len(told) < got.Tables || !told[len(told)-1].Done {
				t.Errorf("progress was told %d times, at last %+v", len(told), told[len(told)-1:])
			}
			opened(t, to, func(target *Store) { checkBeside(t, target) })
		})
	}
}

// TestMoveMarks: the source is not to be used after a move, the target not before
// its end, and who begins again ends well.
func TestMoveMarks(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			from, to := places(t)["SQLite"](), make()
			refused := func(p place, want string) {
				t.Helper()
				if s, err := Open(t.Context(), p.url, p.dir); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %q", err, want)
					if err == nil {
						s.Close()
					}
				}
			}
			if _, err := moved(t, from, to, MoveOptions{}); tandem.ErrorCode(err) != tandem.NotFound {
				t.Fatalf("nothing is moved: %v", err)
			}
			opened(t, from, func(s *Store) {
				fill(t, s)
				if _, err := moved(t, from, to, MoveOptions{}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
					t.Errorf("a source in use: %v", err)
				}
			})

			source, err := OpenSource(t.Context(), from.url, from.dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			target, err := OpenTarget(t.Context(), to.url, to.dir)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cut := context.WithCancel(t.Context())
			_, err = Move(ctx, source, target, MoveOptions{Progress: func(p Progress) {
				if p.Table == "partner" {
					cut()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a move that is cut off: %v", err)
			}
			if err := errors.Join(source.Close(), target.Close()); err != nil {
				t.Fatal(err)
			}
			refused(to, "cut off")
			opened(t, from, nothing) // it is as it was

			if _, err := moved(t, from, to, MoveOptions{}); err != nil {
				t.Fatal(err)
			}
			refused(from, "was moved")
			opened(t, to, nothing)
			if _, err := moved(t, from, to, MoveOptions{}); tandem.ErrorCode(err) != tandem.Conflict || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("a target that is not empty: %v", err)
			}
		})
	}
}

// TestMoveCompares: a row that another changes meanwhile is noticed.
func TestMoveCompares(t *testing.T) {
	from, to := places(t)["SQLite"](), places(t)["SQLite"]()
	opened(t, from, func(s *Store) { fill(t, s) })
	source, target := ends(t, from, to)
	if _, err := target.dialect.Writer().ExecContext(t.Context(), `CREATE TRIGGER loss AFTER INSERT ON setting BEGIN UPDATE setting SET value = x'00' WHERE name = 'text 2'; END`); err != nil {
		t.Fatal(err)
	}
	if _, err := Move(t.Context(), source, target, MoveOptions{}); err == nil || !strings.Contains(err.Error(), "table setting: ") {
		t.Errorf("what arrived is not what was sent: %v", err)
	}
}

// TestMoveAdmitsAnew: an engine has no jobs for what another had.
func TestMoveAdmitsAnew(t *testing.T) {
	from, to := places(t)["SQLite"](), places(t)["SQLite"]()
	opened(t, from, func(s *Store) { fill(t, s) }) // admitted, most of them
	_, err := moving(t, from, to, MoveOptions{}, func(_, target *Store) {
		var n int
		err := target.read().QueryRowContext(t.Context(), `SELECT count(*) FROM txn WHERE admitted <> 0`).Scan(&n)
		if err != nil || n > 0 {
			t.Errorf("%d transactions are admitted, %v", n, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTablesAlike: both databases have the same tables, with the same columns.
func TestTablesAlike(t *testing.T) {
	var all [2][]bulk.Table
	for i, name := range []string{"SQLite", "Postgres"} {
		opened(t, places(t)[name](), func(s *Store) {
			tables, err := dataTables(t.Context(), s.dialect)
			if err != nil || len(tables) < 50 {
				t.Fatalf("%d tables, %v", len(tables), err)
			}
			for i := range tables {
				slices.Sort(tables[i].Needs)
			}
			all[i] = tables
		})
	}
	equate := cmp.Comparer(func(a, b []string) bool { return slices.Equal(a, b) })
	if diff := cmp.Diff(all[0], all[1], equate); diff != "" {
		t.Errorf("SQLite and PostgreSQL differ (-SQLite +PostgreSQL):\n%s", diff)
	}
}

// rowNumbers are what rows are made of: all numbers in the first row of a table are
// 1, so that it refers to the first rows of others.
var rowNumbers = []int64{1, 2, 3, math.MaxInt64, math.MinInt64}

// fill puts a row for each number into all tables, in the last row NULL where
// that may be; and a blob and a file that they name.
func fill(t *testing.T, s *Store) {
	t.Helper()
	tables, err := dataTables(t.Context(), s.dialect)
	if err == nil {
		tables, err = inOrder(tables)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if table.Name == contentTable {
			continue
		}
		for i, n := range rowNumbers {
			row := make([]any, len(table.Columns))
			marks := make([]string, len(row))
			for c, col := range table.Columns {
				row[c], marks[c] = rowValue(col, n), fmt.Sprintf("$%d", c+1)
			}
			switch table.Name {
			case "step_item":
				row[column(table, "blob")] = 0
				row[column(table, "data")] = s.packer.pack(appendExchanges(nil, nil, nil))
			case "file":
				if n > 2 || n < 0 {
					row[column(table, "size")] = -1 // is being written
				}
			}
			insert := `INSERT INTO "` + table.Name + `" ("` + strings.Join(table.Names(), `", "`) + `") VALUES (` + strings.Join(marks, ", ") + `)`
			if _, err := s.dialect.Writer().ExecContext(t.Context(), insert, row...); err != nil {
				t.Fatalf("%s: %v", insert, err)
			}
			if i == len(rowNumbers)-1 {
				clearRow(t, s, table, row)
			}
		}
	}
	s.fillBeside(t)
}

// rowValue is a value of a number for a column.
func rowValue(c bulk.Column, n int64) any {
	switch c.Type {
	case "bigint":
		return n
	case "boolean":
		return n%2 == 0
	case "bytea":
		return fmt.Appendf(nil, "\x00\xff%d", n)
	}
	if n == 3 {
		return "Grüße 🚲\n"
	}
	return fmt.Sprint("text ", n)
}

// clearRow sets a row's columns to NULL that may be.
func clearRow(t *testing.T, s *Store, table bulk.Table, row []any) {
	key := `"` + table.Columns[0].Name + `" = $1`
	for _, c := range table.Columns[1:] {
		_, _ = s.dialect.Writer().ExecContext(t.Context(), `UPDATE "`+table.Name+`" SET "`+c.Name+`" = NULL WHERE `+key, row[0]) // most may not
	}
}

// fillBeside makes one step item long, and one file be there.
func (s *Store) fillBeside(t *testing.T) {
	t.Helper()
	long := make([]byte, 1<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(long) // never fails
	e := tandem.Exchange{Body: long}
	rows, err := s.itemRows(t.Context(), nil, 1, 1, []tandem.StepItem{{Seq: 1, Request: &e}})
	if err != nil {
		t.Fatal(err)
	}
	item := rows[0]
	if _, err := s.dialect.Writer().ExecContext(t.Context(), `UPDATE step_item SET blob = $1, data = $2 WHERE account = 1`, item[12], item[13]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.dialect.Writer().ExecContext(t.Context(), `UPDATE file SET place = 0`); err != nil { // not in a bucket
		t.Fatal(err)
	}
	if _, err := s.files.write(t.Context(), 1, "text 1", strings.NewReader("1")); err != nil {
		t.Fatal(err)
	}
	folder, ok := s.folder.(blobFolder)
	if !ok {
		return
	}
	if found, _ := filepath.Glob(filepath.Join(folder.dir, "*", "*")); len(found) != 1 {
		t.Fatalf("%v are blobs", found)
	}
	if err := os.WriteFile(filepath.Join(folder.dir, "stray"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkBeside looks at what fillBeside made.
func checkBeside(t *testing.T, s *Store) {
	t.Helper()
	long, err := s.Items(t.Context(), 1, 1)
	if err != nil || len(long) != 1 || len(long[0].Request.Body) != 1<<20 {
		t.Errorf("the step item with a blob: %v, %v", len(long), err)
	}
	r, _, err := s.OpenFile(t.Context(), 1, "text 1")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var content bytes.Buffer
	if _, err := content.ReadFrom(r); err != nil || content.String() != "1" {
		t.Errorf("the file has %q, %v", &content, err)
	}
}

// dump is all rows of all tables, sorted, in words; without where long values are,
// and without whether an engine has a job for a transaction.
func dump(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	tables, err := dataTables(t.Context(), s.dialect)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, table := range tables {
		if table.Name == contentTable {
			continue
		}
		names := slices.DeleteFunc(table.Names(), func(name string) bool {
			return table.Name == "step_item" && (name == "blob" || name == "data") || name == "admitted"
		})
		found, err := rows(t.Context(), s.read(), func(r scanner) (string, error) {
			row, into := make([]any, len(names)), make([]any, len(names))
			for i := range row {
				into[i] = &row[i]
			}
			err := r.Scan(into...)
			for i, v := range row {
				if b, ok := v.(bool); ok { // SQLite has numbers for them
					row[i] = map[bool]int{true: 1}[b]
				}
			}
			return fmt.Sprintf("%v", row), err
		}, `SELECT "`+strings.Join(names, `", "`)+`" FROM "`+table.Name+`"`)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(found)
		all[table.Name] = found
	}
	return all
}

// TestMoveTellsNoValue: what is told of a text that cannot be kept is where it is wrong.
func TestMoveTellsNoValue(t *testing.T) {
	for text, want := range map[string]string{"s3cret\x00": "byte 6 of 7", "é\xffs3cret": "byte 2 of 9", "\x00": "byte 0 of 1"} {
		_, err := value(bulk.Column{Name: "value", Type: "text"}, text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := value(bulk.Column{Name: "value", Type: "text"}, "é\uFFFD"); err != nil {
		t.Error(err)
	}
}

// TestMoveOfWhatIsInUse: a source that nodes work over is not changed, not even its
// schema; nor is it marked if one came while it was moved.
func TestMoveOfWhatIsInUse(t *testing.T) {
	for name, make := range places(t) {
		t.Run(name, func(t *testing.T) {
			from, to := make(), places(t)["SQLite"]()
			used := errors.New("in use")
			d, err := open(t.Context(), from.url, from.dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Writer().ExecContext(t.Context(), `CREATE TABLE old (id bigint)`); err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			var found []bulk.Table
			_, err = OpenSource(t.Context(), from.url, from.dir, func(ctx context.Context, d Dialect) error {
				found, err = d.(mover).Tables(ctx)
				return errors.Join(err, used)
			})
			if !errors.Is(err, used) || len(found) != 1 {
				t.Errorf("%v, with %d tables", err, len(found))
			}

			from = make()
			opened(t, from, func(s *Store) { fill(t, s) })
			if _, err := moved(t, from, to, MoveOptions{Idle: func(context.Context, Dialect) error { return used }}); !errors.Is(err, used) {
				t.Errorf("a node came: %v", err)
			}
			opened(t, from, nothing) // it is not marked
			if s, err := Open(t.Context(), to.url, to.dir); tandem.ErrorCode(err) != tandem.Conflict {
				t.Errorf("a target of half a move: %v", err)
				if err == nil {
					s.Close()
				}
			}
		})
	}
}
