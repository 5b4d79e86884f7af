package target

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/tandem-ipaas/tandem/client"
)

// Tenant makes an account whose cycle, of the template in a file, delivers to sink,
// and returns the URL of its webhook.
func (s *System) Tenant(ctx context.Context, name, sink, file string) (webhook string, err error) {
	template, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	c := s.Partner.Account(name)
	if _, err := c.CreateAccount(ctx, client.Account{ID: name, Name: name}); err != nil {
		return "", err
	}
	if _, err := c.InstallConnector(ctx, connector, client.Install{Properties: []client.Property{{Name: "BaseUrl", Value: sink}}}); err != nil {
		return "", err
	}
	if webhook, err = startCycle(ctx, c, json.RawMessage(template)); err != nil {
		return "", fmt.Errorf("account %s: %w", name, err)
	}
	return webhook, nil
}

// Restart stops the system and starts it again on what it keeps. It returns how
// long it took from its start until it was ready.
func (s *System) Restart(ctx context.Context) (time.Duration, error) {
	if err := s.stop(); err != nil {
		return 0, err
	}
	began := time.Now()
	n, err := s.again(ctx)
	if err != nil {
		return 0, err
	}
	s.PIDs, s.stop = []int{n.cmd.Process.Pid}, n.stop
	return time.Since(began), nil
}

// Waits says whether at least n transactions of an account wait; n is by hundreds.
func (s *System) Waits(ctx context.Context, name string, n int) (bool, error) {
	const page = 100
	var last []json.RawMessage
	err := s.Partner.Account(name).Do(ctx, http.MethodGet, fmt.Sprintf("/cycles/transactions?status=Waiting&pageSize=%d&page=%d", page, n/page), nil, &last)
	return len(last) == page, err
}
