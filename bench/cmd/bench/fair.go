package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

const (
	quietAccounts = 20
	quietEvery    = 500 * time.Millisecond // an event of each
	loudTimes     = 100                    // as many events as of a quiet account
	loudConns     = 32
	hangingCalls  = 1000
)

// company is how quiet accounts fare while another does something.
type company struct {
	Other    string
	Answer   latency.Summary // of the quiet accounts
	EndToEnd latency.Summary
	Events   int64  // of the quiet accounts
	Rate     figure // events a second of the other
}

// street is a system with quiet accounts and others.
type street struct {
	plan      plan
	generator load.Generator
	near      *sink.Sink // the quiet accounts'
	quiet     []string   // webhooks
	loud      string
	hung      string
}

// fair measures quiet accounts alone, beside one with a hundred times the load of
// each, and beside one whose calls hang.
func (p plan) fair(ctx context.Context, start target.Starter, near *sink.Sink) (all []company, err error) {
	fmt.Fprintln(os.Stderr, "quiet accounts and loud ones")
	err = p.with(ctx, start, near.URL, func(s *target.System) error {
		far, err := sink.Start()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, far.Close()) }()
		silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, and never answers
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, silent.Close()) }()
		st := &street{plan: p, near: near}
		if err := st.settle(ctx, s, far.URL, "http://"+silent.Addr().String()); err != nil {
			return err
		}
		all, err = st.measure(ctx)
		return err
	})
	return all, err
}

// settle makes the accounts.
func (st *street) settle(ctx context.Context, s *target.System, far, silent string) (err error) {
	file := filepath.Join(st.plan.files, "template", "map.json")
	for i := range quietAccounts {
		webhook, err := s.Tenant(ctx, fmt.Sprint("quiet", i), st.near.URL, file)
		if err != nil {
			return err
		}
		st.quiet = append(st.quiet, webhook)
	}
	if st.loud, err = s.Tenant(ctx, "loud", far, file); err == nil {
		st.hung, err = s.Tenant(ctx, "hung", silent, file)
	}
	return err
}

func (st *street) measure(ctx context.Context) (all []company, err error) {
	loud := load.Options{URL: st.loud, Connections: loudConns, Duration: st.plan.phase, Every: loudConns * quietEvery / loudTimes, Body: load.Event}
	warm := loud
	warm.Duration = st.plan.warmUp
	if _, err := st.generator.Run(ctx, warm); err != nil {
		return nil, err
	}
	alone, err := st.listen(ctx, "none", nil)
	if err != nil {
		return nil, err
	}
	beside, err := st.listen(ctx, "one with 100 times the load of each", func(ctx context.Context) (load.Result, error) {
		return st.generator.Run(ctx, loud)
	})
	if err != nil {
		return nil, err
	}
	// The calls hang for as long as one may, which is longer than the quiet accounts
	// are measured.
	r, err := st.generator.Run(ctx, load.Options{URL: st.hung, Connections: loudConns, Duration: st.plan.phase, Requests: hangingCalls, Body: load.Event})
	if err == nil && r.OK != hangingCalls {
		err = fmt.Errorf("%d of %d events were taken: %s", r.OK, hangingCalls, r.Problem)
	}
	if err != nil {
		return nil, err
	}
	hung, err := st.listen(ctx, "one with 1,000 calls that hang", nil)
	return []company{alone, beside, hung}, err
}

// listen measures the quiet accounts while another does something.
func (st *street) listen(ctx context.Context, other string, do func(context.Context) (load.Result, error)) (c company, err error) {
	c.Other, c.Rate = other, unknown()
	st.near.Reset("")
	results := make([]load.Result, len(st.quiet))
	g, together := errgroup.WithContext(ctx)
	for i, webhook := range st.quiet {
		g.Go(func() (err error) {
			results[i], err = st.generator.Run(together, load.Options{URL: webhook, Connections: 1, Duration: st.plan.phase, Every: quietEvery, Body: load.Event})
			return err
		})
	}
	if do != nil {
		g.Go(func() error {
			r, err := do(together)
			c.Rate = figure(float64(r.OK) / r.End.Sub(r.Start).Seconds())
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return c, err
	}
	for _, r := range results {
		c.Events += r.OK
		c.Answer = worse(c.Answer, r.Answer)
	}
	if err := drain(ctx, st.near, c.Events); err != nil {
		return c, err
	}
	stats := st.near.Stats()
	c.EndToEnd = stats.EndToEnd
	if problem := fault(sum(results), stats, c.Events); problem != "" {
		return c, fmt.Errorf("beside %s: %s", other, problem)
	}
	return c, nil
}

// sum adds up what came of several runs.
func sum(results []load.Result) (all load.Result) {
	for _, r := range results {
		all.OK, all.Refused, all.Failed = all.OK+r.OK, all.Refused+r.Refused, all.Failed+r.Failed
		if r.Problem != "" {
			all.Problem = r.Problem
		}
	}
	return all
}

// reportFair prints how quiet accounts fared, if that was measured.
func reportFair(out io.Writer, all []company) error {
	if len(all) == 0 {
		return nil
	}
	fmt.Fprintf(out, "Work A of %d quiet accounts, of each an event every %v, beside another account\n", quietAccounts, quietEvery)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "beside\tits events per second\tevents\tend to end p50/p99 ms\tp99 × alone\t")
	for _, c := range all {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%.2f\t\n", c.Other, show(c.Rate, "%.0f"), c.Events, percentiles(c.EndToEnd),
			float64(c.EndToEnd.P99)/float64(all[0].EndToEnd.P99))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
