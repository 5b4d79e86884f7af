package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/client"
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
		creds, err := initPartner(ctx, binary, []string{"--data", data})
		if err != nil {
			return nil, err
		}
		n, err := serve(ctx, dir, binary, files, []string{"--data", data})
		if err != nil {
			return nil, err
		}
		s := &System{Partner: n.partner(creds), PIDs: []int{n.cmd.Process.Pid}, Dir: data, stop: n.stop}
		s.again = func(ctx context.Context) (*node, error) {
			n, err := serve(ctx, dir, binary, files, []string{"--data", data})
			if err == nil {
				s.Partner = n.partner(creds)
			}
			return n, err
		}
		if s.URLs, err = setUp(ctx, s.Partner, files, sink); err != nil {
			return nil, errors.Join(fmt.Errorf("set up tandem: %w", err), n.stop())
		}
		return s, nil
	}
}

// node is a server that runs.
type node struct {
	*process
	base string // of its URLs
}

func (n *node) partner(c credentials) *client.Client {
	return client.New(n.base, c.ClientID, tandem.Secret(c.ClientSecret))
}

// serve starts a server, and returns when it is ready. Its log goes to dir.
func serve(ctx context.Context, dir, binary, files string, storage []string) (*node, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := launch(ctx, dir, nil, binary, append([]string{"serve", "--listen", address,
		"--egress-allow", "127.0.0.0/8", "--connectors", filepath.Join(files, "connector"),
		"--api-rate-client", "10000000", "--api-rate-account", "10000000"}, storage...)...)
	if err != nil {
		return nil, err
	}
	n := &node{p, "http://" + address}
	return n, awaitReady(ctx, n.base, p)
}

type credentials struct{ ClientID, ClientSecret string }

func initPartner(ctx context.Context, binary string, storage []string) (c credentials, err error) {
	cmd := exec.CommandContext(ctx, binary, append([]string{"init", "--partner", "Bench", "--email", "bench@example.com", "--json"}, storage...)...)
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
func setUp(ctx context.Context, partner *client.Client, files, sink string) (map[Work]string, error) {
	c := partner.Account(account)
	if _, err := c.CreateAccount(ctx, client.Account{ID: account, Name: "Bench"}); err != nil {
		return nil, err
	}
	if _, err := c.InstallConnector(ctx, connector, client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: sink}}}); err != nil {
		return nil, err
	}
	urls := map[Work]string{}
	for work, name := range map[Work]string{Map: "map", Script: "script", Split: "split", LookUp: "lookup"} {
		file, err := os.ReadFile(filepath.Join(files, "template", name+".json"))
		if err != nil {
			return nil, err
		}
		if urls[work], err = startCycle(ctx, c, json.RawMessage(file)); err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
	}
	return urls, nil
}

func startCycle(ctx context.Context, c *client.Client, file json.RawMessage) (webhook string, err error) {
	template, err := c.ImportTemplate(ctx, file)
	if err != nil {
		return "", err
	}
	cycle, err := c.InstallTemplate(ctx, template)
	if err != nil {
		return "", err
	}
	if _, err := c.Activate(ctx, cycle.ID, client.Activation{}); err != nil {
		return "", err
	}
	steps, err := c.Steps(ctx, cycle.ID)
	if err != nil {
		return "", err
	}
	for _, s := range steps {
		if s.WebhookURL != "" {
			return s.WebhookURL, nil
		}
	}
	return "", fmt.Errorf("cycle %s has no step with a WebhookUrl", cycle.ID)
}

// awaitReady returns when the server says that it is ready, or with an error
// when p ends or takes too long.
func awaitReady(ctx context.Context, base string, p *process) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
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
