package utility_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/mysqltest"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// base is a database, as a connector knows it.
type base struct {
	kind           string
	user, password string
	settings       values
}

func (b base) operation(parameters values, request any) invoke.Operation {
	return invoke.Operation{User: b.user, Password: b.password, Properties: b.settings, Parameters: parameters, Request: request}
}

func postgresBase(t *testing.T) base {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	return base{"postgresql", u.User.Username(), password, with(hostAndPort(u.Host), "Database", strings.TrimPrefix(u.Path, "/"), "Encryption", "None")}
}

func mySQLBase(t *testing.T, settings ...string) base {
	t.Helper()
	s := mysqltest.Start(t, settings...)
	return base{"mysql", s.User, s.Password, with(hostAndPort(s.Address), "Database", "test", "Encryption", "None")}
}

// do executes a statement that must work.
func (b base) do(t *testing.T, w *world, statement string) any {
	t.Helper()
	return w.must(t, b.kind+".execute", b.operation(values{"Statement": statement}, nil))
}

// query gives rows.
func (b base) query(t *testing.T, w *world, text string, parameters doc) any {
	t.Helper()
	return at(w.must(t, b.kind+".query", b.operation(values{"Query": text}, doc{"Parameters": parameters})), "Rows")
}

// types are columns of many types in each database, and what is read of them.
var types = map[string]struct{ create, insert string }{
	"postgresql": {
		`CREATE TABLE kinds (i int, big bigint, n numeric(30,10), f float8, ok boolean, t text, d date, at timestamptz, j jsonb, b bytea, u uuid, nothing text)`,
		`INSERT INTO kinds VALUES (1, 9007199254740993, 12345678901234567890.1234567890, 0.5, true, 'Grüße', '2026-01-31', '2026-01-31T12:00:00+01:00', '{"a": [1.10]}', '\x00ff', '6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c11', NULL)`,
	},
	"mysql": {
		"CREATE TABLE kinds (i int, big bigint, n decimal(30,10), f double, ok boolean, t text, d date, at datetime, j json, b varbinary(10), u char(36), nothing text)",
		`INSERT INTO kinds VALUES (1, 9007199254740993, 12345678901234567890.1234567890, 0.5, true, 'Grüße', '2026-01-31', '2026-01-31 11:00:00', '{"a": [1.10]}', x'00ff', '6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c11', NULL)`,
	},
}

// TestDatabases does all that can be done, on each kind of database that is here.
func TestDatabases(t *testing.T) {
	for _, b := range []base{postgresBase(t), mySQLBase(t)} {
		t.Run(b.kind, func(t *testing.T) {
			w, before := newWorld(t, utility.NetworkOptions{}), runtime.NumGoroutine()
			t.Run("types", func(t *testing.T) { readTypes(t, w, b) })
			t.Run("bound", func(t *testing.T) { bindValues(t, w, b) })
			t.Run("insert", func(t *testing.T) { insertRows(t, w, b) })
			t.Run("describe", func(t *testing.T) { describe(t, w, b) })
			t.Run("limits", func(t *testing.T) { limitRows(t, w, b) })
			t.Run("read only", func(t *testing.T) { readOnly(t, w, b) })
			t.Run("errors", func(t *testing.T) { databaseErrors(t, w, b) })
			settled(t, before)
		})
	}
}

func readTypes(t *testing.T, w *world, b base) {
	b.do(t, w, types[b.kind].create)
	if got := b.do(t, w, types[b.kind].insert); at(got, "RowsAffected") != json.Number("1") {
		t.Errorf("inserted %v", got)
	}
	got := b.query(t, w, "SELECT *, 1 AS i FROM kinds", nil)
	ok := any(true)
	if b.kind == "mysql" {
		ok = json.Number("1") // a boolean is a number there
	}
	j := any(doc{"a": []any{json.Number("1.10")}})
	if b.kind == "mysql" {
		j = `{"a": [1.10]}` // MariaDB's JSON is text
	}
	want := []any{doc{
		"i": json.Number("1"), "i_2": json.Number("1"), "big": json.Number("9007199254740993"), "n": json.Number("12345678901234567890.1234567890"),
		"f": json.Number("0.5"), "ok": ok, "t": "Grüße", "d": "2026-01-31", "at": "2026-01-31T11:00:00Z", "j": j, "b": "AP8=",
		"u": "6a0c2f60-1f0e-4f0e-9a51-0f6a3f1b7c11", "nothing": nil,
	}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func bindValues(t *testing.T, w *world, b base) {
	b.do(t, w, "CREATE TABLE people (id int PRIMARY KEY, name varchar(100), score numeric(10,2), active boolean, seen timestamp NULL)")
	hostile := `Robert'); DROP TABLE people; -- \' " @name`
	w.must(t, b.kind+".execute", b.operation(
		values{"Statement": "INSERT INTO people (id, name, score, active, seen) VALUES (@id, @name, @score, @active, @seen) -- @id", "ParameterNames": "id, name, missing"},
		doc{"Parameters": doc{"id": json.Number("1"), "name": hostile, "score": json.Number("1.50"), "active": true, "seen": "2026-01-31T12:00:00Z"}},
	))
	got := b.query(t, w, "SELECT name, score FROM people WHERE name = @name AND id = @id AND seen >= @since AND '@name' <> ''",
		doc{"name": hostile, "id": json.Number("1"), "since": "2026-01-31T12:00:00Z"})
	if diff := cmp.Diff(any([]any{doc{"name": hostile, "score": json.Number("1.50")}}), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	got = at(w.must(t, b.kind+".query", b.operation(values{"Query": "SELECT 1 AS one FROM people WHERE coalesce(@name, 'none') = 'none' LIMIT @limit", "ParameterNames": "name"},
		doc{"Parameters": doc{"limit": json.Number("5")}})), "Rows")
	if diff := cmp.Diff(any([]any{doc{"one": json.Number("1")}}), got); diff != "" {
		t.Errorf("what is not given is null: -want +got\n%s", diff)
	}
	w.fails(t, b.kind+".query", b.operation(values{"Query": "SELECT 1; SELECT 2"}, nil), invoke.Permanent)
}

func insertRows(t *testing.T, w *world, b base) {
	b.do(t, w, `CREATE TABLE stock (sku varchar(20) PRIMARY KEY, amount int NOT NULL DEFAULT 7, note text)`)
	insert := func(parameters values, rows any) any {
		return w.must(t, b.kind+".insert", b.operation(with(parameters, "Table", "stock"), doc{"Rows": rows}))
	}
	got := insert(nil, []any{
		doc{"sku": "a", "amount": json.Number("1"), "note": "x"}, doc{"sku": "b", "amount": json.Number("2"), "note": nil}, doc{"sku": "c", "note": doc{"k": "v"}},
	})
	if diff := cmp.Diff(any(doc{"Rows": json.Number("3"), "RowsAffected": json.Number("3")}), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	insert(values{"Mode": "Upsert", "KeyColumns": "sku"}, []any{
		doc{"sku": "a", "amount": json.Number("10")}, doc{"sku": "d", "amount": json.Number("4")}, doc{"sku": "a", "amount": json.Number("11")},
	})
	insert(values{"Mode": "upsert", "KeyColumns": "sku"}, doc{"sku": "a"}) // nothing to update
	want := any([]any{
		doc{"sku": "a", "amount": json.Number("11"), "note": "x"}, doc{"sku": "b", "amount": json.Number("2"), "note": nil},
		doc{"sku": "c", "amount": json.Number("7"), "note": `{"k":"v"}`}, doc{"sku": "d", "amount": json.Number("4"), "note": nil},
	})
	if diff := cmp.Diff(want, b.query(t, w, "SELECT * FROM stock ORDER BY sku", nil)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// All or nothing.
	w.fails(t, b.kind+".insert", b.operation(values{"Table": "stock"}, doc{"Rows": []any{doc{"sku": "e", "amount": "1"}, doc{"note": "no key"}, doc{"sku": "a"}}}), invoke.Permanent)
	if got := b.query(t, w, "SELECT count(*) AS n FROM stock", nil); at(got, 0, "n") != json.Number("4") {
		t.Errorf("rows of a failed insert are there: %v", got)
	}
	many := []any{}
	for i := range 3000 {
		many = append(many, doc{"sku": fmt.Sprint("many ", i), "amount": json.Number("1")})
	}
	if got := insert(nil, many); at(got, "RowsAffected") != json.Number("3000") {
		t.Errorf("many: %v", got)
	}
	name := "x\" ` ] ; DROP TABLE stock"
	for what, c := range map[string]struct {
		parameters values
		rows       any
		kind       invoke.Kind
	}{
		"a hostile column":   {values{"Table": "stock"}, doc{name: "1"}, invoke.Permanent},
		"a hostile table":    {values{"Table": name}, doc{"sku": "1"}, invoke.Permanent},
		"no keys":            {values{"Table": "stock", "Mode": "Upsert"}, doc{"sku": "1"}, invoke.Build},
		"a key that is gone": {values{"Table": "stock", "Mode": "Upsert", "KeyColumns": "sku"}, doc{"note": "1"}, invoke.Build},
		"no rows in it":      {values{"Table": "stock"}, []any{"text"}, invoke.Build},
		"no table":           {nil, doc{"sku": "1"}, invoke.Build},
	} {
		t.Run(what, func(t *testing.T) {
			w.fails(t, b.kind+".insert", b.operation(c.parameters, doc{"Rows": c.rows}), c.kind)
		})
	}
	if got := b.query(t, w, "SELECT count(*) AS n FROM stock", nil); at(got, 0, "n") != json.Number("3004") {
		t.Errorf("in the end: %v", got)
	}
}

func describe(t *testing.T, w *world, b base) {
	found := ""
	for _, table := range at(w.must(t, b.kind+".tables", b.operation(nil, nil)), "Tables").([]any) {
		if at(table, "Name") == "stock" {
			found = at(table, "FullName").(string)
		}
	}
	want := map[string]string{"postgresql": "public.stock", "mysql": "test.stock"}[b.kind]
	if found != want {
		t.Fatalf("found %q, want %q", found, want)
	}
	got := w.must(t, b.kind+".columns", b.operation(values{"Table": found}, nil))
	field := func(name, kind string, optional bool) doc {
		return doc{"cyclr_field_location": "[Rows]." + name, "cyclr_display_name": name, "cyclr_data_type": json.Number(kind), "cyclr_is_optional": optional}
	}
	for i, want := range []doc{field("sku", "1", false), field("amount", "2", true), field("note", "1", true)} {
		for name, v := range want {
			if at(got, "Columns", i, name) != v {
				t.Errorf("column %d: %s is %v, want %v", i, name, at(got, "Columns", i, name), v)
			}
		}
	}
	if got := w.must(t, b.kind+".columns", b.operation(values{"Table": "kinds"}, nil)); len(at(got, "Columns").([]any)) != 12 {
		t.Errorf("without a schema: %v", got)
	}
	w.fails(t, b.kind+".columns", b.operation(values{"Table": "none"}, nil), invoke.Permanent, "there is no table")
}

func limitRows(t *testing.T, w *world, b base) {
	got := w.must(t, b.kind+".query", b.operation(values{"Query": "SELECT sku FROM stock", "Limit": "2"}, nil))
	if len(at(got, "Rows").([]any)) != 2 || at(got, "More") != true {
		t.Errorf("the first two: %v", got)
	}
	small := newWorld(t, utility.NetworkOptions{MaxReply: 64 << 10})
	long := "SELECT repeat('x', 1000000) AS long_text"
	small.fails(t, b.kind+".query", b.operation(values{"Query": long}, nil), invoke.Format, "says more")
	if got := b.query(t, w, long, nil); len(at(got, 0, "long_text").(string)) != 1_000_000 {
		t.Error("it is not so long")
	}
	sleep := map[string]string{"postgresql": "SELECT pg_sleep(30)", "mysql": "SELECT sleep(30)"}[b.kind]
	begun := time.Now()
	answer, err := w.run(t, b.kind+".query", b.operation(values{"Query": sleep, "Timeout": "1"}, nil))
	if took := time.Since(begun); took > 25*time.Second {
		t.Errorf("it took %v: %v, %v", took, answer, err)
	}
	if b.kind == "postgresql" {
		w.fails(t, b.kind+".query", b.operation(values{"Query": sleep, "Timeout": "1"}, nil), invoke.Transient)
	}
	w.fails(t, b.kind+".query", b.operation(values{"Query": "SELECT 1", "Timeout": "61"}, nil), invoke.Build, "Timeout")
}

func readOnly(t *testing.T, w *world, b base) {
	only := b
	only.settings = with(b.settings, "ReadOnly", "true")
	w.fails(t, b.kind+".execute", only.operation(values{"Statement": "DELETE FROM stock"}, nil), invoke.Build, "read only")
	w.fails(t, b.kind+".insert", only.operation(values{"Table": "stock"}, doc{"Rows": doc{"sku": "z"}}), invoke.Build, "read only")
	w.fails(t, b.kind+".query", b.operation(values{"Query": "DELETE FROM stock"}, nil), invoke.Permanent)
	if got := b.query(t, w, "SELECT count(*) AS n FROM stock", nil); at(got, 0, "n") != json.Number("3004") {
		t.Errorf("left: %v", got)
	}
}

func databaseErrors(t *testing.T, w *world, b base) {
	w.fails(t, b.kind+".query", b.operation(values{"Query": "SELEC 1"}, nil), invoke.Permanent, "the database said")
	w.fails(t, b.kind+".query", b.operation(nil, nil), invoke.Build, "Query is required")
	wrong := b
	wrong.password = "wr0ng-word"
	w.fails(t, b.kind+".query", wrong.operation(values{"Query": "SELECT 1"}, nil), invoke.Auth)
	nobody := b
	nobody.user = ""
	w.fails(t, b.kind+".query", nobody.operation(values{"Query": "SELECT 1"}, nil), invoke.Build, "user name")
	secret := b
	secret.settings = with(b.settings, "Encryption", "Required")
	w.fails(t, b.kind+".query", secret.operation(values{"Query": "SELECT 1"}, nil), invoke.Permanent)
}

func TestMySQLEncrypted(t *testing.T) {
	own, authority := certificate(t)
	_, other := certificate(t)
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	if err := errorOf(os.WriteFile(cert, []byte(authority), 0o600), os.WriteFile(key, keyPEM(t, own), 0o600)); err != nil {
		t.Fatal(err)
	}
	b, w := mySQLBase(t, "--ssl-cert="+cert, "--ssl-key="+key, "--require-secure-transport=ON"), newWorld(t, utility.NetworkOptions{})
	b.settings["Encryption"], b.settings["CertificateAuthority"] = "Required", authority
	if got := b.query(t, w, "SHOW STATUS LIKE 'Ssl_cipher'", nil); at(got, 0, "Value") == "" {
		t.Errorf("not encrypted: %v", got)
	}
	b.settings["CertificateAuthority"] = other
	w.fails(t, "mysql.query", b.operation(values{"Query": "SELECT 1"}, nil), invoke.Permanent, "does not show who it is")
	b.settings["CertificateAuthority"] = "none"
	w.fails(t, "mysql.query", b.operation(values{"Query": "SELECT 1"}, nil), invoke.Build, "CertificateAuthority")
}

func keyPEM(t *testing.T, of *tls.Config) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(of.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
