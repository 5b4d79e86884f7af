package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
)

// auditor asks for things, and for what the audit log says of them.
type auditor struct {
	*testing.T
	*running
	browser *http.Client
	token   string
}

func newAuditor(t *testing.T, r *running) *auditor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &auditor{T: t, running: r, browser: &http.Client{Jar: jar}}
	a.token = a.issue(r.partner.ClientSecret, "")
	return a
}

func (a *auditor) issue(secret, scope string) string {
	a.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.partner.ClientID}, "client_secret": {secret}, "scope": {scope}}
	res, err := http.PostForm(a.URL()+"/oauth/token", form)
	if err != nil {
		a.Fatal(err)
	}
	defer res.Body.Close()
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&token); err != nil {
		a.Fatal(err)
	}
	return token.AccessToken
}

// do makes a request: with a token, or else as the browser.
func (a *auditor) do(method, path, token, account, body string) (int, []byte) {
	a.Helper()
	req, err := http.NewRequestWithContext(a.Context(), method, a.URL()+path, strings.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if account != "" {
		req.Header.Set("X-Tandem-Account", account)
	}
	res, err := a.browser.Do(req)
	if err != nil {
		a.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		a.Fatal(err)
	}
	return res.StatusCode, data
}

// entries are the newest first, in short.
func (a *auditor) entries(query string) (lines []string) {
	a.Helper()
	status, body := a.do(http.MethodGet, "/v1.0/audit?"+query, a.token, "", "")
	var found []tandem.AuditEntry
	if err := json.Unmarshal(body, &found); err != nil || status != http.StatusOK {
		a.Fatalf("%d %s: %v", status, body, err)
	}
	for _, e := range found {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s", e.ActorType, e.Actor, e.AccountID, e.Action, e.Outcome))
	}
	return lines
}

func TestAudit(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		a := newAuditor(t, r)
		a.issue("a wrong secret", "")
		const canary = "canary-of-a-secret"
		for _, try := range []struct {
			method, path, account, body string
			want                        int
		}{
			{http.MethodPost, "/v1.0/accounts", "", `{"Id":"books","Name":"=Books"}`, 200},
			{http.MethodPut, "/v1.0/accounts/books", "", `{"TransactionErrorWebhookUrl":"https://u:` + canary + `@x.test/?` + canary + `"}`, 200},
			{http.MethodPut, "/v1.0/accounts/books", "", `{"Timezone":"Nowhere"}`, 400},
			{http.MethodPut, "/v1.0/accounts/books/users", "", `{"Username":"amy@x.test","Password":"` + canary + `"}`, 200},
			{http.MethodGet, "/v1.0/accounts/books", "", "", 200},
			{http.MethodPost, "/v1.0/cycles", "books", `{"Name":"c"}`, 201},
		} {
			if status, body := a.do(try.method, try.path, a.token, try.account, try.body); status != try.want {
				t.Fatalf("%s %s: %d %s", try.method, try.path, status, body)
			}
		}
		restricted := a.issue(r.partner.ClientSecret, "account:books")
		if status, _ := a.do(http.MethodGet, "/v1.0/accounts", restricted, "", ""); status != http.StatusForbidden {
			t.Errorf("a restricted token: %d", status)
		}
		sign := func(password string) int {
			status, _ := a.do(http.MethodPost, "/console/session", "", "", `{"Email":"`+r.partner.Email+`","Password":"`+password+`"}`)
			return status
		}
		if bad, good := sign(canary), sign(r.partner.Password); bad != http.StatusUnauthorized || good != http.StatusOK {
			t.Fatalf("sign in: %d, %d", bad, good)
		}
		if status, body := a.do(http.MethodDelete, "/v1.0/accounts/books", "", "", ""); status != http.StatusOK {
			t.Fatalf("from the console: %d %s", status, body)
		}
		if status, body := a.do(http.MethodDelete, "/console/session", "", "", ""); status != http.StatusNoContent {
			t.Fatalf("sign out: %d %s", status, body)
		}
		want := []string{
			"ConsoleUser ada@acme.test  signOut Done", "ConsoleUser ada@acme.test books deleteAccount Done", "ConsoleUser ada@acme.test  signIn Done",
			"Client First client  issueToken Done", "Client First client books createCycle Done", "Client First client books addUser Done",
			"Client First client books updateAccount Done", "Client First client  createAccount Done", "Client First client  issueToken Done",
		}
		done := func(lines []string) (kept []string) {
			for _, l := range lines {
				if strings.HasSuffix(l, tandem.ActDone) {
					kept = append(kept, l)
				}
			}
			return kept
		}
		if diff := cmp.Diff(want, done(a.entries(""))); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		eventually(t, "refusals", func() bool { return len(a.entries("")) == len(want)+3 })
		for query, want := range map[string]string{
			"action=signIn&text=Email%20or%20password": "ConsoleUser ada@acme.test  signIn Refused",
			"action=listAccounts":                      "Client First client books listAccounts Refused",
			"text=invalid_client":                      "Client First client  issueToken Refused",
			"account=books&action=addUser":             "Client First client books addUser Done",
		} {
			if diff := cmp.Diff([]string{want}, a.entries(query)); diff != "" {
				t.Errorf("%s: -want +got\n%s", query, diff)
			}
		}
		a.sheet(len(want) + 3)
		a.proof()
		var all string
		if err := r.Audit.Each(t.Context(), r.partner.PartnerID, tandem.AuditFilter{}, func(e tandem.AuditEntry) error {
			all += fmt.Sprintf("%+v\n", e)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{canary, r.partner.Password, r.partner.ClientSecret, a.token, restricted} {
			if strings.Contains(all, secret) {
				t.Errorf("the log has a secret:\n%s", all)
			}
		}
		if !strings.Contains(all, `{"Password":"***","Username":"amy@x.test"}`) {
			t.Errorf("the log does not say what was sent:\n%s", all)
		}
	})
}

// sheet takes the log away as CSV.
func (a *auditor) sheet(rows int) {
	a.Helper()
	status, body := a.do(http.MethodGet, "/v1.0/audit?format=csv&pageSize=1", a.token, "", "")
	read, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if status != http.StatusOK || err != nil || len(read) != rows+1 || read[0][0] != "Id" || read[1][0] != fmt.Sprint(rows) {
		a.Errorf("CSV: %d %v\n%s", status, err, body)
	}
	if !bytes.Contains(body, []byte(",'=Books,")) && !bytes.Contains(body, []byte(`""=Books""`)) {
		a.Errorf("CSV without the account's name as text:\n%s", body)
	}
}

// proof verifies the log, and then a log that somebody has changed.
func (a *auditor) proof() {
	a.Helper()
	verify := func(query string) (p tandem.AuditProof) {
		status, body := a.do(http.MethodGet, "/v1.0/audit/verify"+query, a.token, "", "")
		if err := json.Unmarshal(body, &p); err != nil || status != http.StatusOK {
			a.Fatalf("%d %s: %v", status, body, err)
		}
		return p
	}
	p := verify("")
	if !p.Intact || p.Head == nil {
		a.Fatalf("%+v", p)
	}
	if kept := verify(fmt.Sprintf("?id=%d&hash=%s", p.Head.ID, p.Head.Hash)); !kept.Intact {
		a.Errorf("%+v", kept)
	}
	if status, body := a.do(http.MethodGet, "/v1.0/audit/verify?id=3", a.token, "", ""); status != http.StatusBadRequest {
		a.Errorf("an id alone: %d %s", status, body)
	}
	if _, err := a.store.Dialect().Writer().ExecContext(a.Context(), `UPDATE audit SET actor = 'Eve' WHERE seq = 2`); err != nil {
		a.Fatal(err)
	}
	if p := verify(""); p.Intact || p.Broken != 2 {
		a.Errorf("changed: %+v", p)
	}
}
