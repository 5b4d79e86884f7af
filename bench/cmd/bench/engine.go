package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/bench/internal/proc"
	"github.com/tandem-ipaas/tandem/internal/engine"
	"github.com/tandem-ipaas/tandem/internal/engine/local"
	"github.com/tandem-ipaas/tandem/internal/engine/river"
	"github.com/tandem-ipaas/tandem/internal/journal"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/postgres"
)

const (
	stepsEach  = 10 // steps of a transaction
	submitters = 64
	tenants    = 50
)

// pace is how fast durable steps that do nothing went through an engine.
type pace struct {
	Engine string
	Rate   figure // steps a second
	CPU    figure // seconds of this process for 1,000 steps, without PostgreSQL's
}

// engines measures steps that do nothing through the engines alone: no HTTP, no
// mapping, but every step committed before the next.
func (p plan) engines(ctx context.Context) (paces []pace, err error) {
	if p.steps == 0 {
		return nil, nil
	}
	dir, err := os.MkdirTemp(p.data, "engine-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cluster, err := pgtest.Start(ctx, pgtest.Options{})
	urls := []string{""}
	switch {
	case err == nil:
		defer cluster.Stop()
		urls = []string{"", cluster.URL()}
	case !errors.Is(err, pgtest.ErrNotInstalled):
		return nil, err
	}
	for _, c := range []struct {
		name string
		urls []string // of each node
	}{
		{"SQLite", urls[:1]}, {"PostgreSQL, one node", urls[1:]}, {"PostgreSQL, two nodes", slices.Repeat(urls[1:], 2)},
	} {
		fmt.Fprintf(os.Stderr, "steps through the engine: %s\n", c.name)
		m := pace{c.name, unknown(), unknown()}
		if len(c.urls) > 0 {
			if m, err = p.pace(ctx, c.name, dir, c.urls); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
		}
		paces = append(paces, m)
	}
	return paces, nil
}

// pace takes as many steps as are planned through nodes, each with a store of its own.
func (p plan) pace(ctx context.Context, name, dir string, urls []string) (m pace, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &idler{left: int64(p.steps / stepsEach), ended: make(chan struct{})}
	var nodes []engine.Engine
	var running sync.WaitGroup
	defer func() {
		stop()
		running.Wait()
	}()
	for _, url := range urls {
		s, e, err := node(ctx, url, dir)
		if err != nil {
			return m, err
		}
		nodes = append(nodes, e)
		running.Go(func() {
			r.fail(e.Run(ctx, r))
			r.fail(s.Close())
		})
	}
	start, before := time.Now(), proc.CPU(os.Getpid())
	if err := r.submit(ctx, nodes, p.steps/stepsEach); err != nil {
		return m, err
	}
	select {
	case <-r.ended:
	case <-ctx.Done():
		return m, ctx.Err()
	}
	n := float64(p.steps)
	m = pace{name, figure(n / time.Since(start).Seconds()), figure((proc.CPU(os.Getpid()) - before) / n * 1000)}
	stop()
	running.Wait()
	return m, r.failure()
}

// node opens a store, and makes an engine on it.
func node(ctx context.Context, url, dir string) (*store.Store, engine.Engine, error) {
	s, err := store.Open(ctx, url, dir)
	if err != nil {
		return nil, nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var e engine.Engine
	if db, ok := s.Dialect().(*postgres.DB); ok {
		e, err = river.New(ctx, log, s, s, db, river.Options{})
	} else {
		e, err = local.New(ctx, log, s, s, local.Options{})
	}
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	return s, e, nil
}

// idler runs transactions whose steps do nothing.
type idler struct {
	left  int64 // transactions that have not ended
	ended chan struct{}

	mu  sync.Mutex
	err error
}

// submit makes transactions, at the nodes in turn.
func (r *idler) submit(ctx context.Context, nodes []engine.Engine, n int) error {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range submitters {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				_, err := nodes[i%len(nodes)].Submit(ctx, journal.NewTxn{Account: tandem.AccountID(1 + i%tenants), Cycle: "cycle"})
				r.fail(err)
			}
		})
	}
	wg.Wait()
	return r.failure()
}

// Spoils implements [engine.Runner].
func (*idler) Spoils(context.Context, journal.Txn) ([]journal.Arrival, error) { return nil, nil }

// Slice implements [engine.Runner].
func (r *idler) Slice(ctx context.Context, l engine.Lease, t journal.Txn) (engine.Yield, error) {
	if t.Status.Final() {
		return engine.Yield{Kind: engine.Done}, nil
	}
	for seq := t.NextSeq; seq <= stepsEach; seq++ {
		d := journal.Delta{Items: []tandem.StepItem{{Seq: seq, StepID: "step", Attempt: 1}}, Frontier: []byte{byte(seq)}}
		if seq == stepsEach {
			d.Frontier, d.Status = nil, tandem.TransactionCompleted
		}
		if err := l.Commit(ctx, d); err != nil {
			return engine.Yield{}, err
		}
	}
	if atomic.AddInt64(&r.left, -1) == 0 {
		close(r.ended)
	}
	return engine.Yield{Kind: engine.Done}, nil
}

func (r *idler) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errors.Join(r.err, err)
}

func (r *idler) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// reportEngines prints how fast the engines were, if that was measured.
func reportEngines(out io.Writer, paces []pace) error {
	if len(paces) == 0 {
		return nil
	}
	fmt.Fprintln(out, "Durable steps that do nothing, through the engine alone")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "database\tsteps per second\tof SQLite\tCPU-s/1,000, without the database server\t")
	for _, m := range paces {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t\n", m.Engine, show(m.Rate, "%.0f"), show(m.Rate/paces[0].Rate*100, "%.0f %%"), show(m.CPU, "%.3f"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
