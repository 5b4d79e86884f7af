package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

// reference is the durable baseline, and limit the other.
const (
	reference = "sqlite"
	limit     = "bare"
)

func titles() map[target.Work]string {
	return map[target.Work]string{
		target.Map:    "A: webhook → map five fields → POST",
		target.Script: "S: as A, mapped by a script of the step",
		target.Split:  "B: one event of many items → split → map → POST each (an item is a transaction)",
		target.LookUp: "C: webhook → GET → decision → POST",
	}
}

// elsewhere is from another machine of two cores, by the same method, best of 8
// and 64 connections.
const elsewhere = `Measured elsewhere, for orientation (another machine of two cores, the same works; A a second, CPU-s per 1,000):
bare 14,900, 0.079; sqlite 11,000, 0.109; Redpanda Connect, not durable 7,000, 0.185; Node-RED, not durable 3,590, 0.305;
River on PostgreSQL 2,010, 0.866; n8n at its best settings 74, 14.4, as it comes 26, 66; Temporal's development server 29, 38.
`

// report prints a table for each work: of every system the best run, in medians
// of the repetitions.
func report(out io.Writer, p plan, rows []row) error {
	for _, w := range p.works {
		if err := table(out, w, p.systems, rows); err != nil {
			return err
		}
	}
	return nil
}

func table(out io.Writer, w target.Work, systems []string, rows []row) error {
	fmt.Fprintf(out, "%s\n", titles()[w])
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "system\tconns\tper second\tof sqlite\tCPU-s/1,000\t× bare\tCPU efficiency of sqlite\tanswer p50/p99 ms\tend to end p50/p99 ms\tpeak MiB\tdisk B/tx\tothers\t")
	bare, durable := best(rows, limit, w), best(rows, reference, w)
	for _, name := range systems {
		r := best(rows, name, w)
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", name, r.Connections,
			show(r.Rate, "%.0f"), show(r.Rate/durable.Rate*100, "%.0f %%"),
			show(r.CPU, "%.3f"), show(r.CPU/bare.CPU, "%.2f"), show(durable.CPU/r.CPU*100, "%.0f %%"),
			percentiles(r.Answer), percentiles(r.EndToEnd),
			show(r.PeakMiB, "%.0f"), show(r.DiskBytes, "%.0f"), show(r.Foreign*100, "%.0f %%"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}

// best is the medians of a system's runs of a work, with the number of
// connections that gave the highest median rate. A system that was not measured
// has unknown figures.
func best(rows []row, system string, w target.Work) row {
	by := map[int][]row{}
	for _, r := range rows {
		if r.System == system && r.Work == w {
			by[r.Connections] = append(by[r.Connections], r)
		}
	}
	found := row{Rate: unknown(), CPU: unknown(), PeakMiB: unknown(), DiskBytes: unknown(), Foreign: unknown()}
	for _, group := range by {
		if m := median(group); math.IsNaN(float64(found.Rate)) || m.Rate > found.Rate {
			found = m
		}
	}
	return found
}

func median(group []row) row {
	of := func(get func(row) float64) float64 {
		var v []float64
		for _, r := range group {
			v = append(v, get(r))
		}
		return latency.Median(v)
	}
	spread := func(get func(row) latency.Summary) latency.Summary {
		return latency.Summary{
			P50: time.Duration(of(func(r row) float64 { return float64(get(r).P50) })),
			P99: time.Duration(of(func(r row) float64 { return float64(get(r).P99) })),
		}
	}
	m := group[0]
	m.Rate = figure(of(func(r row) float64 { return float64(r.Rate) }))
	m.CPU = figure(of(func(r row) float64 { return float64(r.CPU) }))
	m.PeakMiB = figure(of(func(r row) float64 { return float64(r.PeakMiB) }))
	m.DiskBytes = figure(of(func(r row) float64 { return float64(r.DiskBytes) }))
	m.Foreign = figure(of(func(r row) float64 { return float64(r.Foreign) }))
	m.Answer = spread(func(r row) latency.Summary { return r.Answer })
	m.EndToEnd = spread(func(r row) latency.Summary { return r.EndToEnd })
	return m
}

func show(f figure, format string) string {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return "–"
	}
	return fmt.Sprintf(format, float64(f))
}

func percentiles(s latency.Summary) string {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return fmt.Sprintf("%.1f / %.1f", ms(s.P50), ms(s.P99))
}
