package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// mapping is a plain script of twenty lines, and what it works on.
var (
	//go:embed script.js
	mapping string
	orders  = map[string]any{"orders": []any{order(1), order(2), order(3)}}
)

func order(id int) map[string]any {
	return map[string]any{
		"id": id, "created": "2026-03-01T10:00:00Z",
		"customer": map[string]any{"name": "Mia van der Berg", "email": " Mia@Example.com", "address": map[string]any{"city": "Utrecht"}},
		"lines":    []any{map[string]any{"sku": "A-1", "price": 12.5, "quantity": 2}, map[string]any{"sku": "B-2", "price": 3.25, "quantity": 4}},
	}
}

// scripts measures an event with a script at one level and at all three, one after
// the other.
func (p plan) scripts(ctx context.Context) (replies []reply, err error) {
	program, err := filepath.Abs(p.tandem)
	if err != nil {
		return nil, err
	}
	pool := script.NewPool(slog.New(slog.NewTextHandler(os.Stderr, nil)), script.Options{Command: []string{program, script.Subcommand}})
	defer func() { err = errors.Join(err, pool.Close()) }()
	fmt.Fprintln(os.Stderr, "running scripts")
	one := []script.Source{{Level: script.Step, Text: mapping}}
	three := append(one, script.Source{Level: script.Method, Text: mapping}, script.Source{Level: script.Connector, Text: mapping})
	for _, c := range []struct {
		name    string
		sources []script.Source
	}{{"one level", one}, {"three levels", three}} {
		took, err := p.runScripts(ctx, pool, script.Job{Event: script.AfterAction, Sources: c.sources, State: map[string]any{"method_response": orders}})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		replies = append(replies, reply{c.name, latency.Summarize(took)})
	}
	return replies, nil
}

// runScripts says how long each run took once the workers were warm.
func (p plan) runScripts(ctx context.Context, pool *script.Pool, j script.Job) (took []time.Duration, _ error) {
	const warm = 50
	for i := range warm + asked {
		began := time.Now()
		if _, err := pool.Run(ctx, j); err != nil {
			return nil, err
		}
		if i >= warm {
			took = append(took, time.Since(began))
		}
	}
	return took, nil
}

// reportScripts prints how long scripts took, if that was measured.
func reportScripts(out io.Writer, replies []reply) error {
	if len(replies) == 0 {
		return nil
	}
	fmt.Fprintln(out, "An event whose script maps three orders in twenty lines, one at a time, workers warm")
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "script at\ttook p50/p99 ms\t")
	for _, r := range replies {
		fmt.Fprintf(t, "%s\t%s\t\n", r.Question, percentiles(r.Summary))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}
