package embed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/app"
	"github.com/tandem-ipaas/tandem/internal/embed"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	stopLimit = time.Minute
	patience  = 20 * time.Second
)

// world is an installation with a partner, whose customers have browsers.
type world struct {
	*testing.T
	*app.App
	partner tandem.NewPartner
	acme    *client.Client
	log     *lines
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

// databases runs a test on either kind.
func databases(t *testing.T, test func(w *world)) {
	t.Run("SQLite", func(t *testing.T) { test(newWorld(t, app.Config{})) })
	t.Run("Postgres", func(t *testing.T) { test(newWorld(t, app.Config{Database: storetest.URL(t)})) })
}

func newWorld(t *testing.T, c app.Config) *world {
	t.Helper()
	c.Data, c.Listen = storetest.Folder(t), "127.0.0.1:0"
	c.EgressAllow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	w := &world{T: t, log: &lines{}}
	var err error
	if w.App, err = app.New(t.Context(), slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- w.App.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err = <-ended:
		case <-time.After(stopLimit):
			err = errors.New("it does not stop")
		}
		if err != nil {
			t.Errorf("stop: %v", err)
		}
		if t.Failed() {
			for line := range strings.Lines(w.log.String()) {
				if !strings.Contains(line, "level=DEBUG") && !strings.Contains(line, "level=INFO") {
					t.Log(line)
				}
			}
		}
	})
	if w.partner, err = w.Identity.Setup(t.Context(), "Acme Software", "ada@acme.test"); err != nil {
		t.Fatal(err)
	}
	w.acme = client.New(w.URL(), w.partner.ClientID, tandem.Secret(w.partner.ClientSecret))
	return w
}

type object map[string]any

// call makes a call to the API as the partner.
func (w *world) call(method, path string, body, out any) {
	w.Helper()
	if err := w.acme.Do(w.Context(), method, path, body, out); err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
}

// deployed is the answer of a deploy call.
type deployed struct {
	AccountID string `json:"AccountId"`
	Token     string
	LaunchURL string `json:"LaunchUrl"`
	OrbitURL  string `json:"OrbitUrl"`
	MarketURL string `json:"MarketplaceUrl"`
}

func (w *world) deploy(what, account string, body object) deployed {
	w.Helper()
	var d deployed
	w.call(http.MethodPost, "/accounts/"+account+"/"+what, body, &d)
	return d
}

// embedding sets the partner's settings.
func (w *world) embedding(body object) {
	w.Helper()
	w.call(http.MethodPut, "/settings/embedding", body, nil)
}

// browser keeps cookies, secure ones too.
type browser struct {
	*world
	cookies map[string]*http.Cookie
}

func (w *world) browser() *browser { return &browser{w, map[string]*http.Cookie{}} }

// answer is a page.
type answer struct {
	*http.Response
	text string
	url  *url.URL
}

// do makes a request, and follows no redirect.
func (b *browser) do(method, address string, form url.Values, headers ...string) answer {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.URL() + address
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(b.Context(), method, address, body)
	if err != nil {
		b.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	for _, c := range b.cookies {
		req.AddCookie(c)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c
		}
	}
	return answer{res, string(text), req.URL}
}

// open gets a page, following redirects, which must be there.
func (b *browser) open(address string) answer {
	b.Helper()
	return b.follow(b.do(http.MethodGet, address, nil))
}

func (b *browser) follow(a answer) answer {
	b.Helper()
	for range 5 {
		if a.StatusCode/100 != 3 {
			break
		}
		to, err := a.url.Parse(a.Header.Get("Location"))
		if err != nil {
			b.Fatal(err)
		}
		a = b.do(http.MethodGet, b.asked(to).String(), nil)
	}
	return a
}

// asked is what a screen asks when it is opened: who is signed in. Whether it is
// built is another matter.
func (b *browser) asked(to *url.URL) *url.URL {
	number := embed.SessionOf(to.Path)
	if number == "" {
		return to
	}
	query := to.Query()
	query.Set("session", number)
	return b.at("/account/session?" + query.Encode())
}

func (b *browser) at(path string) *url.URL {
	u, err := url.Parse(b.URL() + path)
	if err != nil {
		b.Fatal(err)
	}
	return u
}

// told is what a screen is told of who is signed in.
type told struct {
	Username, Form string
	Account        struct{ Name string }
}

// told is what a screen was told; false: the answer is a page.
func (b *browser) told(a answer) (t told, screen bool) {
	b.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") {
		return t, false
	}
	if err := json.Unmarshal([]byte(a.text), &t); err != nil {
		b.Fatal(err)
	}
	return t, true
}

// ok is a page that is as it should be.
func (b *browser) ok(a answer, texts ...string) answer {
	b.Helper()
	if a.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d\n%s", a.url, a.StatusCode, a.text)
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(a.text), text) {
			b.Errorf("%s does not say %q:\n%s", a.url, text, a.text)
		}
	}
	return a
}

// refused is a page that says what is wrong.
func (b *browser) refused(a answer, status int, text string) answer {
	b.Helper()
	if a.StatusCode != status || !strings.Contains(html.UnescapeString(a.text), text) {
		b.Errorf("%s: %d, want %d and %q\n%s", a.url, a.StatusCode, status, text, a.text)
	}
	return a
}

// send fills in and sends the form of a page whose action ends in action; ""
// takes the first.
func (b *browser) send(a answer, action string, fill ...string) answer {
	b.Helper()
	f := b.form(a, action)
	for i := 0; i < len(fill); i += 2 {
		name := f.name(fill[i])
		if name == "" {
			b.Fatalf("%s has no field %q: %v", a.url, fill[i], f.values)
		}
		f.values.Set(name, fill[i+1])
	}
	return b.follow(b.do(http.MethodPost, f.action, f.values))
}

// form is one of a page's.
type form struct {
	action string
	values url.Values
}

// name is that of the field whose name ends in end.
func (f form) name(end string) string {
	for name := range f.values {
		if strings.HasSuffix(name, end) {
			return name
		}
	}
	return ""
}

var (
	formPattern   = regexp.MustCompile(`(?s)<form method="post"(?: action="([^"]*)")?.*?</form>`)
	inputPattern  = regexp.MustCompile(`<input [^>]*>`)
	selectPattern = regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)".*?</select>`)
	chosenPattern = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	optionPattern = regexp.MustCompile(`<option value="([^"]*)"`)
	attribute     = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

func (b *browser) form(a answer, action string) form {
	b.Helper()
	if t, screen := b.told(a); screen {
		to := b.at("/account/" + strings.TrimPrefix(strings.TrimPrefix(action, "/account"), "/") + "?" + a.url.RawQuery)
		return form{to.String(), url.Values{"form": {t.Form}, "account": {""}}}
	}
	for _, m := range formPattern.FindAllStringSubmatch(a.text, -1) {
		to, err := a.url.Parse(html.UnescapeString(m[1]))
		if err != nil {
			b.Fatal(err)
		}
		if strings.HasSuffix(to.Path, action) {
			return form{to.String(), fields(m[0])}
		}
	}
	b.Fatalf("%s has no form for %q:\n%s", a.url, action, a.text)
	return form{}
}

// fields are those of a form as a browser would send them untouched.
func fields(text string) url.Values {
	values := url.Values{}
	for _, in := range inputPattern.FindAllString(text, -1) {
		of := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(in, -1) {
			of[m[1]] = html.UnescapeString(m[2])
		}
		if of["type"] != "radio" || strings.Contains(in, " checked") {
			values.Set(of["name"], of["value"])
		}
	}
	for _, m := range selectPattern.FindAllStringSubmatch(text, -1) {
		chosen := chosenPattern.FindStringSubmatch(m[0])
		if chosen == nil {
			chosen = optionPattern.FindStringSubmatch(m[0])
		}
		values.Set(html.UnescapeString(m[1]), html.UnescapeString(chosen[1]))
	}
	return values
}

// names are those of the cookies that b holds.
func (b *browser) names() []string {
	var all []string
	for name := range b.cookies {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// crm stands for the sample CRM.
func crm(t *testing.T) string {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/webhooks", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":7}`)
	})
	mux.HandleFunc("DELETE /api/webhooks/7", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /api/contacts/12", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "the key" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":12,"email":"ada@x.test"}`)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// lookUp is a template that fetches the contact that the customer chose,
// whenever there is a new one.
const lookUp = `{"Format":"tandem-template/1","Name":"Look up","Description":"Fetches <a> contact.","Tags":["crm"],"Graph":{
	"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}],
	"Variables":[{"DisplayName":"Shop","SystemName":"Shop","Value":"north","IsLaunchVisible":true}],
	"Steps":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","Name":"New","ActionType":2,"Connector":"crm","Method":"60ba8d11-96e8-4fc5-90a8-b086b86a6cb1"},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002","Name":"Get","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StaticValue","Value":"","IsLaunchVisible":true}]}],
	"Edges":[{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0003","EdgeType":"Forward",
		"HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0001","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0002"}]}}`

// timed is a template that runs by the clock.
const timed = `{"Format":"tandem-template/1","Name":"By the hour","Tags":["clock"],"Graph":{
	"Connectors":[{"Ref":"crm","Name":"Bookshelf CRM","Version":"1.0"}],
	"Steps":[
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0011","Name":"Get","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StaticValue","Value":"12"}]},
		{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0012","Name":"Again","ActionType":1,"Connector":"crm","Method":"0c2365ca-70aa-4f85-9837-5777fba21f37",
			"Parameters":[{"Target":"ContactId","MappingType":"StaticValue","Value":"12"}]}],
	"Edges":[{"Id":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0013","EdgeType":"Forward",
		"HeadStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0011","TailStepId":"5a41c2c5-1f1b-4d9a-8a4e-6cbb9f1c0012"}]}}`

func (w *world) template(text string) tandem.TemplateID {
	w.Helper()
	id, err := w.acme.ImportTemplate(w.Context(), json.RawMessage(text))
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// eventually waits until is says yes.
func (w *world) eventually(what string, is func() bool) {
	w.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("waited %v for %s", patience, what)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
