package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

// figures are those of the engine beside its speed: what it takes at rest, and what
// it does when somebody gives it too much.
type figures struct {
	Parked   []rest
	Fair     []company
	Overload []strain
}

// figures measures what is planned of them.
func (p plan) figures(ctx context.Context, starters map[string]target.Starter, s *sink.Sink) (f figures, err error) {
	if p.waiting > 0 {
		if f.Parked, err = p.parked(ctx, starters, s.URL); err != nil {
			return f, fmt.Errorf("measure systems at rest: %w", err)
		}
	}
	if p.phase == 0 {
		return f, nil
	}
	if p.measures("tandem") {
		if f.Fair, err = p.fair(ctx, starters["tandem"], s); err != nil {
			return f, fmt.Errorf("measure fairness: %w", err)
		}
	}
	if f.Overload, err = p.overload(ctx, starters, s); err != nil {
		return f, fmt.Errorf("measure overload: %w", err)
	}
	return f, nil
}

func (f figures) report(out io.Writer) error {
	return cmp.Or(reportParked(out, f.Parked), reportFair(out, f.Fair), reportOverload(out, f.Overload))
}

func (p plan) measures(system string) bool { return slices.Contains(p.systems, system) }

// with runs a system in a fresh folder.
func (p plan) with(ctx context.Context, start target.Starter, sink string, do func(*target.System) error) (err error) {
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(p.data, "figure-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := start(ctx, dir, sink)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	return do(s)
}
