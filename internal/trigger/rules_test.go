package trigger_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

func TestMethodsOfADefinition(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(trigger.Rules{Methods: []string{"POST", "PUT"}})})
	for method, want := range map[string]int{"POST": 200, "PUT": 200, "GET": 405, "DELETE": 405, "HEAD": 200, "OPTIONS": 204} {
		resp, _ := send(t, method, url+key, "")
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", method, resp.StatusCode, want)
		}
		if want == 405 && resp.Header.Get("Allow") != "POST, PUT, HEAD, OPTIONS" {
			t.Errorf("%s: Allow %q", method, resp.Header.Get("Allow"))
		}
	}
}

// What is not signed as it should be leaves no trace, and what it is signed with is
// in no record.
func TestSignatures(t *testing.T) {
	hash := connector.Signature{Type: connector.SignHMAC, Header: "X-Hub-Signature-256", Prefix: "sha256=", Content: "{{Url}} {{Body}}"}
	inHeader := connector.Signature{Type: connector.SignToken, Header: "x-token"}
	inQuery := connector.Signature{Type: connector.SignToken, Query: "token"}
	for name, tt := range map[string]struct {
		rules   trigger.Rules
		query   string
		headers []string
		status  int
		url     string // recorded, after the key
	}{
		"HMAC":             {trigger.Rules{Signature: &hash, Secret: "s"}, "?a=1", []string{"X-Hub-Signature-256", "sha256=@"}, 200, "?a=1"},
		"wrong":            {trigger.Rules{Signature: &hash, Secret: "s"}, "", []string{"X-Hub-Signature-256", "sha256=00"}, 401, ""},
		"none":             {trigger.Rules{Signature: &hash, Secret: "s"}, "", nil, 401, ""},
		"no secret":        {trigger.Rules{Signature: &hash}, "", nil, 401, ""},
		"header":           {trigger.Rules{Signature: &inHeader, Secret: "s3cret"}, "?a=1", []string{"X-Token", "s3cret"}, 200, "?a=1"},
		"query":            {trigger.Rules{Signature: &inQuery, Secret: "s3cret"}, "?token=s3cret&a=1", nil, 200, "?a=1"},
		"query, alone":     {trigger.Rules{Signature: &inQuery, Secret: "s3cret"}, "?token=s3cret", nil, 200, ""},
		"query, malformed": {trigger.Rules{Signature: &inQuery, Secret: "s3cret"}, "?token=s3cret&a=%zz", nil, 200, "?a=%zz"},
		"query, wrong":     {trigger.Rules{Signature: &inQuery, Secret: "s3cret"}, "?token=guess", nil, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			scripts := &handlers{}
			tt.rules.Scripts = scripts
			_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(tt.rules), URL: "https://a.example/"})
			for i, h := range tt.headers {
				tt.headers[i] = strings.Replace(h, "@", hmacHex("s", "https://a.example"+trigger.Path+key+tt.query+` {"a":1}`), 1)
			}
			resp, text := send(t, "POST", url+key+tt.query, `{"a":1}`, append([]string{"Content-Type", "application/json"}, tt.headers...)...)
			if resp.StatusCode != tt.status {
				t.Fatalf("%d %s, want %d", resp.StatusCode, text, tt.status)
			}
			if tt.status != 200 {
				if len(d.submitted) != 0 || len(d.notes) != 0 || len(scripts.asked) != 0 {
					t.Errorf("left %d transactions, %v, %d scripts run", len(d.submitted), d.noted(), len(scripts.asked))
				}
				return
			}
			shown := d.submitted[0].Items[0].Request
			if shown.Headers["X-Token"] != "" || strings.Contains(shown.URL, "s3cret") || shown.URL != trigger.Path+key+tt.url {
				t.Errorf("recorded %s, %v", shown.URL, shown.Headers)
			}
		})
	}
}

func TestEventsOfADefinition(t *testing.T) {
	at, err := connector.ParseLocation("action.id")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 300)
	for name, tt := range map[string]struct {
		rules   trigger.Rules
		body    string
		headers []string
		want    string
	}{
		"in a header":      {trigger.Rules{EventHeader: "X-Event"}, `{}`, []string{"X-Event", "e1", "Webhook-Id", "w1"}, "e1"},
		"not there":        {trigger.Rules{EventHeader: "X-Event"}, `{}`, []string{"Webhook-Id", "w1"}, "w1"},
		"ours comes first": {trigger.Rules{EventHeader: "X-Event"}, `{}`, []string{"X-Event", "e1", "Idempotency-Key", "k1"}, "k1"},
		"in the body":      {trigger.Rules{EventField: &at}, `{"action":{"id":7}}`, nil, "7"},
		"a long one":       {trigger.Rules{EventField: &at}, `{"action":{"id":"` + long + `"}}`, nil, "4"},
		"not in the body":  {trigger.Rules{EventField: &at}, `{"action":{}}`, nil, ""},
		"a list of them":   {trigger.Rules{EventField: &at}, `{"action":{"id":[1]}}`, nil, ""},
	} {
		d := newDesk()
		_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(tt.rules)})
		send(t, "POST", url+key, tt.body, append([]string{"Content-Type", "application/json"}, tt.headers...)...)
		got := d.submitted[0].Key
		if name == "a long one" {
			if len(got) != 64 {
				t.Errorf("%s: %q", name, got)
			}
		} else if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// Who has seen a signed request cannot send it again as another event, by what is not
// signed of it.
func TestEventsOfSignedRequests(t *testing.T) {
	at, err := connector.ParseLocation("id")
	if err != nil {
		t.Fatal(err)
	}
	hash := connector.Signature{Type: connector.SignHMAC, Header: "X-Sum", Separator: ","}
	unset, timed := hash, hash
	unset.Optional = true
	timed.TimestampHeader, timed.Content = "X-Time", "{{Timestamp}}.{{Body}}"
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for name, tt := range map[string]struct {
		rules trigger.Rules
		sum   string // of what is signed
		want  string // "mark": one that only what is signed decides
	}{
		"HMAC":                 {trigger.Rules{Signature: &hash, Secret: "s"}, `{"id":"e1"}`, ""},
		"its time":             {trigger.Rules{Signature: &timed, Secret: "s"}, now + `.{"id":"e1"}`, "mark"},
		"its header":           {trigger.Rules{Signature: &hash, Secret: "s", EventHeader: "X-Event"}, `{"id":"e1"}`, "again"},
		"its field":            {trigger.Rules{Signature: &hash, Secret: "s", EventField: &at}, `{"id":"e1"}`, "e1"},
		"a token":              {trigger.Rules{Signature: &connector.Signature{Type: connector.SignToken, Header: "X-Token"}, Secret: "s"}, "", "again"},
		"not signed after all": {trigger.Rules{Signature: &unset}, "", "again"},
	} {
		d := newDesk()
		_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(tt.rules), URL: "https://a.example"})
		sum := hmacHex("s", tt.sum)
		for header, event := range map[string]string{sum: "first", "x," + strings.ToUpper(sum): "again"} {
			send(t, "POST", url+key, `{"id":"e1"}`, "Content-Type", "application/json", "X-Token", "s", "X-Sum", header, "X-Time", now, "X-Event", event, "Idempotency-Key", event)
		}
		if len(d.submitted) != 2 {
			t.Fatalf("%s: %d transactions", name, len(d.submitted))
		}
		one, two := d.submitted[0].Key, d.submitted[1].Key
		switch tt.want {
		case "again":
			if one == two {
				t.Errorf("%s: %q twice", name, one)
			}
		case "mark":
			if one != two || len(one) != 64 || one == sum {
				t.Errorf("%s: %q and %q", name, one, two)
			}
		default:
			if one != tt.want || two != tt.want {
				t.Errorf("%s: %q and %q, want %q", name, one, two, tt.want)
			}
		}
	}
}

// A token in the query is not in the document that is made of the query either.
func TestTokenIsInNoDocument(t *testing.T) {
	d := newDesk()
	rules := trigger.Rules{Signature: &connector.Signature{Type: connector.SignToken, Query: "token"}, Secret: "s3cret"}
	_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(rules)})
	resp, text := send(t, "GET", url+key+"?a=1&to%6ben=s3cret&b=2", "")
	if resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if r := d.submitted[0].Items[0].Request; string(r.Body) != `{"a":"1","b":"2"}` || strings.Contains(r.URL, "s3cret") {
		t.Errorf("recorded %s, %s", r.URL, r.Body)
	}
}

func TestRate(t *testing.T) {
	d := newDesk()
	_, url := serve(t, d, trigger.IntakeOptions{Rate: 2})
	for i, want := range []int{200, 200, 429} {
		resp, _ := send(t, "POST", url+key, "{}")
		if resp.StatusCode != want || (want == 429) != (resp.Header.Get("Retry-After") != "") {
			t.Errorf("request %d: %d, Retry-After %q", i, resp.StatusCode, resp.Header.Get("Retry-After"))
		}
	}
}

// shelf keeps files.
type shelf struct {
	kept  []string
	fails error
}

func (s *shelf) Create(_ context.Context, name, kind string, r io.Reader) (body.File, error) {
	if s.fails != nil {
		return body.File{}, s.fails
	}
	b, err := io.ReadAll(r)
	s.kept = append(s.kept, name+" "+kind+" "+string(b))
	return body.File{FileName: name, ContentType: kind, Size: int64(len(b)), File: "file:1"}, err
}

func (s *shelf) Open(context.Context, string) (io.ReadCloser, body.File, error) {
	return nil, body.File{}, errors.New("not asked for")
}

func TestFiles(t *testing.T) {
	d, files := newDesk(), &shelf{}
	rules := trigger.Rules{}
	_, url := serve(t, d, trigger.IntakeOptions{
		Files: func(a tandem.AccountID) body.Files {
			if a != 7 {
				t.Errorf("files of account %d", a)
			}
			return files
		},
		Rules: func(context.Context, tandem.Webhook) (*trigger.Rules, error) { return &rules, nil }, Lease: time.Nanosecond,
	})
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("doc", "a.pdf")
	if err == nil {
		_, err = io.WriteString(part, "%PDF")
	}
	if err != nil || w.WriteField("n", "1") != nil || w.Close() != nil {
		t.Fatal(err)
	}
	form := b.String()
	send(t, "POST", url+key, form, "Content-Type", w.FormDataContentType())
	const want = `{"doc":{"ContentType":"application/octet-stream","File":"file:1","FileName":"a.pdf","Size":4},"n":"1"}`
	if got := string(d.submitted[0].Items[0].Request.Body); got != want {
		t.Errorf("a form: %s\nwant %s", got, want)
	}
	rules.Format.Type = connector.SimpleFileBody
	send(t, "PUT", url+key, "abc", "Content-Type", "application/pdf", "Content-Disposition", `attachment; filename="b.pdf"`)
	if want := []string{"a.pdf application/octet-stream %PDF", "b.pdf application/pdf abc"}; !slices.Equal(files.kept, want) {
		t.Errorf("kept %q, want %q", files.kept, want)
	}
	rules.Format.Type = ""
	files.fails = &tandem.Error{Code: tandem.TooLarge, Message: "Too much."}
	resp, _ := send(t, "POST", url+key, form, "Content-Type", w.FormDataContentType())
	if noted := d.noted(); resp.StatusCode != http.StatusRequestEntityTooLarge || len(d.submitted) != 2 || !slices.Equal(noted, []string{"Failed to save the webhook response"}) {
		t.Errorf("no room: %d, %v", resp.StatusCode, noted)
	}
}

// Where the Content-Type says nothing, the definition does.
func TestTypeOfADefinition(t *testing.T) {
	d := newDesk()
	rules := trigger.Rules{Format: body.Format{Type: connector.XMLBody, Lists: []connector.Location{location(t, "a.[b]")}}}
	_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(rules)})
	send(t, "POST", url+key, "<a><b>1</b></a>", "Content-Type", "text/plain")
	if got := string(d.submitted[0].Items[0].Request.Body); got != `{"a":{"b":["1"]}}` {
		t.Errorf("%s", got)
	}
}

func location(t *testing.T, text string) connector.Location {
	t.Helper()
	l, err := connector.ParseLocation(text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Scripts that fail are told of; of what is told again and again, not each.
func TestNotes(t *testing.T) {
	d := newDesk()
	scripts := &handlers{err: tandem.Invalidf("", "a bad signature")}
	_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(trigger.Rules{Scripts: scripts})})
	for range 8 {
		send(t, "POST", url+key, "{}")
	}
	noted := d.noted()
	if len(noted) != 5 || noted[0] != "Webhook failed" || d.notes[0].FullMessage != "a bad signature" {
		t.Errorf("%v", noted)
	}
}
