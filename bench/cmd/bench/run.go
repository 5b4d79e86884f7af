package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

// starters are the systems by the names that -only takes.
func (p plan) starters() (map[string]target.Starter, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := map[string]target.Starter{
		"bare":    target.Bare(self, false),
		"sqlite":  target.Bare(self, true),
		"tandem":  target.Tandem(p.tandem, p.files),
		"1 node":  target.Postgres(p.tandem, p.files, 1),
		"2 nodes": target.Postgres(p.tandem, p.files, 2),
	}
	for _, name := range p.systems {
		if all[name] == nil {
			return nil, fmt.Errorf("-only: there is no system %q", name)
		}
	}
	return all, nil
}

// run measures every system in turn, work by work, as often as there are
// repetitions, so that what else the machine does falls on all of them.
func (p plan) run(ctx context.Context, out io.Writer) (err error) {
	starters, err := p.starters()
	if err != nil {
		return err
	}
	s, err := sink.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	m := &meter{plan: p, sink: s, generator: &load.Generator{}}
	var rows []row
	for rep := 1; rep <= p.repetitions; rep++ {
		for _, w := range p.works {
			for _, name := range p.systems {
				fmt.Fprintf(os.Stderr, "repetition %d of %d, work %s: %s\n", rep, p.repetitions, w, name)
				got, err := m.measure(ctx, name, starters[name], w)
				if errors.Is(err, pgtest.ErrNotInstalled) {
					fmt.Fprintln(os.Stderr, err)
					continue
				}
				if err != nil {
					return fmt.Errorf("measure work %s of %s: %w", w, name, err)
				}
				rows = append(rows, got...)
			}
		}
	}
	var replies []reply
	if p.customers > 0 {
		if replies, err = p.accounts(ctx, starters["tandem"], s.URL); err != nil {
			return fmt.Errorf("measure %d accounts: %w", p.customers, err)
		}
	}
	var events []reply
	if slices.Contains(p.systems, "tandem") {
		if events, err = p.scripts(ctx); err != nil {
			return fmt.Errorf("measure scripts: %w", err)
		}
	}
	paces, err := p.engines(ctx)
	if err != nil {
		return fmt.Errorf("measure the engines: %w", err)
	}
	engine, err := p.figures(ctx, starters, s)
	if err != nil {
		return err
	}
	if err := p.save(rows, replies, events, paces, engine); err != nil {
		return err
	}
	if err := report(out, p, rows); err != nil {
		return err
	}
	if err := reportEngines(out, paces); err != nil {
		return err
	}
	if err := engine.report(out); err != nil {
		return err
	}
	if err := reportAccounts(out, p.customers, replies); err != nil {
		return err
	}
	if err := reportScripts(out, events); err != nil {
		return err
	}
	if _, err := fmt.Fprint(out, elsewhere); err != nil {
		return err
	}
	return problems(rows)
}

func (p plan) save(rows []row, accounts, scripts []reply, engines []pace, f figures) error {
	if p.result == "" {
		return nil
	}
	b, err := json.MarshalIndent(map[string]any{"Works": rows, "Accounts": accounts, "Scripts": scripts, "Engines": engines, "Parked": f.Parked, "Fair": f.Fair, "Overload": f.Overload}, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.result), 0o755); err != nil {
		return err
	}
	return os.WriteFile(p.result, append(b, '\n'), 0o644)
}

// problems is an error when a delivery was lost, wrong or double: a fast system
// that does not do the work has not been measured.
func problems(rows []row) error {
	var errs []error
	for _, r := range rows {
		if r.Problem != "" {
			errs = append(errs, fmt.Errorf("%s, work %s, %d connections: %s", r.System, r.Work, r.Connections, r.Problem))
		}
	}
	return errors.Join(errs...)
}
