package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// early is how long before its end a token is no longer used.
const early = time.Minute

// tokens is the token that a client and those made from it share.
type tokens struct {
	id, secret string

	mu      sync.Mutex
	token   string
	expires time.Time
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
	a, err := c.send(r)
	if err != nil {
		return "", fmt.Errorf("get a token: %w", err)
	}
	var issued struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.Unmarshal(a.body, &issued); err != nil {
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
