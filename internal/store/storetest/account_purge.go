package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/store"
)

// column is one of a table, as the database says.
type column struct{ name, kind string }

// columnsOf are the columns of a table; kinds are in lower case.
func columnsOf(t *testing.T, db *sql.DB, table string) (all []column) {
	t.Helper()
	rs, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`" LIMIT 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close()
	types, err := rs.ColumnTypes()
	if err := errors.Join(err, rs.Err()); err != nil {
		t.Fatal(err)
	}
	for _, c := range types {
		all = append(all, column{c.Name(), strings.ToLower(c.DatabaseTypeName())})
	}
	return all
}

// owned are the tables with a number of an account in them.
func owned(t *testing.T, db *sql.DB) (names []string) {
	t.Helper()
	for _, table := range tables(t, db) {
		if slices.ContainsFunc(columnsOf(t, db, table), func(c column) bool { return c.name == "account" && c.kind != "text" }) {
			names = append(names, table)
		}
	}
	return names
}

func count(t *testing.T, db *sql.DB, table string, a tandem.AccountID) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM "`+table+`" WHERE account = $1`, a).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// fillTables puts rows of an account into all tables that have such, with
// whatever in the other columns; what these refer to need not be there.
func fillTables(t *testing.T, s *store.Store, a tandem.AccountID, n int) {
	t.Helper()
	db := s.Dialect().Writer()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	off, on := "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
	if s.Dialect().Name() == "postgres" {
		off, on = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := c.ExecContext(context.WithoutCancel(t.Context()), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	filled := map[string][]column{}
	for _, table := range owned(t, s.Dialect().Reader()) {
		filled[table] = columnsOf(t, s.Dialect().Reader(), table)
	}
	exec(off)
	defer exec(on)
	for table, columns := range filled {
		for range n {
			names, marks, values := []string{}, []string{}, []any{}
			for i, col := range columns {
				names, marks = append(names, `"`+col.name+`"`), append(marks, fmt.Sprintf("$%d", i+1))
				values = append(values, anything(col, a))
			}
			exec(`INSERT INTO "`+table+`" (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`) ON CONFLICT DO NOTHING`, values...)
		}
	}
}

// anything is a value that a column takes.
func anything(c column, a tandem.AccountID) any {
	n := 1_000_000 + rand.Int64N(1<<40)
	switch {
	case c.name == "account":
		return a
	case c.name == "status" && strings.Contains(c.kind, "int"): // of a transaction, at its end
		return 10
	case c.name == "blob":
		return 0
	case strings.Contains(c.kind, "int"):
		return n
	case strings.Contains(c.kind, "bool"):
		return true
	case c.kind == "bytea" || c.kind == "blob":
		return fmt.Append(nil, n)
	}
	return fmt.Sprint("any ", n)
}

// purgeAccounts fills every table, and looks into every table for what is left.
func purgeAccounts(t *testing.T, s *store.Store) {
	j := &journalTest{s: s}
	p := newPartner(t, s, "a@acme.test")
	begunToPurge(t, s, newAccount(t, s, p, "begun", 0))
	gone, stays := newAccount(t, s, p, "gone", 0), newAccount(t, s, p, "stays", 0)
	db := s.Dialect().Reader()
	long := make([]byte, 1<<20) // which does not pack, and so is in a file
	for i := range long {
		long[i] = byte(rand.Uint32())
	}
	for _, a := range []*tandem.Account{gone, stays} {
		if err := s.DeleteAccount(t.Context(), p, a.ID, time.Now().Add(-40*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		fillTables(t, s, a.ID, 3)
		j.submit(t, journal.NewTxn{Account: a.ID, Cycle: cycle, Items: []tandem.StepItem{item(1, tandem.OutcomeSuccess, bytes.ToValidUTF8(long, []byte("?")))}})
	}
	if _, err := s.RestoreAccount(t.Context(), p, "stays"); tandem.ErrorCode(err) != tandem.NotFound {
		t.Fatalf("restored after its time: %v", err)
	}
	if err := back(t, s, stays); err != nil {
		t.Fatal(err)
	}
	if n, err := s.PurgeAccounts(t.Context(), time.Now().Add(-41*24*time.Hour)); n != 0 || err != nil {
		t.Fatalf("before its time: %d, %v", n, err)
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.PurgeAccounts(cut, time.Now()); err == nil {
		t.Error("purged although it was cut off")
	}
	if n, err := s.PurgeAccounts(t.Context(), time.Now().Add(-39*24*time.Hour)); n != 1 || err != nil {
		t.Fatalf("%d accounts purged, %v", n, err)
	}
	all := owned(t, db)
	if len(all) < 15 {
		t.Errorf("only %v have accounts' rows", all)
	}
	for _, table := range all {
		if n := count(t, db, table, gone.ID); n != 0 {
			t.Errorf("%s: %d rows are left", table, n)
		}
		if count(t, db, table, stays.ID) == 0 {
			t.Errorf("%s: no rows of the account that stays", table)
		}
	}
	var keys int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM account WHERE id = $1`, gone.ID).Scan(&keys); err != nil || keys != 0 {
		t.Errorf("its row and data key: %d, %v", keys, err)
	}
}

// back takes an account out of the bin behind the store's back.
func back(t *testing.T, s *store.Store, a *tandem.Account) error {
	_, err := s.Dialect().Writer().ExecContext(t.Context(), `UPDATE account SET deleted_at = 0 WHERE id = $1`, a.ID)
	return err
}

// begunToPurge leaves the purge of an account half done: nobody gets back what is
// left of it.
func begunToPurge(t *testing.T, s *store.Store, a *tandem.Account) {
	t.Helper()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := s.Dialect().Writer().ExecContext(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	deleted := time.Now().Add(-time.Hour)
	if err := s.DeleteAccount(t.Context(), a.Partner, a.ID, deleted); err != nil {
		t.Fatal(err)
	}
	exec(`CREATE TABLE obstacle (of bigint NOT NULL REFERENCES account (id))`)
	exec(`INSERT INTO obstacle VALUES ($1)`, a.ID)
	if _, err := s.PurgeAccounts(t.Context(), deleted); err == nil {
		t.Fatal("purged in spite of the obstacle")
	}
	if _, err := s.RestoreAccount(t.Context(), a.Partner, a.APIID); tandem.ErrorCode(err) != tandem.NotFound {
		t.Errorf("restored what is left: %v", err)
	}
	exec(`DROP TABLE obstacle`)
	if n, err := s.PurgeAccounts(t.Context(), time.UnixMicro(1)); n != 1 || err != nil {
		t.Errorf("what was left: %d purged, %v", n, err)
	}
}
