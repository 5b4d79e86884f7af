package e2e

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tandem-ipaas/tandem/internal/skip"
)

// TestDiskFull fills the disk that the data folder is on.
func TestDiskFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	must(t, os.Mkdir(dir, 0o700))
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64m,mode=700"); err != nil {
		skip.Missing(t, "a small file system cannot be mounted (%v); run as root", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	w := newWeather(t, 8000, dir)
	filler := filepath.Join(dir, "filler")
	fill := func() {
		f, err := os.Create(filler)
		must(t, err)
		defer f.Close()
		for _, size := range []int{1 << 20, 4096, 1} {
			for piece := make([]byte, size); err == nil; {
				_, err = f.Write(piece)
			}
			if !errors.Is(err, unix.ENOSPC) {
				t.Error(err)
			}
			err = nil
		}
	}
	w.through(time.Duration(w.with.Times(10_000, 2000))*time.Millisecond, fill, func() { must(t, os.Remove(filler)) }, w.refusals)
}

// TestNoFileDescriptors lets the server have no more files and connections than it has.
func TestNoFileDescriptors(t *testing.T) {
	w := newWeather(t, 100, t.TempDir())
	pid := w.nodes[0].cmd.Process.Pid
	var was unix.Rlimit
	must(t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &was))
	squeeze := func() { // to the three that every process has: one of a higher number is not given again
		must(t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: was.Max}, nil))
		w.sink.CloseClientConnections()
	}
	sent := w.sink.arrived.Load
	stuck := func() bool { // calls need connections
		n := sent()
		time.Sleep(300 * time.Millisecond)
		return sent() == n
	}
	w.refused.Add(1) // that nothing arrives is the fault
	w.through(time.Duration(w.with.Times(10_000, 2000))*time.Millisecond, squeeze, func() { must(t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, &was, nil)) }, stuck)
}

// TestDatabaseLocked has another process hold the database's lock.
func TestDatabaseLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWeather(t, 100, dir)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "tandem.db")+"?_pragma=busy_timeout(20000)")
	must(t, err)
	t.Cleanup(func() { db.Close() })
	c, err := db.Conn(t.Context())
	must(t, err)
	exec := func(s string) {
		_, err := c.ExecContext(t.Context(), s)
		must(t, err)
	}
	w.through(time.Duration(w.with.Times(30, 6))*time.Second, func() { exec("BEGIN IMMEDIATE") }, func() { exec("ROLLBACK") }, w.refusals)
}
