package connection_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/oauthtest"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// handlers stand for the pool: a function of Go for each event.
type handlers map[script.Event]func(state map[string]any) map[string]any

func (h handlers) Run(_ context.Context, j script.Job) (*script.Outcome, error) {
	out := &script.Outcome{Go: true, State: map[string]json.RawMessage{}}
	for name, v := range h[j.Event](j.State) {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out.State[name] = text
	}
	return out, nil
}

// A connector's script changes what is sent for a token and what comes, and sends
// it nowhere else.
func TestScriptsOfTokens(t *testing.T) {
	var sent http.Header
	elsewhere := ""
	w := newThird(t, "", connection.Options{Scripts: handlers{
		script.BeforeOAuth2Token: func(s map[string]any) map[string]any {
			form := s["method_request"].(map[string]any)
			form["audience"] = []string{"a", "b"}
			change := map[string]any{"method_request": form, "method_request_headers": map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Extra": "yes"}}
			if elsewhere != "" {
				change["method_endpoint"] = elsewhere
			}
			return change
		},
		script.AfterOAuth2Token: func(s map[string]any) map[string]any {
			var answer struct{ Data json.RawMessage }
			if err := json.Unmarshal(s["method_response"].(json.RawMessage), &answer); err != nil {
				t.Error(err)
			}
			return map[string]any{"method_response": answer.Data}
		},
	}})
	w.library.Script = "function before_oauth2_token() {}\nfunction after_oauth2_token() {}"
	w.Set(func(p *oauthtest.Provider) {
		p.Answer = func(w http.ResponseWriter, r *http.Request) {
			sent = r.Header.Clone()
			if err := r.ParseForm(); err != nil || !slices.Equal(r.Form["audience"], []string{"a", "b"}) {
				t.Errorf("audience %v, %v", r.Form["audience"], err)
			}
			_, _ = w.Write([]byte(`{"data":{"access_token":"at-wrapped","token_type":"bearer"}}`))
		}
	})
	c := w.with(t, clientCredentials, "{}")
	r, err := w.Credentials(t.Context(), w.root, c.ID)
	if err != nil || r.AuthValue != "at-wrapped" || sent.Get("X-Extra") != "yes" {
		t.Errorf("%+v, %v; sent %v", r, err, sent)
	}
	elsewhere = "https://elsewhere.test/token"
	if c := w.with(t, clientCredentials, "{}"); c.State != tandem.NotAuthenticated || !strings.Contains(c.Note, "another host") {
		t.Errorf("sent elsewhere: %+v", c)
	}
}
