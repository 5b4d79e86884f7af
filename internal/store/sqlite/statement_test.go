package sqlite

import (
	"fmt"
	"testing"
)

// A statement that is kept is used by one at a time, sees changed tables, and makes
// place for others.
func TestStatementsAreKept(t *testing.T) {
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	conn, err := db.writer.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := conn.ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE n (i bigint)`)
	for i := range 3 {
		exec(`INSERT INTO n VALUES ($1)`, i)
	}

	const all = `SELECT * FROM n ORDER BY i`
	seen := 0
	outer, err := conn.QueryContext(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	for outer.Next() {
		inner, err := conn.QueryContext(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			seen++
		}
		if err := inner.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := outer.Close(); err != nil || seen != 9 {
		t.Errorf("a query within itself saw %d rows, not 9: %v", seen, err)
	}

	exec(`ALTER TABLE n ADD COLUMN j bigint DEFAULT 7`)
	var i, j int
	if err := conn.QueryRowContext(t.Context(), all).Scan(&i, &j); err != nil || j != 7 {
		t.Errorf("after the table was changed: %d, %v", j, err)
	}

	if _, err := conn.ExecContext(t.Context(), `INSERT INTO n SELECT * FROM missing`); err == nil {
		t.Error("a statement about no table succeeded")
	}
	for k := range 2 * maxKept {
		exec(fmt.Sprintf(`UPDATE n SET i = %d`, k))
	}
	err = conn.Raw(func(c any) error {
		if k := c.(*connection).kept; len(k.of) != maxKept || k.order.Len() != maxKept {
			t.Errorf("%d statements are kept, and %d in order, not %d", len(k.of), k.order.Len(), maxKept)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
