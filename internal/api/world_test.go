package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connectors"
	"github.com/tandem-ipaas/tandem/internal/api"
	"github.com/tandem-ipaas/tandem/internal/audit"
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/demand"
	"github.com/tandem-ipaas/tandem/internal/deploy"
	"github.com/tandem-ipaas/tandem/internal/egress"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/marketplace"
	"github.com/tandem-ipaas/tandem/internal/notice"
	"github.com/tandem-ipaas/tandem/internal/notify"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/repeat"
	"github.com/tandem-ipaas/tandem/internal/replay"
	"github.com/tandem-ipaas/tandem/internal/rollout"
	"github.com/tandem-ipaas/tandem/internal/run"
	"github.com/tandem-ipaas/tandem/internal/script"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/template"
	"github.com/tandem-ipaas/tandem/internal/tenant"
	"github.com/tandem-ipaas/tandem/internal/traffic"
	"github.com/tandem-ipaas/tandem/internal/usage"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

// engine stands for the engine, which has nothing to hold here.
type engine struct{}

func (engine) Hold(context.Context, tandem.AccountID, tandem.CycleID) error   { return nil }
func (engine) Resume(context.Context, tandem.AccountID, tandem.CycleID) error { return nil }
func (engine) Cancel(context.Context, tandem.AccountID, tandem.CycleID) error { return nil }
func (engine) Close(context.Context, tandem.AccountID, tandem.CycleID) error  { return nil }
func (engine) CallHook(context.Context, cycle.HookCall) ([]byte, error) {
	return []byte(`{"id":1}`), nil
}

// Call stands for a third party that has two lists.
func (engine) Call(_ context.Context, _ tandem.AccountID, _ tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	sent, err := json.Marshal(map[string]any{"Parameters": c.Parameters, "Body": c.Body, "Variables": c.Origin.Variables, "LastRun": c.LastRun})
	return invoke.Result{
		Request:  &tandem.Exchange{Method: c.Method.HTTPMethod, Body: sent},
		Response: &tandem.Exchange{Status: http.StatusOK, Body: []byte(`{"lists":[{"id":1,"name":"News"},{"id":2,"name":"Offers"}]}`)},
	}, err
}

// TryInstalled stands for the same, asked by who tries a connector.
func (e engine) TryInstalled(ctx context.Context, a tandem.AccountID, id tandem.AccountConnectorID, c invoke.Call) (invoke.Result, error) {
	return e.Call(ctx, a, id, c)
}

func (e engine) TryGiven(ctx context.Context, a tandem.AccountID, _ tandem.ConnectorTrial, c invoke.Call) (invoke.Result, error) {
	return e.Call(ctx, a, 0, c)
}

// Run stands for a script that goes on.
func (engine) Run(context.Context, script.Job) (*script.Outcome, error) {
	return &script.Outcome{Go: true}, nil
}

// world is the API on real services and a real database, without an engine.
type world struct {
	t        *testing.T
	db       *store.Store
	services api.Services
	api      *api.API
	url      string
	contract contract
	partner  tandem.NewPartner
	token    string // of the partner
	log      *lines
}

// lines is a log that can be read.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t *testing.T, o api.Options) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLite(t), o)
}

func newWorldOn(t *testing.T, db *store.Store, o api.Options) *world {
	t.Helper()
	w := &world{t: t, db: db, log: &lines{}}
	w.services = services(t, w.db)
	w.serve(o)
	var err error
	if w.partner, err = w.services.Identity.Setup(t.Context(), "Acme Software", "ada@acme.test"); err != nil {
		t.Fatal(err)
	}
	w.token = w.tokenFor(w.partner, "")
	return w
}

func (w *world) serve(o api.Options) {
	w.t.Helper()
	var err error
	if w.api, err = api.New(slog.New(slog.NewJSONHandler(w.log, nil)), w.services, o); err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(w.api)
	w.t.Cleanup(server.Close)
	w.url = server.URL
	w.contract = newContract(w.t, []byte(w.do(call{method: "GET", path: "/v1.0/openapi.json", token: "-"}).body))
}

func services(t *testing.T, db *store.Store) api.Services {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.DiscardHandler)
	hasher, err := password.NewWith(password.Options{Memory: 8, Iterations: 1})
	must(err)
	keys, err := vault.Unlock(vault.Source{Path: filepath.Join(t.TempDir(), "master.key")}, nil)
	must(err)
	library, err := catalog.Load(t.Context(), db, invoke.Check, samples(t))
	must(err)
	installed := connection.New(log, db, db, keys, library, connection.NewSettings(db, keys), http.DefaultClient, connection.Options{})
	cycles := cycle.New(log, db, db, db, library, installed, engine{}, engine{}, "http://service.test", cycle.Options{})
	fields := connection.NewFields(db, library, installed)
	templates, releases := template.New(log, db, library, installed, cycles), template.NewReleases(log, db, library)
	mailer := notify.New(log, db, keys, notify.Server{}, notify.Options{})
	attempts, post := identity.NewAttempts(), tenant.NewPost(identity.NewTickets(db), mailer, "http://service.test")
	settings := tenant.NewSettings(db)
	accounts := tenant.NewAccounts(db, settings, keys, cycles)
	db.KeepAudit(keys)
	files := template.NewFiles(log, db, library)
	gate := identity.NewGate(settings)
	factors := identity.NewFactors(db, keys)
	tickets := identity.NewTickets(db)
	memberships, access := tenant.NewMemberships(db, hasher), tenant.NewAccess(log, db, db, hasher, attempts, post)
	custom := catalog.NewCustom(log, db, library)
	calling := demand.New(installed, fields, library, engine{})
	repeater := run.NewRepeater(submitter{db}, planner{cycles}, cycles, db, db.Transactions())
	return api.Services{
		Deployments: deploy.New(accounts, access, memberships, library, installed, tickets, service),
		Gate:        gate, SignOns: identity.NewSignOns(db, db, keys, tickets, gate, egress.New(egress.Options{}).HTTP(), "http://service.test"), Sessions: identity.NewSessions(db), Clients: identity.NewOAuthClients(db),
		ConsoleUsers: identity.NewConsoleUsers(db, tickets, mailer, "http://service.test"), Profile: identity.NewProfile(db, hasher, factors, settings, mailer),
		Audit: audit.New(log, db), Replays: replay.New(db, keys, replay.Options{}),
		Fields: fields, Demand: calling, ConnectorTrials: demand.NewTrials(calling, engine{}, engine{}),
		Identity: identity.New(db, hasher, gate), Settings: settings, Accounts: accounts, AccountStates: accounts, Users: tenant.NewUsers(log, db, hasher, post),
		Memberships: memberships, Access: access, UserProfile: tenant.NewProfile(log, db, hasher, attempts, post), Invitations: tenant.NewInvitations(db, hasher, attempts, post), Meter: usage.New(db, db), Overview: usage.NewOverview(db, settings), Traffic: traffic.New(log, db),
		ConnectorReleases: catalog.NewReleases(log, db, library), ConnectorMoves: cycle.NewConnectorMoves(cycles, db, installed),
		Categories: connection.NewCategories(installed, db),
		Library:    library, CustomConnectors: custom, ConnectorImports: catalog.NewImports(log, custom, egress.New(egress.Options{}).HTTP()), Connectors: installed, LibrarySettings: connection.NewSettings(db, keys),
		SignIns: connection.NewSignIns(installed, tickets, "http://service.test"), Templates: templates, Marketplaces: marketplace.New(db, templates),
		Releases: releases, Trials: template.NewTrials(log, templates, db, cycles), Designs: template.NewCycleDesigns(log, templates, releases, cycles, db), Rollouts: rollout.New(db, func() {}), Files: files, Offers: template.NewOffers(log, files, tickets), Folders: template.NewFolders(db),
		Revisions: db, Changes: db, Cycles: cycles, Control: cycles, Transactions: db.Transactions(), Repeats: repeater, RepeatJobs: repeat.New(db, repeater, func() {}), Notices: notice.New(db, keys),
		NoticeTrials: notice.NewSender(log, db, db, keys, nil, egress.New(egress.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}).HTTP(), notice.Options{}),
	}
}

// submitter is an engine that runs nothing.
type submitter struct{ *store.Store }

func (s submitter) Submit(ctx context.Context, n ...journal.NewTxn) ([]tandem.TransactionID, error) {
	for i := range n {
		n[i].ID = tandem.TransactionID(time.Now().UnixMicro()-tandem.EpochMillis*1000)<<12 | tandem.TransactionID(i)
	}
	return s.Store.Submit(ctx, n)
}

func (s submitter) Drop(ctx context.Context, a tandem.AccountID, ids ...tandem.TransactionID) error {
	_, _, err := s.Store.Drop(ctx, a, ids)
	return err
}

// planner gives plans of cycles.
type planner struct{ *cycle.Cycles }

func (p planner) Plan(ctx context.Context, a tandem.AccountID, c tandem.CycleID, version int64) (*run.Integration, error) {
	plan, _, err := p.Cycles.Plan(ctx, a, c, version)
	return &run.Integration{Plan: plan}, err
}

// call is a request, with the partner's token unless it has another.
type call struct {
	method, path string
	token        string // "-": none
	account      string
	header       map[string]string
	body         any // a string is sent as it is, all else as JSON
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (w *world) do(c call) answer {
	w.t.Helper()
	var body io.Reader
	switch b := c.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, w.url+c.path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if c.token == "" {
		c.token = w.token
	}
	if c.token != "-" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.account != "" {
		req.Header.Set("X-Cyclr-Account", c.account)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range c.header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if kind := res.Header.Get("Content-Type"); w.contract.document != nil && res.StatusCode/100 == 2 && strings.HasPrefix(kind, "application/json") && c.method != "HEAD" && c.path != "/v1.0/openapi.json" {
		for _, what := range w.contract.answer(c.method, c.path, res.StatusCode, string(data)) {
			w.t.Errorf("%s %s does not answer as the document says: %s", c.method, c.path, what)
		}
	}
	return answer{res.StatusCode, res.Header, string(data)}
}

// ok makes a call that must succeed, and reads its answer into out.
func (w *world) ok(c call, out any) answer {
	w.t.Helper()
	a := w.do(c)
	if a.status/100 != 2 {
		w.t.Fatalf("%s %s: %d %s", c.method, c.path, a.status, a.body)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(a.body), out); err != nil {
			w.t.Fatalf("%s %s: %v in %s", c.method, c.path, err, a.body)
		}
	}
	return a
}

// fails makes a call that must be refused with a status and, unless "", a message.
func (w *world) fails(c call, status int, message string) {
	w.t.Helper()
	a := w.do(c)
	var e struct {
		Message    string
		ModelState map[string][]string
	}
	if err := json.Unmarshal([]byte(a.body), &e); err != nil || e.Message == "" || a.header.Get("Content-Type") != "application/json" {
		w.t.Errorf("%s %s: no error in %s %q (%v)", c.method, c.path, a.header.Get("Content-Type"), a.body, err)
	}
	if a.status != status || message != "" && e.Message != message {
		w.t.Errorf("%s %s: %d %s, want %d %q", c.method, c.path, a.status, a.body, status, message)
	}
}

func (w *world) tokenFor(p tandem.NewPartner, scope string) string {
	w.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {p.ClientID}, "client_secret": {p.ClientSecret}, "scope": {scope}}
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	w.ok(call{
		method: "POST", path: "/oauth/token", token: "-", body: form.Encode(),
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
	}, &issued)
	return issued.AccessToken
}

// account makes an account with its name for an id.
func (w *world) account(id, parent string) {
	w.t.Helper()
	body := map[string]any{"Id": id, "Name": id}
	if parent != "" {
		body["ParentAccountId"] = parent
	}
	w.ok(call{method: "POST", path: "/v1.0/accounts", body: body}, nil)
}

// transaction puts a transaction with one step item into an account.
func (w *world) transaction(account string, c tandem.CycleID, step tandem.StepID) tandem.TransactionID {
	w.t.Helper()
	a, err := w.services.Accounts.Get(w.t.Context(), w.partner.PartnerID, account)
	if err != nil {
		w.t.Fatal(err)
	}
	return submit(w.t, w.db, a.ID, c, step)
}

func submit(t *testing.T, db *store.Store, a tandem.AccountID, c tandem.CycleID, step tandem.StepID) tandem.TransactionID {
	t.Helper()
	now := time.Now()
	ids, err := db.Submit(t.Context(), []journal.NewTxn{{
		ID:      tandem.TransactionID(now.UnixMilli()-tandem.EpochMillis)<<22 | tandem.TransactionID(now.Nanosecond()&0xfff),
		Account: a, Cycle: c, Version: 1, Created: now,
		Items: []tandem.StepItem{{
			Seq: 1, StepID: step, Attempt: 1, Started: now, Finished: now,
			Request:  &tandem.Exchange{Method: "POST", URL: "http://x.test/", Headers: map[string]string{"A": "b"}, Body: []byte(`{"n":12345678901234567890}`)},
			Response: &tandem.Exchange{Status: 200, Body: []byte("not <json>")},
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return ids[0]
}

// samples is a library of the two samples alone: what is added to it in the
// course of time changes nothing here.
func samples(t *testing.T) fs.FS {
	t.Helper()
	library := fstest.MapFS{}
	for _, name := range []string{"sample-crm/connector.yaml", "sample-crm/icon.png", "sample-mailing/connector.yaml", "sample-mailing/icon.png"} {
		text, err := fs.ReadFile(connectors.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		library[name] = &fstest.MapFile{Data: text}
	}
	return library
}
