// Package latency reduces exact latencies to percentiles.
package latency

import (
	"slices"
	"time"
)

// Summary is some percentiles of latencies.
type Summary struct {
	P50, P99 time.Duration
}

// Summarize sorts d in place.
func Summarize(d []time.Duration) Summary {
	if len(d) == 0 {
		return Summary{}
	}
	slices.Sort(d)
	return Summary{P50: d[len(d)/2], P99: d[len(d)*99/100]}
}

// Median is 0 when v is empty. It sorts v in place.
func Median(v []float64) float64 {
	n := len(v)
	if n == 0 {
		return 0
	}
	slices.Sort(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}
