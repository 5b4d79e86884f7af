package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// keyedCalls: a POST with an Idempotency-Key is made once, whatever the kill met.
type keyedCalls struct {
	*killing
	calls int
	made  map[int]string // ids of accounts, by call, of those that were answered
}

func (s *keyedCalls) begin(k *killing) { s.killing = k }

func (s *keyedCalls) call(ctx context.Context, n int) (a tandem.Account, err error) {
	err = s.acme.Once(fmt.Sprint("key ", n)).Do(ctx, http.MethodPost, "/accounts", client.Account{Name: fmt.Sprint("Keyed ", n)}, &a)
	return a, err
}

func (s *keyedCalls) turn(ctx context.Context, n int) error {
	s.calls = n + 1
	a, err := s.call(ctx, n)
	if err == nil {
		s.made[n] = a.APIID
	}
	return err
}

func (s *keyedCalls) end() {
	doubt, again := 0, 0
	for n := range s.calls {
		a, err := s.call(s.Context(), n)
		switch {
		case err == nil && s.made[n] == "":
			again++
		case err == nil && a.APIID != s.made[n]:
			s.Errorf("call %d was answered with %s, then with %s", n, s.made[n], a.APIID)
		case err != nil && (s.made[n] != "" || !inDoubt(err)):
			s.Errorf("call %d: %v", n, err)
		case err != nil:
			doubt++
		}
	}
	count := map[string]int{}
	for a, err := range s.acme.Accounts(s.Context(), client.AccountQuery{}) {
		must(s, err)
		count[a.Name]++
	}
	for n := range s.calls {
		if made := count[fmt.Sprint("Keyed ", n)]; made != 1 {
			s.Errorf("call %d made %d accounts", n, made)
		}
	}
	s.Logf("%d calls with a key: %d were answered at the second try, %d are in doubt", s.calls, again, doubt)
}

// inDoubt says that a call which was made again had changed something when it was
// cut off. The transport makes a call with a key again by itself.
func inDoubt(err error) bool {
	return tandem.ErrorCode(err) == tandem.Conflict && strings.Contains(err.Error(), "cut off after it had changed something")
}

// installs: a template is imported or not, and an installed cycle is there or not.
type installs struct {
	*killing
	text      json.RawMessage
	installed *client.Client
	templates []tandem.TemplateID
	cycles    []tandem.CycleID
}

func (s *installs) begin(k *killing) {
	s.killing, s.installed = k, k.account("installs")
	text, err := os.ReadFile(filepath.Join("testdata", "deliver.json"))
	must(k, err)
	s.text = text
}

func (s *installs) turn(ctx context.Context, _ int) error {
	t, err := s.acme.ImportTemplate(ctx, s.text)
	if err != nil {
		return err
	}
	s.templates = append(s.templates, t)
	c, err := s.installed.InstallTemplate(ctx, t)
	if err == nil {
		s.cycles = append(s.cycles, c.ID)
	}
	return err
}

func (s *installs) end() {
	for _, id := range s.templates {
		if t, err := s.acme.Template(s.Context(), id); err != nil || t.ReleaseState != tandem.ReleaseLive {
			s.Errorf("template %s: %+v, %v", id, t, err)
		}
	}
	there := map[tandem.CycleID]bool{}
	for c, err := range s.installed.Cycles(s.Context(), client.CycleQuery{}) {
		must(s, err)
		there[c.ID] = true
		steps, err := s.installed.Steps(s.Context(), c.ID)
		must(s, err)
		if missing, err := s.installed.Prerequisites(s.Context(), c.ID); err != nil || len(steps) != 2 || len(missing) > 0 {
			s.Errorf("cycle %s has %d steps, and misses %+v, %v", c.ID, len(steps), missing, err)
		}
	}
	for _, id := range s.cycles {
		if !there[id] {
			s.Errorf("cycle %s, which was installed, is not there", id)
		}
	}
}

// invitations: a mail comes, and comes again at most once for a kill that met it.
type invitations struct {
	*killing
	to []string
}

const mostInvitations = 60 // more would wait, so as not to be taken for spam

func (s *invitations) begin(k *killing) {
	s.killing = k
	k.account("mails")
}

func (s *invitations) turn(ctx context.Context, n int) error {
	if time.Sleep(killTime / mostInvitations); n >= mostInvitations {
		return nil
	}
	to := fmt.Sprintf("n%d@x.test", n)
	err := s.acme.Do(ctx, http.MethodPost, "/accounts/mails/invitations", map[string]string{"Email": to}, nil)
	if err == nil {
		s.to = append(s.to, to)
	}
	return err
}

func (s *invitations) end() {
	twice := 0
	for _, to := range s.to {
		s.eventually("the mail to "+to, func() bool { return s.office.mails(to) > 0 })
		switch came := s.office.mails(to); {
		case came > 2:
			s.Errorf("%d mails came to %s", came, to)
		case came == 2:
			twice++
		}
	}
	s.Logf("%d mails, %d of them twice", len(s.to), twice)
}

// purges: what was deleted goes for good, however often that is cut off.
type purges struct {
	*killing
	template tandem.TemplateID
}

// agePurges lets the time that accounts are in the bin pass.
const agePurges = `UPDATE account SET deleted_at = 2 WHERE deleted_at > 2`

func (s *purges) begin(k *killing) {
	text, err := os.ReadFile(filepath.Join("testdata", "deliver.json"))
	must(k, err)
	s.killing = k
	s.template, err = k.acme.ImportTemplate(k.Context(), json.RawMessage(text))
	must(k, err)
}

// turn makes an account with some of everything, a long request in a file among
// it, and deletes it. The next start finds it too old.
func (s *purges) turn(ctx context.Context, n int) error {
	id := fmt.Sprint("gone", n)
	if _, err := s.acme.CreateAccount(ctx, client.Account{ID: id, Name: id}); err != nil {
		return err
	}
	a := s.acme.Account(id)
	_, err := a.InstallConnector(ctx, "Sink", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: s.sink.URL}}})
	if err != nil {
		return err
	}
	c, err := a.InstallTemplate(ctx, s.template)
	if err != nil {
		return err
	}
	if _, err := a.Activate(ctx, c.ID, client.Activation{}); err != nil {
		return err
	}
	steps, err := a.Steps(ctx, c.ID)
	if err != nil {
		return err
	}
	long := make([]byte, 300<<10)
	_, _ = rand.Read(long) // never fails
	if _, err := event(ctx, steps[0].WebhookURL, fmt.Sprint("purged-", n), base64.StdEncoding.EncodeToString(long)); err != nil {
		return err
	}
	if err := s.acme.DeleteAccount(ctx, id); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, agePurges)
	return err
}

func (s *purges) end() {
	s.eventually("the end of the purge", func() bool { return s.one(`SELECT count(*) FROM account WHERE deleted_at > 0`) == 0 })
	tables := map[bool]string{
		true:  `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c ON c.name = 'account' WHERE t.type = 'table' AND lower(c.type) = 'bigint'`,
		false: `SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'account' AND data_type = 'bigint'`,
	}[s.driver == "sqlite"]
	rows, err := s.db.QueryContext(s.Context(), tables)
	must(s, err)
	var names []string
	for rows.Next() {
		var name string
		must(s, rows.Scan(&name))
		names = append(names, name)
	}
	must(s, errors.Join(rows.Err(), rows.Close()))
	if len(names) < 15 {
		s.Errorf("only %v have accounts' rows", names)
	}
	for _, name := range names {
		if n := s.one(`SELECT count(*) FROM "` + name + `" WHERE account > 0 AND account NOT IN (SELECT id FROM account)`); n > 0 {
			s.Errorf("%s: %d rows of accounts that are gone", name, n)
		}
	}
	folders, err := filepath.Glob(filepath.Join(s.data, "blobs", "*"))
	must(s, err)
	for _, folder := range folders {
		if s.one(`SELECT count(*) FROM account WHERE id = CAST($1 AS bigint)`, filepath.Base(folder)) == 0 {
			s.Errorf("%s is left of an account that is gone", folder)
		}
	}
}

// rotations: the master key is replaced, in however many pieces.
type rotations struct {
	*killing
	was []byte
}

func (s *rotations) file() string { return filepath.Join(s.data, "master.key") }

func (s *rotations) begin(k *killing) {
	s.killing = k
	var err error
	s.was, err = os.ReadFile(s.file())
	must(k, err)
	must(k, vault.Source{Path: s.file()}.Rotate())
}

// turn makes an account, and with it one more key to wrap.
func (s *rotations) turn(ctx context.Context, n int) error {
	id := fmt.Sprint("rotated", n)
	if _, err := s.acme.CreateAccount(ctx, client.Account{ID: id, Name: id}); err != nil {
		return err
	}
	_, err := s.acme.Account(id).InstallConnector(ctx, "Sink", client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: s.sink.URL}}})
	time.Sleep(50 * time.Millisecond) // the others are to come to something too
	return err
}

func (s *rotations) end() {
	var text []byte
	s.eventually("the end of the rotation", func() bool {
		var err error
		text, err = os.ReadFile(s.file())
		return err == nil && bytes.Count(text, []byte("\n")) == 1
	})
	if bytes.Equal(text, s.was) {
		s.Error("the key is the old one")
	}
	for a, err := range s.acme.Accounts(s.Context(), client.AccountQuery{}) {
		must(s, err)
		if strings.HasPrefix(a.APIID, "rotated") {
			_, err := s.acme.Account(a.APIID).Connectors(s.Context()) // reads what is sealed
			must(s, err)
		}
	}
}

// signIns: a token signs in once, however often it is tried.
type signIns struct {
	*killing
	mu   sync.Mutex
	used map[tandem.Secret]int
}

func (s *signIns) begin(k *killing) {
	s.killing = k
	k.account("signed-in")
}

func (s *signIns) turn(ctx context.Context, _ int) error {
	t, err := s.acme.SignInToken(ctx, "signed-in", "amy@x.test")
	if err != nil {
		return err
	}
	var both sync.WaitGroup
	var errs [2]error
	for i := range errs {
		both.Go(func() { errs[i] = s.use(ctx, t.Token) })
	}
	both.Wait()
	return errors.Join(errs[:]...)
}

func (s *signIns) use(ctx context.Context, token tandem.Secret) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/account/signinwithtoken?token="+url.QueryEscape(string(token)), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultTransport.RoundTrip(r) // and follows nothing
	in := 0
	if err == nil {
		err = resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusSeeOther:
			in = 1
		case http.StatusGone:
		default:
			s.Errorf("a sign-in was answered %d", resp.StatusCode)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[token] += in
	return err
}

func (s *signIns) end() {
	in := 0
	for token := range s.used {
		must(s, s.use(s.Context(), token))
		if s.used[token] > 1 {
			s.Errorf("a token signed in %d times", s.used[token])
		}
		in += s.used[token]
	}
	s.Logf("%d tokens, %d of them signed in", len(s.used), in)
	if in == 0 {
		s.Error("nobody came in")
	}
}
