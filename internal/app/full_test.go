package app

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// fill fills the disk, as the database sees it. PostgreSQL finds that out when it
// writes to the audit log, which comes last.
func (r *running) fill(t *testing.T) (undo func()) {
	t.Helper()
	exec := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if _, err := r.store.Dialect().Writer().ExecContext(t.Context(), s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	}
	if r.store.Dialect().Name() == "postgres" {
		exec(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$`,
			`CREATE TRIGGER no_room BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION no_room()`)
		return func() { exec(`DROP TRIGGER no_room ON audit`) }
	}
	exec(`PRAGMA max_page_count = 1`) // none more than there are
	return func() { exec(`PRAGMA max_page_count = 1073741823`) }
}

// A disk runs full under those who make accounts: they are told to come again,
// what was answered is there with its entry in the audit log, what was not is
// neither there nor there, and with room again the same calls are made.
func TestDiskFull(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		token := r.token(t)
		create := func(n int) (int, http.Header, string) {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL()+"/v1.0/accounts", strings.NewReader(fmt.Sprintf(`{"Name":"Account %d"}`, n)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Idempotency-Key", fmt.Sprint("key ", n))
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, res.Header, string(body)
		}
		check := func(when string, made int) {
			t.Helper()
			for what, query := range map[string]string{
				"accounts": `SELECT count(*) FROM account`, "names": `SELECT count(DISTINCT name) FROM account`,
				"entries": `SELECT count(*) FROM audit WHERE action = 'createAccount'`,
			} {
				var n int
				if err := r.store.Dialect().Reader().QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != made {
					t.Errorf("%s: %d %s, %v; want %d", when, n, what, err, made)
				}
			}
			if proof, err := r.Audit.Verify(t.Context(), r.partner.PartnerID, tandem.AuditHead{}); err != nil || !proof.Intact {
				t.Errorf("%s: the audit log: %+v, %v", when, proof, err)
			}
		}
		if status, _, body := create(0); status != http.StatusOK {
			t.Fatalf("with room: %d %s", status, body)
		}
		undo := r.fill(t)
		made := 1
		for ; made < 5000; made++ {
			status, header, body := create(made)
			if status == http.StatusOK {
				continue
			}
			if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(body, "could not be saved") {
				t.Errorf("without room: %d %v %s", status, header, body)
			}
			break
		}
		check("without room", made)
		if status, body := get(t, r.URL()+"/v1.0/accounts", token); status != http.StatusOK {
			t.Errorf("a list without room: %d %s", status, body)
		}
		undo()
		for range 2 { // the second has the first one's answer
			if status, _, body := create(made); status != http.StatusOK {
				t.Errorf("with room again: %d %s", status, body)
			}
		}
		check("with room again", made+1)
	})
}
