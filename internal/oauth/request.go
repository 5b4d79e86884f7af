package oauth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
)

// maxAnswer is how many bytes of an answer are read: tokens travel in headers.
const maxAnswer = 256 << 10

// Event is a moment at which a hook may change a message.
type Event string

// The moments; of requests, and of their answers.
const (
	BeforeAuthorise Event = "before_oauth2_authorise"
	BeforeToken     Event = "before_oauth2_token"
	AfterToken      Event = "after_oauth2_token"
	BeforeRefresh   Event = "before_oauth2_refresh"
	AfterRefresh    Event = "after_oauth2_refresh"
)

// Message is what a hook sees and may change: of a request, where it goes and what
// is sent; of an answer, the body.
type Message struct {
	URL      string
	Header   http.Header
	Form     url.Values
	Response []byte
}

// Hook is called at an Event. An error ends the request for a token.
type Hook func(ctx context.Context, at Event, m *Message) error

func (f *Flow) hook(ctx context.Context, at Event, m *Message) error {
	if f.Hook == nil {
		return nil
	}
	host := m.URL
	if err := f.Hook(ctx, at, m); err != nil {
		return &Error{Kind: Unusable, Detail: string(at) + ": " + err.Error(), Err: err}
	}
	if !sameHost(host, m.URL) {
		return unusable("%s: a script may not send credentials to another host", at)
	}
	return nil
}

func sameHost(a, b string) bool {
	x, err := url.Parse(a)
	if err != nil {
		return false
	}
	y, err := url.Parse(b)
	return err == nil && x.Scheme == y.Scheme && x.Host == y.Host && y.User == nil
}

// ask sends a form to an address that gives tokens.
func (f *Flow) ask(ctx context.Context, to *url.URL, form url.Values, before, after Event) (Token, error) {
	m := Message{URL: to.String(), Form: form, Header: http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"},
	}}
	f.identify(&m)
	if err := f.hook(ctx, before, &m); err != nil {
		return Token{}, err
	}
	secrets := f.secrets(m.Form)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, strings.NewReader(m.Form.Encode()))
	if err != nil {
		return Token{}, unusable("the address of the token is not valid")
	}
	req.Header = m.Header
	a, err := f.send(req)
	if err != nil {
		return Token{}, err
	}
	m.Response = a.body
	if err := f.hook(ctx, after, &m); err != nil {
		return Token{}, err
	}
	a.body = m.Response
	t, err := a.token(time.Now(), secrets)
	if refused := (*Error)(nil); errors.As(err, &refused) {
		refused.RetryAfter = a.retryAfter
	}
	return t, err
}

// identify puts the client into a request, where the definition says.
func (f *Flow) identify(m *Message) {
	if f.Authentication.ClientAuthentication == connector.ClientInHeader {
		// RFC 6749, 2.3.1: both are encoded as in a form.
		pair := url.QueryEscape(f.ClientID) + ":" + url.QueryEscape(string(f.ClientSecret))
		m.Header.Set("Authorization", "Basic "+base64Of(pair))
		return
	}
	if f.ClientID != "" {
		m.Form.Set("client_id", f.ClientID)
	}
	if f.ClientSecret != "" {
		m.Form.Set("client_secret", string(f.ClientSecret))
	}
}

// answer is what came back, of any status.
type answer struct {
	status     int
	kind       string // media type
	body       []byte
	retryAfter time.Duration
}

var errRedirect = unusable("the third party redirects requests for tokens, which is not followed")

// send sends a request and follows no redirect: what is sent is for whom it is
// sent to.
func (f *Flow) send(req *http.Request) (answer, error) {
	client := *f.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, asError("the third party did not answer", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return answer{}, errRedirect
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return answer{}, asError("the third party's answer broke off", err)
	}
	if len(body) > maxAnswer {
		return answer{}, unusable("the third party's answer is longer than %d bytes", maxAnswer)
	}
	return answer{resp.StatusCode, mediaType(resp.Header.Get("Content-Type")), body, retryAfter(resp.Header.Get("Retry-After"))}, nil
}

func mediaType(text string) string {
	kind, _, _ := strings.Cut(text, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// maxRetryAfter bounds what a third party can have us wait.
const maxRetryAfter = time.Hour

func retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(text); err == nil {
		return min(max(time.Duration(n)*time.Second, 0), maxRetryAfter)
	}
	if t, err := http.ParseTime(text); err == nil {
		return min(max(time.Until(t), 0), maxRetryAfter)
	}
	return 0
}

// fits says that a token can be in a header.
func fits(token tandem.Secret) bool {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return false
		}
	}
	return token != "" && len(token) <= maxToken
}

// maxToken is how many bytes a token may have.
const maxToken = 16 << 10
