package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	readyTime = 30 * time.Second
	account   = "bench"
	connector = "Bench sink"
)

// Tandem starts the real binary on SQLite and sets it up by its public API: a
// partner, an account, the connector, and a cycle for each work. files holds
// the connector (in connector/) and the templates (in template/).
func Tandem(binary, files string) Starter {
	return func(ctx context.Context, dir, sink string) (*System, error) {
		data := filepath.Join(dir, "data")
		creds, err := initPartner(ctx, binary, data)
		if err != nil {
			return nil, err
		}
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		p, err := launch(ctx, dir, nil, binary, "serve", "--listen", address, "--data", data,
			"--egress-allow", "127.0.0.0/8", "--connectors", filepath.Join(files, "connector"))
		if err != nil {
			return nil, err
		}
		c := &client{base: "http://" + address}
		s := &System{PID: p.cmd.Process.Pid, Dir: data, stop: p.stop}
		if err := c.awaitReady(ctx, p); err != nil {
			return nil, err
		}
		if s.URLs, err = c.setUp(ctx, creds, files, sink); err != nil {
			return nil, errors.Join(fmt.Errorf("set up tandem: %w", err), p.stop())
		}
		return s, nil
	}
}

type credentials struct{ ClientID, ClientSecret string }

func initPartner(ctx context.Context, binary, data string) (c credentials, err error) {
	cmd := exec.CommandContext(ctx, binary, "init", "--data", data, "--partner", "Bench", "--email", "bench@example.com", "--json")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return c, fmt.Errorf("tandem init: %w", err)
	}
	if err := json.Unmarshal(out, &c); err != nil {
		return c, fmt.Errorf("tandem init printed %q: %w", out, err)
	}
	return c, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// setUp returns the webhook URL of each work's cycle.
func (c *client) setUp(ctx context.Context, creds credentials, files, sink string) (map[Work]string, error) {
	if err := c.signIn(ctx, creds); err != nil {
		return nil, err
	}
	if err := c.call(ctx, http.MethodPost, "/accounts", map[string]any{"Id": account, "Name": "Bench"}, nil); err != nil {
		return nil, err
	}
	install := map[string]any{"Properties": []map[string]string{{"Name": "BaseUrl", "Value": sink}}}
	if err := c.call(ctx, http.MethodPost, "/connectors/"+url.PathEscape(connector)+"/install", install, nil); err != nil {
		return nil, err
	}
	urls := map[Work]string{}
	for work, name := range map[Work]string{Map: "map", Split: "split", LookUp: "lookup"} {
		file, err := os.ReadFile(filepath.Join(files, "template", name+".json"))
		if err != nil {
			return nil, err
		}
		if urls[work], err = c.startCycle(ctx, json.RawMessage(file)); err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
	}
	return urls, nil
}

func (c *client) startCycle(ctx context.Context, template json.RawMessage) (webhook string, err error) {
	var imported, cycle struct{ ID string }
	if err := c.call(ctx, http.MethodPost, "/templates/import", template, &imported); err != nil {
		return "", err
	}
	if err := c.call(ctx, http.MethodPost, "/templates/"+imported.ID+"/install", map[string]any{}, &cycle); err != nil {
		return "", err
	}
	if err := c.call(ctx, http.MethodPut, "/cycles/"+cycle.ID+"/activate", map[string]any{}, nil); err != nil {
		return "", err
	}
	var steps []struct{ WebhookURL string }
	if err := c.call(ctx, http.MethodGet, "/cycles/"+cycle.ID+"/steps", nil, &steps); err != nil {
		return "", err
	}
	for _, s := range steps {
		if s.WebhookURL != "" {
			return s.WebhookURL, nil
		}
	}
	return "", fmt.Errorf("cycle %s has no step with a WebhookUrl", cycle.ID)
}

// client calls the API.
type client struct{ base, token string }

// awaitReady returns when the server says that it is ready, or with an error
// when p ends or takes too long.
func (c *client) awaitReady(ctx context.Context, p *process) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/readyz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.ended:
			return p.failure()
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("tandem is not ready: %w", ctx.Err()), p.stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *client) signIn(ctx context.Context, creds credentials) error {
	form := "grant_type=client_credentials"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/oauth/token", strings.NewReader(form))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(creds.ClientID, creds.ClientSecret)
	var out struct {
		AccessToken string `json:"access_token"`
	}
	err = do(req, &out)
	c.token = out.AccessToken
	return err
}

// call sends in as JSON to a path of the API and decodes the answer into out;
// either may be nil.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/v1.0"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Tandem-Account", account)
	return do(req, out)
}

func do(req *http.Request, out any) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var raw json.RawMessage
	if err := json.NewDecoder(resp.Body).Decode(&raw); err != nil {
		return fmt.Errorf("%s %s: answered %s: %w", req.Method, req.URL.Path, resp.Status, err)
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: answered %s: %s", req.Method, req.URL.Path, resp.Status, raw)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(raw, out)
}
