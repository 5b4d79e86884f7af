//go:build unix

package local_test

import (
	"syscall"
	"testing"
	"time"
)

// worked is how long the processor has worked for this process. On a busy machine
// that is all that a test can bound.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
