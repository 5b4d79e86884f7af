// Package pace says how often something may happen, for each of many who do it.
//
// Everybody has a bucket of tokens, made when it is first asked for and refilled
// evenly. Memory is bounded: full buckets are as good as none and are forgotten
// first; if there are none, a tenth goes, whichever. Who could make so many keys
// that this matters is not limited by keys anyway.
//
// Buckets are in the memory of one process. With several nodes, each counts what
// it answers.
package pace

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// remembered is how many buckets there are at once.
const remembered = 100_000

// Pace is how often something may happen: Burst times, then once in Every.
type Pace struct {
	Burst int
	Every time.Duration
}

// Level is how a bucket stands.
type Level struct {
	Taken     bool          // there was a token
	Remaining int           // whole tokens
	Full      time.Duration // until all tokens are back
	Next      time.Duration // until there is a token; 0: there is one
}

// Buckets are the buckets of all who have a key.
type Buckets[K comparable] struct {
	pace Pace

	mu  sync.Mutex
	all map[K]*rate.Limiter
}

// New makes buckets, all full.
func New[K comparable](p Pace) *Buckets[K] { return &Buckets[K]{pace: p, all: map[K]*rate.Limiter{}} }

// Take takes a token of k, if there is one.
func (b *Buckets[K]) Take(k K) Level {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket, ok := b.all[k]
	if !ok {
		b.makeRoom()
		bucket = rate.NewLimiter(rate.Every(b.pace.Every), b.pace.Burst)
		b.all[k] = bucket
	}
	now := time.Now()
	taken := bucket.AllowN(now, 1)
	l := b.level(bucket.TokensAt(now))
	l.Taken = taken
	return l
}

// Give gives back a token of k that Take took.
func (b *Buckets[K]) Give(k K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if bucket, ok := b.all[k]; ok {
		bucket.AllowN(time.Now(), -1) // a full bucket stays at Burst
	}
}

// Look is how the bucket of k stands, without taking anything.
func (b *Buckets[K]) Look(k K) Level {
	b.mu.Lock()
	defer b.mu.Unlock()
	if bucket, ok := b.all[k]; ok {
		return b.level(bucket.TokensAt(time.Now()))
	}
	return b.level(float64(b.pace.Burst))
}

func (b *Buckets[K]) level(tokens float64) Level {
	until := func(n float64) time.Duration {
		return time.Duration(math.Ceil(max(0, n-tokens) * float64(b.pace.Every)))
	}
	return Level{Remaining: int(max(0, tokens)), Full: until(float64(b.pace.Burst)), Next: until(1)}
}

// makeRoom forgets so much that one more has a place.
func (b *Buckets[K]) makeRoom() {
	if len(b.all) < remembered {
		return
	}
	for k, bucket := range b.all {
		if bucket.Tokens() >= float64(b.pace.Burst) {
			delete(b.all, k)
		}
	}
	if len(b.all) < remembered {
		return
	}
	spare := remembered / 10
	for k := range b.all {
		if spare--; spare < 0 {
			return
		}
		delete(b.all, k)
	}
}

// Network is whom an address counts for. Of IPv6 that is the /64, all of which is
// commonly one customer's.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a.WithZone(""), 64).Masked().String()
}
