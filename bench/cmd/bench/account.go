package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
	"github.com/tandem-ipaas/tandem/client"
)

const (
	makers       = 32   // connections that make accounts
	asked        = 1000 // requests of each kind
	changedEvery = 100  // a request in so many follows a change
)

// question is a request about accounts, of which there are n.
type question struct {
	Name string
	path func(n int) string
}

func questions() []question {
	fixed := func(path string) func(int) string { return func(int) string { return path } }
	return []question{
		{"list", fixed("/accounts")},
		{"newest first", fixed("/accounts?orderBy=CreatedDate&sortOrderAsc=false")},
		{"last page", func(n int) string { return fmt.Sprintf("/accounts?page=%d", (n+49)/50) }},
		{"search, one found", func(n int) string { return fmt.Sprintf("/accounts?query=customer+%06d", rand.IntN(n)) }},
		{"search, all found", fixed("/accounts?query=customer")},
		{"search, none found", fixed("/accounts?query=nobody")},
		{"read", func(n int) string { return fmt.Sprintf("/accounts/k%d", rand.IntN(n)) }},
	}
}

// reply is how long the answers to a question took.
type reply struct {
	Question string
	latency.Summary
}

// accounts makes the planned number of accounts in a fresh Tandem, by its API,
// and measures requests about them, one at a time.
func (p plan) accounts(ctx context.Context, start target.Starter, sink string) (replies []reply, err error) {
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(p.data, "accounts-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := start(ctx, dir, sink)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	fmt.Fprintf(os.Stderr, "making %d accounts\n", p.customers)
	if err := makeAccounts(ctx, s.Partner, p.customers); err != nil {
		return nil, err
	}
	for _, q := range questions() {
		r, err := ask(ctx, s.Partner, q, p.customers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.Name, err)
		}
		replies = append(replies, r)
	}
	return replies, nil
}

// makeAccounts makes n accounts, every tenth of them below another.
func makeAccounts(ctx context.Context, c *client.Client, n int) error {
	g, ctx := errgroup.WithContext(ctx)
	for first := range min(makers, n) {
		g.Go(func() error {
			parent := ""
			for i := first; i < n; i += makers {
				a := client.Account{ID: fmt.Sprint("k", i), Name: fmt.Sprintf("Customer %06d of Köln", i*7919%n)}
				if i%10 == 9 {
					a.ParentAccountID = parent
				}
				if _, err := c.CreateAccount(ctx, a); err != nil {
					return err
				}
				if a.ParentAccountID == "" {
					parent = a.ID
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func ask(ctx context.Context, c *client.Client, q question, n int) (reply, error) {
	var took []time.Duration
	for i := range asked {
		if i%changedEvery == changedEvery-1 {
			change := map[string]string{"Name": fmt.Sprint("Renamed customer ", i)}
			if err := c.Do(ctx, http.MethodPut, fmt.Sprint("/accounts/k", rand.IntN(n)), change, nil); err != nil {
				return reply{}, err
			}
		}
		path := q.path(n)
		began := time.Now()
		if err := c.Do(ctx, http.MethodGet, path, nil, nil); err != nil {
			return reply{}, err
		}
		took = append(took, time.Since(began))
	}
	return reply{q.Name, latency.Summarize(took)}, nil
}

// reportAccounts prints how long answers took, if that was measured.
func reportAccounts(out io.Writer, n int, replies []reply) error {
	if len(replies) == 0 {
		return nil
	}
	fmt.Fprintf(out, "Requests about %d accounts, one at a time, one in %d right after a change\n", n, changedEvery)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "request\tanswer p50/p99 ms\t")
	for _, r := range replies {
		fmt.Fprintf(t, "%s\t%s\t\n", r.Question, percentiles(r.Summary))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
