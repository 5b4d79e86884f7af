package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/proc"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

const (
	parkedEach = 1000             // of the transactions that wait, by one event
	parkTime   = 4 * time.Minute  // the longest that it takes until all wait
	restTime   = 15 * time.Second // until nothing of that goes on any more, and PostgreSQL, 10 s late, has counted it
	idleTime   = 10 * time.Second // in which nothing happens
)

// rest is what a system takes that does nothing.
type rest struct {
	System  string
	Waiting int
	MiB     figure        // resident
	CPU     figure        // seconds an hour
	Queries figure        // transactions of PostgreSQL a second; unknown on SQLite
	Ready   time.Duration // from the start of the process; 0: not measured
	Again   figure        // MiB resident after that
}

// parked measures systems at rest, with nothing in them and with transactions that
// wait for a week.
func (p plan) parked(ctx context.Context, starters map[string]target.Starter, sink string) (all []rest, err error) {
	for _, name := range []string{"tandem", "1 node"} {
		if !p.measures(name) {
			continue
		}
		if name != "tandem" { // its memory is not the question, but what it asks for
			p.waiting = min(p.waiting, 10*parkedEach)
		}
		fmt.Fprintf(os.Stderr, "parking %d transactions: %s\n", p.waiting, name)
		err := p.with(ctx, starters[name], sink, func(s *target.System) error {
			rests, err := p.park(ctx, s, sink)
			for _, r := range rests {
				r.System = name
				all = append(all, r)
			}
			return err
		})
		if errors.Is(err, pgtest.ErrNotInstalled) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

func (p plan) park(ctx context.Context, s *target.System, sink string) ([]rest, error) {
	empty, err := p.idle(ctx, s)
	if err != nil {
		return nil, err
	}
	webhook, err := s.Tenant(ctx, "parked", sink, filepath.Join(p.files, "template", "park.json"))
	if err != nil {
		return nil, err
	}
	events := p.waiting / parkedEach
	g := load.Generator{}
	r, err := g.Run(ctx, load.Options{URL: webhook, Connections: 2, Duration: parkTime, Requests: int64(events), Body: load.Items(parkedEach)})
	if err == nil && r.OK != int64(events) {
		err = fmt.Errorf("%d of %d events were taken: %s", r.OK, events, r.Problem)
	}
	if err == nil {
		err = awaitParked(ctx, s, p.waiting)
	}
	if err != nil {
		return nil, err
	}
	full, err := p.idle(ctx, s)
	full.Waiting = p.waiting
	return []rest{empty, full}, err
}

// awaitParked waits until so many transactions wait.
func awaitParked(ctx context.Context, s *target.System, n int) error {
	for end := time.Now().Add(parkTime); ; {
		all, err := s.Waits(ctx, "parked", n)
		if err != nil || all {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("fewer than %d transactions wait after %v", n, parkTime)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// idle measures a system that has nothing to do, and then starts it again if that
// can be done.
func (p plan) idle(ctx context.Context, s *target.System) (r rest, err error) {
	if err := p.sleep(ctx, restTime); err != nil {
		return r, err
	}
	server := s.PIDs[len(s.PIDs)-1]
	r = rest{MiB: figure(proc.Memory(server)), Queries: unknown(), Again: unknown()}
	before, cpu, began := 0.0, proc.CPU(server), time.Now()
	if s.URL != "" {
		if before, err = queries(ctx, s.URL); err != nil {
			return r, err
		}
	}
	if err := p.sleep(ctx, idleTime); err != nil {
		return r, err
	}
	took := time.Since(began).Seconds()
	r.CPU = figure((proc.CPU(server) - cpu) / took * 3600)
	if s.URL != "" {
		after, err := queries(ctx, s.URL)
		r.Queries = figure((after - before) / took)
		return r, err
	}
	if r.Ready, err = s.Restart(ctx); err != nil {
		return r, err
	}
	r.Again = figure(proc.Memory(s.PIDs[0]))
	return r, nil
}

// sleep waits, a tenth as long in a quick run.
func (p plan) sleep(ctx context.Context, d time.Duration) error {
	if p.quick {
		d /= 10
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// queries counts the transactions of a PostgreSQL until now: each statement that is
// in none of its own is one.
func queries(ctx context.Context, url string) (n float64, err error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	err = c.QueryRow(ctx, `SELECT (xact_commit + xact_rollback)::float8 FROM pg_stat_database WHERE datname = current_database()`).Scan(&n)
	return n, err
}

// reportParked prints what systems take at rest, if that was measured.
func reportParked(out io.Writer, all []rest) error {
	if len(all) == 0 {
		return nil
	}
	fmt.Fprintln(out, "At rest, with transactions that wait for a week")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "system\twaiting\tMiB\tmore than without\tCPU-s an hour\tqueries a second\trestart to ready ms\tMiB then\t")
	for i, r := range all {
		more, ready := "", "–"
		if r.Waiting > 0 {
			more = show(r.MiB-all[i-1].MiB, "%.0f")
		}
		if r.Ready > 0 {
			ready = fmt.Sprint(r.Ready.Milliseconds())
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", r.System, r.Waiting, show(r.MiB, "%.0f"), more,
			show(r.CPU, "%.0f"), show(r.Queries, "%.1f"), ready, show(r.Again, "%.0f"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
