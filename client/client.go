package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem"
)

// maxAnswer is the most that is read of an answer, in bytes.
const maxAnswer = 64 << 20

// Client calls the API. It is safe for concurrent use.
type Client struct {
	base    string
	account string // API ID; "": partner level
	key     string // Idempotency-Key of a POST; "": one of its own
	http    *http.Client
	tokens  *tokens
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

// Once is the client whose next POST has an Idempotency-Key of your own, of 1 to
// 255 printable characters: if it was made before within 24 hours, by whichever
// process, it is not made again, and its answer is the first one's. Use one for one
// call.
func (c *Client) Once(key string) *Client {
	once := *c
	once.key = key
	return &once
}

// Do makes a call below /v1.0, such as GET /accounts. What is in goes out as
// JSON, unless it is nil; the answer is read into out, unless that is nil.
//
// When the server asks for another try later, it is made, up to three times.
//
// Errors: a tandem.Error with the code of the answer's status; others when there
// was no answer.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	_, err := c.do(ctx, method, path, in, out)
	return err
}

// do is Do, and gives the headers of the answer.
func (c *Client) do(ctx context.Context, method, path string, in, out any) (http.Header, error) {
	var body []byte
	var err error
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	key := ""
	if method == http.MethodPost {
		key = cmp.Or(c.key, rand.Text())
	}
	a, err := again(ctx, func() (answer, error) {
		a, err := c.try(ctx, method, path, key, body)
		if tandem.ErrorCode(err) == tandem.Unauthenticated && c.tokens.drop() {
			a, err = c.try(ctx, method, path, key, body) // it was deleted, or the server is a new one
		}
		return a, err
	})
	if err == nil {
		err = read(a.body, out)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	return a.header, nil
}

func (c *Client) try(ctx context.Context, method, path, key string, body []byte) (answer, error) {
	token, err := c.token(ctx)
	if err != nil {
		return answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/v1.0"+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	if c.account != "" {
		r.Header.Set("X-Tandem-Account", c.account)
	}
	return c.send(r)
}

// answer is what the server said.
type answer struct {
	header http.Header
	body   []byte
}

// send makes a request, and turns a status that tells of an error into one.
func (c *Client) send(r *http.Request) (answer, error) {
	res, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return answer{}, err
	}
	if res.StatusCode/100 == 2 {
		return answer{res.Header, body}, nil
	}
	return answer{}, failure(res, body)
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
