package proc

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestOwnFigures(t *testing.T) {
	if runtime.GOOS != "linux" {
		if !math.IsNaN(CPU(os.Getpid())) || !math.IsNaN(Busy()) {
			t.Error("figures without /proc")
		}
		return
	}
	cpu, busy := CPU(os.Getpid()), Busy()
	for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end); {
	}
	if d := CPU(os.Getpid()) - cpu; d <= 0 || d > 10 {
		t.Errorf("used %v s", d)
	}
	if d := Busy() - busy; d <= 0 {
		t.Errorf("the machine worked %v s", d)
	}
	if m := PeakMemory(os.Getpid()); m < 1 || m > 10_000 {
		t.Errorf("peak memory %v MiB", m)
	}
}

func TestNoSuchProcess(t *testing.T) {
	if cpu := CPU(1 << 30); !math.IsNaN(cpu) {
		t.Errorf("CPU %v", cpu)
	}
	if m := PeakMemory(1 << 30); !math.IsNaN(m) {
		t.Errorf("memory %v", m)
	}
}

func TestSize(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b/c"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := Size(dir); n != 200 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := Size(filepath.Join(dir, "none")); n != 0 || err != nil {
		t.Errorf("of no folder: %d, %v", n, err)
	}
}
