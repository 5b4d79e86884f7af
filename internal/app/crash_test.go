package app

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// crashHere is the folder in which the test's own child is to crash.
const crashHere = "TANDEM_TEST_CRASH"

// TestCrashReport has a process panic, and looks for what it leaves.
func TestCrashReport(t *testing.T) {
	watch := func(dir string) bool {
		a := &App{log: slog.New(slog.DiscardHandler), cfg: Config{Data: dir}}
		crashed, err := a.watchCrashes()
		if err != nil {
			t.Fatal(err)
		}
		return crashed
	}
	if dir := os.Getenv(crashHere); dir != "" {
		watch(dir)
		done := make(chan bool)
		go func() { panic("poison") }() // which no test can recover
		<-done
	}
	dir := filepath.Join(t.TempDir(), "data") // not there yet
	if watch(dir) {
		t.Error("a first process had a crash before it")
	}
	if watch(dir) {
		t.Error("a process that ended well is said to have crashed")
	}
	child := exec.Command(os.Args[0], "-test.run=^TestCrashReport$")
	child.Env = append(os.Environ(), crashHere+"="+dir)
	if out, err := child.CombinedOutput(); err == nil {
		t.Fatalf("the child did not crash:\n%s", out)
	}
	if !watch(dir) {
		t.Error("the crash was not found")
	}
	if watch(dir) {
		t.Error("the same crash was found again")
	}
	kept, err := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	if err != nil || len(kept) != 1 {
		t.Errorf("kept reports: %v, %v", kept, err)
	}
}
