package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/examples/templates"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

const (
	twoWayLimit = time.Minute
	// lapRounds is how often a change has to go round to show that nothing ends it.
	lapRounds = 25
)

// application is one of the sample applications.
type application struct {
	t      testing.TB
	url    string
	header http.Header
}

// startApplication starts one, which prints its address first.
func startApplication(t testing.TB, name string, header http.Header, flags ...string) application {
	t.Helper()
	p := start(t, name, append([]string{"--listen", "127.0.0.1:0"}, flags...)...)
	for deadline := time.Now().Add(twoWayLimit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if line, _, ok := strings.Cut(p.log.String(), "\n"); ok {
			return application{t, line, header}
		}
	}
	t.Fatalf("%s does not start: %s", name, p.log)
	return application{}
}

// do sends in, if it is not nil, and reads the answer into out.
func (a application) do(method, path string, in, out any) {
	a.t.Helper()
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		must(a.t, err)
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, a.url+path, body)
	must(a.t, err)
	r.Header = a.header
	resp, err := http.DefaultClient.Do(r)
	must(a.t, err)
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		a.t.Fatalf("%s %s: %s", method, path, resp.Status)
	}
	if out != nil {
		must(a.t, json.NewDecoder(resp.Body).Decode(out))
	}
}

// told is how many events its only webhook has delivered, and how many are still
// on their way.
func (a application) told(path string) (delivered, pending int) {
	a.t.Helper()
	var out struct {
		Webhooks []struct{ Delivered, Failed, Pending int }
	}
	a.do("GET", path, nil, &out)
	if len(out.Webhooks) != 1 || out.Webhooks[0].Failed > 0 {
		a.t.Fatalf("webhooks of %s: %+v", a.url, out.Webhooks)
	}
	return out.Webhooks[0].Delivered, out.Webhooks[0].Pending
}

// pair is two applications that are kept in step both ways.
type pair struct {
	t            testing.TB
	crm, mailing application
	account      *client.Client
	cycles       []tandem.CycleID
}

// newPair starts everything. Change may change a template's graph before it is
// installed.
func newPair(t testing.TB, storage []string, change func(*tandem.Graph)) *pair {
	t.Helper()
	p := &pair{
		t:       t,
		crm:     startApplication(t, "crm", http.Header{"X-Api-Key": {"k"}}, "--api-key", "k"),
		mailing: startApplication(t, "mailing", http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("u:p"))}}, "--user", "u", "--password", "p", "--lists", "Newsletter"),
	}
	in, address := install(t, storage...), freeAddresses(t, 1)[0]
	in.serve(address)
	acme := in.partner("http://" + address)
	ctx := t.Context()
	_, err := acme.CreateAccount(ctx, client.Account{ID: "books", Name: "Books"})
	must(t, err)
	p.account = acme.Account("books")
	for name, with := range map[string]client.Install{
		"Bookshelf CRM":            {AuthValue: "k", Properties: []client.Property{{Name: "BaseUrl", Value: p.crm.url}}},
		"Postbag":                  {AuthValue: base64.StdEncoding.EncodeToString([]byte("u:p")), Properties: []client.Property{{Name: "BaseUrl", Value: p.mailing.url}}},
		"Cross Updating Preventer": {},
	} {
		_, err := p.account.InstallConnector(ctx, name, with)
		must(t, err)
	}
	for _, file := range []string{"contact-to-subscriber.json", "subscriber-to-contact.json"} {
		p.cycles = append(p.cycles, p.start(acme, file, change))
	}
	return p
}

// start imports a template, installs it and starts its cycle.
func (p *pair) start(acme *client.Client, file string, change func(*tandem.Graph)) tandem.CycleID {
	p.t.Helper()
	text, err := templates.Files.ReadFile(file)
	must(p.t, err)
	var template tandem.TemplateFile
	must(p.t, json.Unmarshal(text, &template))
	if change != nil {
		change(&template.Graph)
	}
	text, err = json.Marshal(template)
	must(p.t, err)
	imported, err := acme.ImportTemplate(p.t.Context(), json.RawMessage(text))
	must(p.t, err)
	cycle, err := p.account.InstallTemplate(p.t.Context(), imported)
	must(p.t, err)
	_, err = p.account.Activate(p.t.Context(), cycle.ID, client.Activation{})
	must(p.t, err)
	return cycle.ID
}

// withoutPreventer takes the preventer, and the decision on what it says, out of a
// graph: what led to them leads to what came after them.
func withoutPreventer(g *tandem.Graph) {
	var first, last tandem.StepID // of those that go
	for _, s := range g.Steps {
		if s.Connector == "preventer" {
			first = s.ID
		}
	}
	for _, e := range g.Edges {
		if e.HeadStepID == first {
			last = e.TailStepID
		}
	}
	var before tandem.StepID
	for _, e := range g.Edges {
		if e.TailStepID == first {
			before = e.HeadStepID
		}
	}
	for i := range g.Edges {
		if e := &g.Edges[i]; e.HeadStepID == last {
			e.HeadStepID, e.EdgeType = before, tandem.ForwardEdge
		}
	}
	gone := func(id tandem.StepID) bool { return id == first || id == last }
	g.Steps = slices.DeleteFunc(g.Steps, func(s tandem.Step) bool { return gone(s.ID) })
	g.Edges = slices.DeleteFunc(g.Edges, func(e tandem.Edge) bool { return gone(e.HeadStepID) || gone(e.TailStepID) })
	g.Connectors = slices.DeleteFunc(g.Connectors, func(c tandem.ConnectorRef) bool { return c.Ref == "preventer" })
}

// values are what both applications know of a person.
type values struct{ Name, Country string }

func (p *pair) contact() values {
	p.t.Helper()
	var c struct {
		First   string `json:"first_name"`
		Last    string `json:"last_name"`
		Country string
	}
	p.crm.do("GET", "/api/contacts/1", nil, &c)
	return values{strings.TrimSpace(c.First + " " + c.Last), strings.ToUpper(c.Country)}
}

// subscriber gives what is known of the only one, and how often that was written;
// 0: there is none.
func (p *pair) subscriber() (v values, writes int) {
	p.t.Helper()
	var out struct {
		Subscribers []struct {
			Name     string `json:"full_name"`
			Country  string
			Requests int
		}
	}
	p.mailing.do("GET", "/lists/1/subscribers", nil, &out)
	if len(out.Subscribers) == 0 {
		return v, 0
	}
	s := out.Subscribers[0]
	return values{s.Name, s.Country}, s.Requests
}

// quiet waits until nothing is under way any more: each event was delivered and
// its transaction is at its end, which causes no further event.
func (p *pair) quiet() {
	p.t.Helper()
	for deadline := time.Now().Add(twoWayLimit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		before, after := p.events(), 0
		if before >= 0 && p.ended(before) {
			after = p.events()
		}
		if before == after {
			return
		}
	}
	p.t.Fatal("it does not come to rest")
}

// events is how many were delivered; -1: some are on their way.
func (p *pair) events() int {
	p.t.Helper()
	one, first := p.crm.told("/api/webhooks")
	two, second := p.mailing.told("/webhooks")
	if first+second > 0 {
		return -1
	}
	return one + two
}

// ended says that there are n transactions, all at their end, without an error.
func (p *pair) ended(n int) bool {
	p.t.Helper()
	all, err := p.account.Transactions(p.t.Context(), "")
	must(p.t, err)
	for _, t := range all {
		if t.Status == tandem.TransactionFailed {
			p.t.Fatalf("transaction %s failed", t.ID)
		}
		if !t.Status.Final() {
			return false
		}
	}
	return len(all) == n
}

var (
	ada   = map[string]any{"email": "Ada@Example.com", "first_name": "Ada", "last_name": "King Lovelace", "country": "gb"}
	grace = map[string]any{"email": "ada@example.com", "full_name": "Grace Brewster Hopper", "country": "US"}
)

// Without the preventer a change goes round between two applications, for as long
// as both cycles run.
func TestTwoWayGoesRound(t *testing.T) {
	t.Parallel()
	p := newPair(t, []string{"--data", t.TempDir()}, withoutPreventer)
	p.crm.do("POST", "/api/contacts", ada, nil)
	for deadline := time.Now().Add(twoWayLimit); ; time.Sleep(20 * time.Millisecond) {
		_, writes := p.subscriber()
		if writes >= lapRounds {
			t.Logf("one change was written %d times, and would be for ever", writes)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the change went round only %d times: the other test shows nothing", writes)
		}
	}
}

// With it each change is applied once, whichever side it comes from, and both know
// the same at the end.
func TestTwoWayEnds(t *testing.T) {
	t.Parallel()
	twoWayEnds(t, "--data", t.TempDir())
}

func TestTwoWayEndsPostgres(t *testing.T) {
	t.Parallel()
	twoWayEnds(t, "--data", t.TempDir(), "--database", pgtest.URL(t))
}

func twoWayEnds(t *testing.T, storage ...string) {
	p := newPair(t, storage, nil)
	adaIs, graceIs := values{"Ada King Lovelace", "GB"}, values{"Grace Brewster Hopper", "US"}
	for i, step := range []struct {
		what   string
		do     func()
		is     values
		writes int // of the subscriber so far, by anybody
		told   int // by the CRM so far: how often its contact was written
	}{
		{"added in the CRM", func() { p.crm.do("POST", "/api/contacts", ada, nil) }, adaIs, 1, 1},
		{"changed in the mailing list", func() { p.mailing.do("POST", "/lists/1/subscribers", grace, nil) }, graceIs, 2, 2},
		{"changed back in the CRM", func() { p.crm.do("PUT", "/api/contacts/1", ada, nil) }, adaIs, 3, 3},
		{"saved again without a change", func() { p.crm.do("PUT", "/api/contacts/1", ada, nil) }, adaIs, 4, 4},
		{"changed in what is not compared", func() { p.mailing.do("POST", "/lists/1/subscribers", with(p, "source", "web"), nil) }, adaIs, 5, 4},
		{"and back in the mailing list", func() { p.mailing.do("POST", "/lists/1/subscribers", grace, nil) }, graceIs, 6, 5},
	} {
		step.do()
		p.quiet()
		is, writes := p.subscriber()
		told, _ := p.crm.told("/api/webhooks")
		got := fmt.Sprintln(p.contact(), is, writes, told)
		if diff := cmp.Diff(fmt.Sprintln(step.is, step.is, step.writes, step.told), got); diff != "" {
			t.Fatalf("%d, %s: -want +got\n%s", i+1, step.what, diff)
		}
	}
}

// with is the subscriber as it is, but for one member.
func with(p *pair, name string, value any) map[string]any {
	p.t.Helper()
	is, _ := p.subscriber()
	return map[string]any{"email": "ada@example.com", "full_name": is.Name, "country": is.Country, name: value}
}
