// Package torture says how hard tests with faults try, and makes what is by chance in
// them repeatable.
//
// TANDEM_TORTURE=long, which "make torture" sets, has them go on for minutes, each
// time otherwise; else they take seconds, and are the same each time. TANDEM_SEED
// gives the seed that an earlier run has printed.
package torture

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Environment variables.
const (
	Env     = "TANDEM_TORTURE"
	SeedEnv = "TANDEM_SEED"
)

// Test is a test with faults.
type Test struct {
	*rand.Rand // of one goroutine at a time
	Seed       uint64
	Long       bool
}

// Begin begins a test with faults, and prints its seed.
func Begin(t testing.TB) Test {
	t.Helper()
	seed, long := uint64(1), os.Getenv(Env) == "long"
	if long {
		seed = uint64(time.Now().UnixNano())
	}
	if given := os.Getenv(SeedEnv); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("%s: %v", SeedEnv, err)
		}
	}
	t.Logf("%s=%d", SeedEnv, seed)
	return Test{rand.New(rand.NewPCG(seed, 0)), seed, long}
}

// Times is how often to do what is done so often in the long form, or in the short.
func (t Test) Times(long, short int) int {
	if t.Long {
		return long
	}
	return short
}
