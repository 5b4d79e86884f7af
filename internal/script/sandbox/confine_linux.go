package sandbox

import (
	"fmt"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// confine has the kernel hold this process to what it needs: so much memory that
// is written to, no files and no connections beyond those that are open, no core
// dump with a customer's data, no further rights by starting a program, and nobody
// who looks into it.
func confine(memory int64) error {
	debug.SetMemoryLimit(memory / 4)
	time.Sleep(time.Nanosecond) // so that Go's runtime has opened what timers need
	limits := []struct {
		name     string
		resource int
		most     uint64
	}{
		{"memory", unix.RLIMIT_DATA, uint64(memory)},
		{"open files", unix.RLIMIT_NOFILE, 0},
		{"files' size", unix.RLIMIT_FSIZE, 0},
		{"core dumps", unix.RLIMIT_CORE, 0},
	}
	for _, l := range limits {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	// Each thread has this for itself. Where cgo is, as under -race, there is no way.
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0)
	if errno != 0 && errno != syscall.ENOTSUP {
		return fmt.Errorf("give up further rights: %w", errno)
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
