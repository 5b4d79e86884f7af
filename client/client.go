// Package client calls the REST API of a Tandem installation.
//
// A [Client] acts for a partner: it gets tokens with the credentials of an OAuth
// client, and new ones when they expire. [Client.Account] narrows it to one
// account, in which the calls at account level then act. Errors come back as the
// [tandem.Error] that they were in the server, found by the status:
//
//	acme := client.New("https://tandem.example", id, secret)
//	books := acme.Account("books")
//	cycle, err := books.InstallTemplate(ctx, template)
//	if tandem.ErrorCode(err) == tandem.NotFound { … }
//
// [Client.Do] calls what has no method of its own.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// maxAnswer is the most that is read of an answer, in bytes.
const maxAnswer = 64 << 20

// early is how long before its end a token is no longer used.
const early = time.Minute

// Client calls the API. It is safe for concurrent use.
type Client struct {
	base    string
	account string // API ID; "": partner level
	http    *http.Client
	tokens  *tokens
}

// tokens is the token that a client and those made from it share.
type tokens struct {
	id, secret string

	mu      sync.Mutex
	token   string
	expires time.Time
}

// New makes a client of the installation at baseURL, with the credentials of an
// OAuth client of a partner.
func New(baseURL, clientID string, secret tandem.Secret) *Client {
	return &Client{
		base: strings.TrimSuffix(baseURL, "/"), http: &http.Client{Timeout: time.Minute},
		tokens: &tokens{id: clientID, secret: string(secret)},
	}
}

// Account is the client for what is in one account, given by its API ID.
func (c *Client) Account(apiID string) *Client {
	narrow := *c
	narrow.account = apiID
	return &narrow
}

// Do makes a call below /v1.0, such as GET /accounts. What is in goes out as
// JSON, unless it is nil; the answer is read into out, unless that is nil.
//
// Errors: a tandem.Error with the code of the answer's status; others when there
// was no answer.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	answer, err := c.try(ctx, method, path, in)
	if tandem.ErrorCode(err) == tandem.Unauthenticated && c.tokens.drop() {
		answer, err = c.try(ctx, method, path, in) // it was deleted, or the server is a new one
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
}

func (c *Client) try(ctx context.Context, method, path string, in any) ([]byte, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	token, err := c.token(ctx)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/v1.0"+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.account != "" {
		r.Header.Set("X-Tandem-Account", c.account)
	}
	return c.send(r)
}

// send makes a request, and turns a status that tells of an error into one.
func (c *Client) send(r *http.Request) ([]byte, error) {
	res, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 == 2 {
		return body, nil
	}
	return nil, failure(res, body)
}

// failure is the error that the server had.
func failure(res *http.Response, body []byte) error {
	var told struct {
		Message    string
		ModelState map[string][]string
		Error      string // of the token endpoint
	}
	e := &tandem.Error{Code: tandem.CodeOf(res.StatusCode)}
	if err := json.Unmarshal(body, &told); err != nil {
		e.Err = fmt.Errorf("answer is not JSON: %w", err)
	}
	for _, text := range []string{told.Message, told.Error, res.Status} {
		if e.Message == "" {
			e.Message = text
		}
	}
	for field := range told.ModelState {
		e.Field = field
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	return e
}

// token is the current one, or a new one if that ends soon.
func (c *Client) token(ctx context.Context) (string, error) {
	t := c.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != "" && time.Until(t.expires) > early {
		return t.token, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.SetBasicAuth(url.QueryEscape(t.id), url.QueryEscape(t.secret))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := c.send(r)
	if err != nil {
		return "", fmt.Errorf("get a token: %w", err)
	}
	var issued struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &issued); err != nil {
		return "", fmt.Errorf("get a token: %w", err)
	}
	if issued.AccessToken == "" {
		return "", errors.New("get a token: there is none in the answer")
	}
	t.token, t.expires = issued.AccessToken, time.Now().Add(time.Duration(issued.ExpiresIn)*time.Second)
	return t.token, nil
}

// drop forgets the token, and says whether there was one.
func (t *tokens) drop() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	had := t.token != ""
	t.token = ""
	return had
}
