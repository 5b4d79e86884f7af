package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/proc"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
	"github.com/tandem-ipaas/tandem/internal/pgtest"
)

const (
	peakConns     = 64
	overloadConns = 4096
	overloadTimes = 5
)

// strain is what became of a system that got too much.
type strain struct {
	System   string
	Peak     figure // deliveries a second, with as many connections as suit it
	Offered  figure // requests a second
	Goodput  figure // deliveries a second meanwhile
	Answer   latency.Summary
	Refused  figure          // share of the requests
	Refusal  latency.Summary // how long a refusal took
	PeakMiB  figure          // resident
	Backlog  time.Duration   // from the last request until all that was taken was delivered
	After    figure          // deliveries a second then
	Problems string
}

// overload sends five times as much work A as systems can do.
func (p plan) overload(ctx context.Context, starters map[string]target.Starter, s *sink.Sink) (all []strain, err error) {
	for _, name := range []string{reference, "tandem", "1 node"} {
		if !p.measures(name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%d times too much: %s\n", overloadTimes, name)
		err := p.with(ctx, starters[name], s.URL, func(system *target.System) error {
			m := &meter{plan: p, sink: s, generator: &load.Generator{}, system: system}
			r, err := m.strain(ctx)
			r.System = name
			all = append(all, r)
			return err
		})
		if errors.Is(err, pgtest.ErrNotInstalled) {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}

func (m *meter) strain(ctx context.Context) (r strain, err error) {
	o := load.Options{URL: m.system.URLs[target.Map], Connections: peakConns, Duration: m.plan.warmUp, Body: load.Event}
	if _, err := m.drive(ctx, target.Map, o, 1); err != nil {
		return r, fmt.Errorf("warm-up: %w", err)
	}
	o.Duration = m.plan.phase / 2
	rate := func() (figure, error) {
		t, err := m.drive(ctx, target.Map, o, 1)
		if err == nil && t.problem != "" {
			err = errors.New(t.problem)
		}
		return figure(float64(t.delivered) / t.took.Seconds()), err
	}
	if r.Peak, err = rate(); err != nil {
		return r, err
	}
	if err := m.strained(ctx, &r); err != nil {
		return r, err
	}
	r.After, err = rate()
	return r, err
}

// strained sends too much.
func (m *meter) strained(ctx context.Context, r *strain) error {
	conns := overloadConns
	if m.plan.quick {
		conns = 4 * peakConns
	}
	every := time.Duration(float64(conns) / (overloadTimes * float64(r.Peak)) * float64(time.Second))
	m.sink.Reset("")
	got, err := m.generator.Run(ctx, load.Options{
		URL: m.system.URLs[target.Map], Connections: conns, Duration: m.plan.phase, Every: every, Body: load.Event,
	})
	if err != nil {
		return err
	}
	took, delivered := got.End.Sub(got.Start).Seconds(), m.sink.Count()
	if err := drain(ctx, m.sink, got.OK); err != nil {
		return err
	}
	stats := m.sink.Stats()
	sent := float64(got.OK + got.Refused + got.Failed)
	r.Offered, r.Goodput = figure(sent/took), figure(float64(delivered)/took)
	r.Answer, r.Refused, r.Refusal = got.Answer, figure(float64(got.Refused)/sent), got.Refusal
	r.Backlog = max(0, stats.Last.Sub(got.End))
	r.PeakMiB = figure(proc.PeakMemory(m.system.PIDs[0]))
	got.Refused = 0 // that is what it should do
	r.Problems = fault(got, stats, got.OK)
	return nil
}

// reportOverload prints what became of too much, if that was measured.
func reportOverload(out io.Writer, all []strain) error {
	if len(all) == 0 {
		return nil
	}
	fmt.Fprintf(out, "Work A, %d times as much as a system can do, by %d connections\n", overloadTimes, overloadConns)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "system\tpeak per second\toffered\tdelivered\tof the peak\tanswer p50/p99 ms\trefused\trefusal p50/p99 ms\tpeak MiB\tbacklog ms\tthen per second\t")
	for _, r := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t\n", r.System, show(r.Peak, "%.0f"), show(r.Offered, "%.0f"), show(r.Goodput, "%.0f"),
			show(r.Goodput/r.Peak*100, "%.0f %%"), percentiles(r.Answer), show(r.Refused*100, "%.0f %%"), percentiles(r.Refusal),
			show(r.PeakMiB, "%.0f"), r.Backlog.Milliseconds(), show(r.After, "%.0f"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range all {
		if r.Problems != "" {
			fmt.Fprintf(out, "%s: %s\n", r.System, r.Problems)
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}
