package app

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
)

// orders is a cycle that answers an order, and then waits for what becomes of it.
func orders() tandem.TemplateFile {
	const webhook = "f920380c-6a6e-4be8-8c32-14b54b693f55"
	in, reply, mid, told := tandem.StepID(tandem.NewGUID()), tandem.StepID(tandem.NewGUID()), tandem.StepID(tandem.NewGUID()), tandem.StepID(tandem.NewGUID())
	from := func(target string, step tandem.StepID, field string) tandem.Mapping {
		return tandem.Mapping{Target: target, MappingType: tandem.MapStep, SourceStepID: step, SourceField: field}
	}
	text := tandem.Mapping{MappingType: tandem.MapStatic, Value: "{{Order::id}} is {{Change::state}}"}
	edge := func(from, to tandem.StepID) tandem.Edge {
		return tandem.Edge{ID: tandem.EdgeID(tandem.NewGUID()), HeadStepID: from, TailStepID: to, EdgeType: tandem.ForwardEdge}
	}
	return tandem.TemplateFile{Format: tandem.TemplateFileFormat, Name: "Orders", Graph: tandem.Graph{
		Steps: []tandem.Step{
			{ID: in, Name: "Order", ActionType: tandem.WebhookStep, Connector: "hook", Method: webhook},
			{ID: reply, Name: "Taken", ActionType: tandem.SynchronousResponseStep, Answer: &tandem.Answer{Status: 201}, Fields: []tandem.Mapping{from("order.id", in, "id"), from("file", in, "file.FileName")}},
			{ID: mid, Name: "Change", ActionType: tandem.WebhookStep, Connector: "hook", Method: webhook, Match: &tandem.Match{Field: "order", Key: from("", in, "id")}},
			{ID: told, Name: "Told", ActionType: tandem.SynchronousResponseStep, Answer: &tandem.Answer{ContentType: "text/plain", Body: &text}},
		},
		Edges:      []tandem.Edge{edge(in, reply), edge(reply, mid), edge(mid, told)},
		Connectors: []tandem.ConnectorRef{{Ref: "hook", Name: "Generic Webhook", Version: "1.0"}},
	}}
}

// stall is an account with a running cycle of orders, and its two addresses.
type stall struct {
	account     *client.Client
	cycle       tandem.CycleID
	order, then string
}

func (r *running) stall(t *testing.T, secret string) *stall {
	t.Helper()
	if _, err := r.acme.CreateAccount(t.Context(), client.Account{ID: "shop", Name: "Shop"}); err != nil {
		t.Fatal(err)
	}
	s := &stall{account: r.acme.Account("shop")}
	how := client.Install{}
	if secret != "" {
		how.Properties = []client.Property{{Name: "SigningSecret", Value: secret}}
	}
	if _, err := s.account.InstallConnector(t.Context(), "Generic Webhook", how); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(orders())
	if err != nil {
		t.Fatal(err)
	}
	template, err := r.acme.ImportTemplate(t.Context(), json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.account.InstallTemplate(t.Context(), template)
	if err == nil {
		_, err = s.account.Activate(t.Context(), c.ID, client.Activation{})
	}
	if err != nil {
		t.Fatal(err)
	}
	steps, err := s.account.Steps(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.cycle = c.ID
	for _, step := range steps {
		switch step.Name {
		case "Order":
			s.order = step.WebhookURL
		case "Change":
			s.then = step.WebhookURL
		}
	}
	return s
}

// tell sends a request and gives the status and body of what comes back.
func tell(t *testing.T, method, url, kind, body string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func (s *stall) transactions(t *testing.T) (all []tandem.Transaction) {
	t.Helper()
	all, err := s.account.Transactions(t.Context(), s.cycle)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWebhooksInFull(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		r := start(t, config(t, database))
		s := r.stall(t, "")
		expect := func(what string, status int, body string, wantStatus int, want string) {
			t.Helper()
			if status != wantStatus || body != want {
				t.Errorf("%s: %d %s, want %d %s", what, status, body, wantStatus, want)
			}
		}
		status, body := tell(t, "POST", s.order, "application/json", `{"id":7}`, "Idempotency-Key", "o7")
		expect("an order", status, body, 201, `{"order":{"id":7}}`)
		status, body = tell(t, "POST", s.order, "application/json", `{"id":8}`, "Idempotency-Key", "o7")
		expect("the same again", status, body, 201, `{"order":{"id":7}}`)
		if all := s.transactions(t); len(all) != 1 {
			t.Fatalf("%d transactions", len(all))
		}
		status, body = tell(t, "PUT", s.order, "application/xml", `<order><id>9</id></order>`)
		expect("XML", status, body, 201, `{}`)
		form, kind := withFile(t)
		status, body = tell(t, "POST", s.order, kind, form)
		expect("a file", status, body, 201, `{"file":"a.txt","order":{"id":"12"}}`)

		eventually(t, "the order to wait", func() bool {
			all := s.transactions(t)
			return all[len(all)-1].Status == tandem.TransactionWaiting
		})
		for _, state := range []string{"paid", "shipped"} {
			status, body = tell(t, "POST", s.then, "application/json", fmt.Sprintf(`{"order":"7","state":%q}`, state))
			expect("a change", status, body, 200, "7 is "+state)
		}
		status, body = tell(t, "GET", s.then+"?order=12&state=gone", "", "")
		expect("a change by its query", status, body, 200, "12 is gone")
		status, body = tell(t, "POST", s.then, "application/json", `{"order":"none"}`)
		expect("a change of nothing", status, body, 200, `{}`)
		status, body = tell(t, "POST", s.then, "application/json", `{"state":"paid"}`)
		expect("a change without an order", status, body, 200, `{}`)
		children := 0
		for _, x := range s.transactions(t) {
			if x.ParentID != 0 {
				children++
			} else if x.Children > 0 && x.Status != tandem.TransactionWaiting {
				t.Errorf("after changes an order is %s", x.Status)
			}
		}
		if children != 3 {
			t.Errorf("%d changes", children)
		}
		if _, err := s.account.Deactivate(t.Context(), s.cycle, true); err != nil {
			t.Fatal(err)
		}
		if status, _ = tell(t, "POST", s.then, "application/json", `{"order":"7"}`); status != http.StatusGone {
			t.Errorf("a change while the cycle finishes: %d", status)
		}
		eventually(t, "the cycle to end", func() bool {
			c, err := s.account.Cycle(t.Context(), s.cycle)
			if err != nil {
				t.Fatal(err)
			}
			return c.Status == tandem.CyclePaused
		})
		for _, x := range s.transactions(t) {
			if x.Status != tandem.TransactionCompleted && x.Status != tandem.TransactionFailed {
				t.Errorf("it left one %s", x.Status)
			}
		}
	})
}

// withFile is a form with a file.
func withFile(t *testing.T) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.WriteField("id", "12"); err != nil {
		t.Fatal(err)
	}
	f, err := w.CreateFormFile("file", "a.txt")
	if err == nil {
		_, err = io.WriteString(f, "hello")
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestWebhooksThatAreSigned(t *testing.T) {
	r := start(t, config(t, ""))
	s := r.stall(t, "whsec_"+base64.StdEncoding.EncodeToString([]byte("secret")))
	if status, body := tell(t, "POST", s.order, "application/json", `{"id":7}`); status != 401 || !strings.Contains(body, "not signed") {
		t.Errorf("not signed: %d %s", status, body)
	}
	id, at := "msg_1", fmt.Sprint(time.Now().Unix())
	headers := func(body string) []string {
		return []string{"Webhook-Id", id, "Webhook-Timestamp", at, "Webhook-Signature", "v1," + hmacOf("secret", id+"."+at+"."+body)}
	}
	if status, body := tell(t, "POST", s.order, "application/json", `{"id":7}`, headers(`{"id":7}`)...); status != 201 {
		t.Errorf("signed: %d %s", status, body)
	}
	if status, _ := tell(t, "POST", s.order, "application/json", `{"id":8}`, headers(`{"id":7}`)...); status != 401 {
		t.Errorf("another's signature: %d", status)
	}
	if all := s.transactions(t); len(all) != 1 {
		t.Errorf("%d transactions", len(all))
	}
}

// hmacOf is the base64 of the SHA-256 HMAC of a text.
func hmacOf(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Two nodes: whichever takes a request, whichever runs it, its sender is answered.
func TestWebhooksOfTwoNodes(t *testing.T) {
	t.Parallel()
	c := config(t, storetest.URL(t))
	c.MasterKey = masterKeys("1")
	first := start(t, c)
	s := first.stall(t, "")
	c.Data, c.Listen = t.TempDir(), "127.0.0.1:0"
	second, err := New(t.Context(), logger(t), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := second.Run(ctx); err != nil {
			t.Errorf("second node: %v", err)
		}
	})
	defer wg.Wait()
	defer cancel()
	at := func(url string, n int) string {
		if n%2 == 0 {
			return url
		}
		return second.URL() + url[strings.Index(url, "/api/"):]
	}
	const n = 20
	var answers sync.WaitGroup
	for i := range n {
		answers.Go(func() {
			if status, body := tell(t, "POST", at(s.order, i), "application/json", fmt.Sprintf(`{"id":%d}`, i)); status != 201 || body != fmt.Sprintf(`{"order":{"id":%d}}`, i) {
				t.Errorf("order %d: %d %s", i, status, body)
			}
		})
	}
	answers.Wait()
	for i := range n {
		answers.Go(func() {
			if status, body := tell(t, "POST", at(s.then, i+1), "application/json", fmt.Sprintf(`{"order":%d,"state":"paid"}`, i)); status != 200 || body != fmt.Sprintf("%d is paid", i) {
				t.Errorf("change of order %d: %d %s", i, status, body)
			}
		})
	}
	answers.Wait()
}

// Nobody waits for longer than the limit, and the transaction goes on.
func TestAnswerThatDoesNotCome(t *testing.T) {
	c := config(t, "")
	c.WebhookAnswerLimit, c.WebhookRate = 50*time.Millisecond, 3
	r := start(t, c)
	s := r.stall(t, "")
	signal := func(how engine.Signal) {
		t.Helper()
		if err := r.engine.SignalCycle(t.Context(), 1, s.cycle, how); err != nil {
			t.Fatal(err)
		}
	}
	signal(engine.Hold)
	status, body := tell(t, "POST", s.order, "application/json", `{"id":7}`, "Idempotency-Key", "7")
	if status != http.StatusAccepted || !strings.Contains(body, "TransactionId") {
		t.Errorf("%d %s, want 202", status, body)
	}
	signal(engine.Resume)
	eventually(t, "the incident", func() bool {
		page, err := r.Transactions.Incidents(t.Context(), 1, tandem.TransactionFilter{})
		return err == nil && page.Total == 1 && page.Rows[0].ShortMessage == "Failed to return the webhook response" && page.Rows[0].TransactionID != 0
	})
	eventually(t, "the transaction to go on", func() bool { return s.transactions(t)[0].Status == tandem.TransactionWaiting })
	if status, body = tell(t, "POST", s.order, "application/json", `{"id":7}`, "Idempotency-Key", "7"); status != 201 {
		t.Errorf("asked again: %d %s", status, body)
	}
	tell(t, "POST", s.order, "application/json", `{"id":8}`)
	if status, _ = tell(t, "POST", s.order, "application/json", `{"id":9}`); status != http.StatusTooManyRequests {
		t.Errorf("beyond the rate: %d", status)
	}
}
