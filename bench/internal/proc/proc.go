// Package proc reads from /proc what processes have used. On systems without
// it every figure is [Unknown].
package proc

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ticks a second of the times in /proc; the kernel's interface fixes it.
const ticks = 100

// Unknown stands for a figure that the system does not give.
func Unknown() float64 { return math.NaN() }

// CPU is the user and system seconds that a process and its children have
// used, those that have ended included.
func CPU(pid int) float64 {
	total := Unknown()
	for _, p := range tree(pid) {
		f := stat(p)
		if f == nil {
			continue
		}
		if math.IsNaN(total) {
			total = 0
		}
		total += (number(f[11]) + number(f[12]) + number(f[13]) + number(f[14])) / ticks
	}
	return total
}

// PeakMemory is the most memory, in MiB, that a process and its living children
// have held resident, each at its own peak.
func PeakMemory(pid int) float64 { return memory(pid, "VmHWM:") }

// Memory is what they hold resident now, in MiB.
func Memory(pid int) float64 { return memory(pid, "VmRSS:") }

func memory(pid int, which string) float64 {
	total := Unknown()
	for _, p := range tree(pid) {
		kib, ok := field(procFile(p, "status"), which)
		if !ok {
			continue
		}
		if math.IsNaN(total) {
			total = 0
		}
		total += kib / 1024
	}
	return total
}

// Busy is the seconds that all processors together have worked since the
// machine started.
func Busy() float64 {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Unknown()
	}
	line, _, _ := strings.Cut(string(b), "\n")
	f := strings.Fields(line)
	if len(f) < 9 {
		return Unknown()
	}
	// cpu user nice system idle iowait irq softirq steal
	return (number(f[1]) + number(f[2]) + number(f[3]) + number(f[6]) + number(f[7]) + number(f[8])) / ticks
}

// Size is the bytes of all files in a folder.
func Size(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreGone(err)
		}
		n += info.Size()
		return nil
	})
	return n, err
}

// ignoreGone: a file may go while its folder is walked.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// tree is a process and all its descendants.
func tree(root int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := stat(pid); f != nil {
			parent := int(number(f[1]))
			children[parent] = append(children[parent], pid)
		}
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// stat is the fields of /proc/PID/stat after the name: state, parent, …; nil
// when the process is gone.
func stat(pid int) []string {
	b, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return nil
	}
	s := string(b)
	f := strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
	if len(f) < 15 {
		return nil
	}
	return f
}

// field is the number behind a name in a file of lines.
func field(file, name string) (float64, bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == name {
			return number(f[1]), true
		}
	}
	return 0, false
}

func procFile(pid int, name string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), name)
}

// number is 0 for what is none: the kernel writes these files.
func number(s string) float64 {
	n, _ := strconv.ParseFloat(s, 64)
	return n
}
