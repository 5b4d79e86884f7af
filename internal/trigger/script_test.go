package trigger_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/trigger"
)

// handlers are a webhook's scripts, as far as the intake can tell.
type handlers struct {
	reply *trigger.Reply
	body  string // instead of what came
	stop  bool
	err   error
	asked []tandem.Exchange
}

func (h *handlers) Before(_ context.Context, request tandem.Exchange) (*trigger.Reply, error) {
	h.asked = append(h.asked, request)
	return h.reply, h.err
}

func (h *handlers) After(_ context.Context, body []byte) ([]byte, bool, error) {
	if h.body != "" {
		body = []byte(h.body)
	}
	return body, !h.stop, nil
}

// ruled finds the same rules for all webhooks.
func ruled(r trigger.Rules) trigger.RulesFinder {
	return func(context.Context, tandem.Webhook) (*trigger.Rules, error) { return &r, nil }
}

func TestScripts(t *testing.T) {
	for name, tt := range map[string]struct {
		scripts handlers
		status  int
		answer  string
		started string // body; "": nothing was
	}{
		"go on":      {handlers{}, 200, `{"TransactionId":`, `{"a":1}`},
		"change":     {handlers{body: `{"b":2}`}, 200, `{"TransactionId":`, `{"b":2}`},
		"stop":       {handlers{stop: true}, 200, `{}`, ""},
		"answer":     {handlers{reply: &trigger.Reply{Body: []byte("c1")}}, 200, "c1", ""},
		"refuse":     {handlers{err: tandem.Invalidf("", "a bad signature")}, 400, `{"Message":"a bad signature"}`, ""},
		"cannot run": {handlers{err: &tandem.Error{Code: tandem.Unavailable, Message: "later", RetryAfter: time.Second}}, 503, `{"Message":"later"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(trigger.Rules{Scripts: &tt.scripts})})
			resp, body := send(t, "POST", url+key+"?q=1", `{"a":1}`, "Content-Type", "application/json", "X-Sent", "x", "Authorization", "hidden")
			if resp.StatusCode != tt.status || !strings.HasPrefix(body, tt.answer) {
				t.Errorf("answered %d %s", resp.StatusCode, body)
			}
			if asked := tt.scripts.asked[0]; string(asked.Body) != `{"a":1}` || asked.Headers["X-Sent"] != "x" || asked.Headers["Authorization"] != "" || !strings.HasSuffix(asked.URL, "?q=1") {
				t.Errorf("scripts saw %+v", asked)
			}
			started := ""
			if len(d.submitted) > 0 {
				started = string(d.submitted[0].Items[0].Request.Body)
			}
			if started != tt.started {
				t.Errorf("started with %q, want %q", started, tt.started)
			}
		})
	}
}

// What a script answers cannot act in the name of this domain.
func TestReplyIsHarmless(t *testing.T) {
	scripts := handlers{reply: &trigger.Reply{Body: []byte("<script>alert(1)</script>"), Headers: map[string]string{
		"content-type": "text/html", "x-hook-secret": "s1", "Set-Cookie": "session=evil", "Location": "https://evil.test", "Service-Worker-Allowed": "/",
		"Content-Security-Policy": "", "X-Content-Type-Options": "", "Access-Control-Allow-Origin": "*", "Clear-Site-Data": "*", "X-Bad": "a\r\nSet-Cookie: b=c",
	}}}
	_, url := serve(t, newDesk(), trigger.IntakeOptions{Rules: ruled(trigger.Rules{Scripts: &scripts})})
	resp, _ := send(t, "POST", url+key, `{}`)
	h := resp.Header
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Cross-Origin-Resource-Policy": "same-origin", "X-Hook-Secret": "s1", "Set-Cookie": "", "Location": "", "Service-Worker-Allowed": "", "Access-Control-Allow-Origin": "",
		"Clear-Site-Data": "", "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
	} {
		if h.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, h.Get(name), want)
		}
	}
}

// An answer is data: JSON, text or XML.
func TestReplyIsData(t *testing.T) {
	const text = "text/plain; charset=utf-8"
	for given, want := range map[string]string{
		"application/json": "application/json", "application/hal+json; charset=utf-8": "application/hal+json; charset=utf-8", "text/plain": "text/plain",
		"text/xml; charset=utf-8": "text/xml; charset=utf-8", "Application/XML": "Application/XML", "image/svg+xml": text, "application/xhtml+xml": text,
		"text/css": text, "text/javascript": text, "multipart/form-data": text, "": text, "text/html, application/json": text, "application/json;a=b;a=c": text,
	} {
		scripts := handlers{reply: &trigger.Reply{Body: []byte("{}"), Headers: map[string]string{"Content-Type": given}}}
		_, url := serve(t, newDesk(), trigger.IntakeOptions{Rules: ruled(trigger.Rules{Scripts: &scripts})})
		if resp, _ := send(t, "POST", url+key, `{}`); resp.Header.Get("Content-Type") != want {
			t.Errorf("%q: answered as %q, want %q", given, resp.Header.Get("Content-Type"), want)
		}
	}
}

// A webhook whose scripts cannot be found takes nothing, and is asked about again.
func TestScriptsUnknown(t *testing.T) {
	d, fails := newDesk(), true
	_, url := serve(t, d, trigger.IntakeOptions{Rules: func(context.Context, tandem.Webhook) (*trigger.Rules, error) {
		if fails {
			return nil, errors.New("no database")
		}
		return nil, nil
	}})
	if resp, _ := send(t, "POST", url+key, `{}`); resp.StatusCode != http.StatusServiceUnavailable || len(d.submitted) != 0 {
		t.Errorf("answered %d, started %d", resp.StatusCode, len(d.submitted))
	}
	fails = false
	if resp, _ := send(t, "POST", url+key, `{}`); resp.StatusCode != http.StatusOK || len(d.submitted) != 1 {
		t.Errorf("then answered %d, started %d", resp.StatusCode, len(d.submitted))
	}
}

// Senders look whether an address is there before the cycle runs, as it starts.
func TestLookedAtWhilePaused(t *testing.T) {
	challenged := &handlers{reply: &trigger.Reply{Body: []byte("c1")}}
	for name, tt := range map[string]struct {
		method  string
		scripts *handlers
		status  int
		answer  string
	}{
		"head":         {"HEAD", &handlers{}, 200, ""},
		"challenge":    {"GET", challenged, 200, "c1"},
		"event":        {"POST", &handlers{}, 410, ""},
		"no challenge": {"GET", &handlers{}, 410, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.setStatus(tandem.CyclePaused)
			_, url := serve(t, d, trigger.IntakeOptions{Rules: ruled(trigger.Rules{Scripts: tt.scripts})})
			resp, body := send(t, tt.method, url+key, "")
			if resp.StatusCode != tt.status || !strings.HasPrefix(body, tt.answer) || len(d.submitted) > 0 {
				t.Errorf("answered %d %s, started %d", resp.StatusCode, body, len(d.submitted))
			}
		})
	}
}
