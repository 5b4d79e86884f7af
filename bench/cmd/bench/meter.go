package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/proc"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

const (
	drainTime = 60 * time.Second // the longest wait for what was accepted
	stuckTime = 10 * time.Second // without a delivery, it is lost
	longest   = 2 * time.Minute  // of one event of work B
)

// figure is a number that may be unknown, which JSON cannot say but as null.
type figure float64

func unknown() figure { return figure(math.NaN()) }

// MarshalJSON implements json.Marshaler.
func (f figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%.6g", float64(f)), nil
}

// row is what one run showed. A transaction is an event of A and C, an item of B.
type row struct {
	System      string
	Work        target.Work
	Connections int
	Delivered   int64
	Rate        figure // transactions a second, from the first send to the last delivery
	CPU         figure // seconds, user and system, for 1,000 transactions
	Answer      latency.Summary
	EndToEnd    latency.Summary
	PeakMiB     figure // since the system was started
	DiskBytes   figure // a transaction
	Foreign     figure // share of the machine that others used meanwhile
	Problem     string // "": all deliveries came, once, and right
}

// meter measures one system after another.
type meter struct {
	plan      plan
	sink      *sink.Sink
	generator *load.Generator
	system    *target.System
	delivered int64 // since the system was started
}

// measure starts a system in a fresh folder and takes it through a work. What
// the folder has grown by is known when the system has stopped, and with that
// emptied its write-ahead log.
func (m *meter) measure(ctx context.Context, name string, start target.Starter, w target.Work) (rows []row, err error) {
	if err := os.MkdirAll(m.plan.data, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(m.plan.data, name+"-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if m.system, err = start(ctx, dir, m.sink.URL); err != nil {
		return nil, err
	}
	m.delivered = 0
	size, err := proc.Size(m.system.Dir)
	if err == nil {
		rows, err = m.work(ctx, w)
	}
	if err := errors.Join(err, m.system.Stop()); err != nil {
		return nil, err
	}
	grown, err := proc.Size(m.system.Dir)
	for i := range rows {
		rows[i].System = name
		if rows[i].DiskBytes = unknown(); m.system.Dir != "" {
			rows[i].DiskBytes = figure(float64(grown-size) / float64(m.delivered))
		}
	}
	return rows, err
}

// work warms the system up and measures one work, with every number of
// connections that it is driven with.
func (m *meter) work(ctx context.Context, w target.Work) ([]row, error) {
	o := load.Options{URL: m.system.URLs[w], Connections: 8, Duration: m.plan.warmUp, Body: load.Event}
	each, connections := int64(1), m.plan.connections
	if w == target.Split {
		o.Duration, o.Requests, o.Connections, o.Body = longest, 1, 1, load.Items(m.plan.items)
		each, connections = int64(m.plan.items), []int{1}
	}
	if _, err := m.drive(ctx, w, o, each); err != nil {
		return nil, fmt.Errorf("warm-up: %w", err)
	}
	if w != target.Split {
		o.Duration = m.plan.duration
	}
	var rows []row
	for _, o.Connections = range connections {
		r, err := m.run(ctx, w, o, each)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// run measures one load, and what it costs.
func (m *meter) run(ctx context.Context, w target.Work, o load.Options, each int64) (row, error) {
	before := m.used()
	rounds := 1
	if w == target.Split {
		rounds = m.plan.lists
	}
	var total tally
	for range rounds {
		t, err := m.drive(ctx, w, o, each)
		if err != nil {
			return row{}, err
		}
		total.add(t)
	}
	used := m.used().sub(before)
	n := float64(total.delivered)
	return row{
		Work: w, Connections: o.Connections, Delivered: total.delivered,
		Rate: figure(n / total.took.Seconds()), CPU: figure(used.system / n * 1000),
		Answer: total.answer, EndToEnd: total.endToEnd,
		PeakMiB: figure(m.sum(proc.PeakMemory)), Foreign: figure(used.foreign()), Problem: total.problem,
	}, nil
}

// tally is what one load, or several one after another, came to.
type tally struct {
	delivered        int64
	took             time.Duration
	answer, endToEnd latency.Summary // the worst of several
	problem          string
}

func (t *tally) add(u tally) {
	t.delivered += u.delivered
	t.took += u.took
	t.answer = worse(t.answer, u.answer)
	t.endToEnd = worse(t.endToEnd, u.endToEnd)
	if u.problem != "" {
		t.problem = u.problem
	}
}

func worse(a, b latency.Summary) latency.Summary {
	return latency.Summary{P50: max(a.P50, b.P50), P99: max(a.P99, b.P99)}
}

// drive runs a load and waits until all that was accepted is delivered, each
// answer standing for so many deliveries.
func (m *meter) drive(ctx context.Context, w target.Work, o load.Options, each int64) (tally, error) {
	tier := ""
	if w == target.LookUp {
		tier = "gold"
	}
	m.sink.Reset(tier)
	r, err := m.generator.Run(ctx, o)
	if err != nil {
		return tally{}, err
	}
	want := r.OK * each
	if want == 0 {
		return tally{}, fmt.Errorf("nothing was accepted: %s", r.Problem)
	}
	if err := drain(ctx, m.sink, want); err != nil {
		return tally{}, err
	}
	st := m.sink.Stats()
	if st.Count == 0 {
		return tally{}, fmt.Errorf("%d accepted, nothing delivered within %v", want, stuckTime)
	}
	m.delivered += st.Count
	t := tally{delivered: st.Count, took: st.Last.Sub(r.Start), answer: r.Answer, endToEnd: st.EndToEnd, problem: fault(r, st, want)}
	if w == target.LookUp && st.Lookups < want && t.problem == "" {
		t.problem = fmt.Sprintf("%d lookups for %d events", st.Lookups, want)
	}
	return t, nil
}

// drain returns when there are as many deliveries as wanted, or no more come.
func drain(ctx context.Context, s *sink.Sink, want int64) error {
	start := time.Now()
	count, changed := s.Count(), start
	for count < want && time.Since(changed) < stuckTime && time.Since(start) < drainTime {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
		if n := s.Count(); n != count {
			count, changed = n, time.Now()
		}
	}
	return ctx.Err()
}

// fault says what is wrong with a run's deliveries and answers; "" nothing.
func fault(r load.Result, st sink.Stats, want int64) string {
	switch {
	case st.Wrong > 0:
		return fmt.Sprintf("%d deliveries are wrong, such as %s", st.Wrong, st.WrongBody)
	case st.Duplicates > 0:
		return fmt.Sprintf("%d deliveries came twice", st.Duplicates)
	case st.Count < want:
		return fmt.Sprintf("%d of %d deliveries are missing", want-st.Count, want)
	case st.Count > want:
		return fmt.Sprintf("%d deliveries for %d accepted", st.Count, want)
	case r.Refused+r.Failed > 0:
		return fmt.Sprintf("%d requests refused, %d without an answer, such as: %s", r.Refused, r.Failed, r.Problem)
	}
	return ""
}

// sum adds up a figure of the system's processes.
func (m *meter) sum(of func(pid int) float64) (n float64) {
	for _, pid := range m.system.PIDs {
		n += of(pid)
	}
	return n
}

// usage is processor seconds until now.
type usage struct {
	system, own, all float64
	at               time.Time
}

func (m *meter) used() usage {
	// The children of this process include the system.
	system := m.sum(proc.CPU)
	return usage{system: system, own: proc.CPU(os.Getpid()) - system, all: proc.Busy(), at: time.Now()}
}

func (u usage) sub(v usage) usage {
	return usage{system: u.system - v.system, own: u.own - v.own, all: u.all - v.all, at: time.Time{}.Add(u.at.Sub(v.at))}
}

// foreign is the share of the machine that neither the system nor this process
// used, from 0 to 1.
func (u usage) foreign() float64 {
	capacity := u.at.Sub(time.Time{}).Seconds() * float64(runtime.NumCPU())
	return max(0, (u.all-u.system-u.own)/capacity)
}
