package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/latency"
	"github.com/tandem-ipaas/tandem/bench/internal/load"
	"github.com/tandem-ipaas/tandem/bench/internal/sink"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

// TestMain lets the test binary be a baseline, as the program is its own.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "bare" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestBaselines measures both, for real but briefly.
func TestBaselines(t *testing.T) {
	dir := t.TempDir()
	p, err := parsePlan([]string{"-quick", "-only", "bare,sqlite", "-data", dir, "-out", filepath.Join(dir, "out.json"), "-items", "50"})
	if err != nil {
		t.Fatal(err)
	}
	p.duration, p.warmUp, p.phase = 50*time.Millisecond, 20*time.Millisecond, 200*time.Millisecond
	var out strings.Builder
	if err := p.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"A: webhook", "S: as A", "B: one event", "C: webhook", " sqlite ", " bare ", "5 times as much"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, out.String())
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if b, err := os.ReadFile(p.result); err != nil || strings.Count(string(b), `"System"`) != 9 {
		t.Errorf("figures: %v\n%s", err, b)
	}
}

// TestPace takes steps through the engine on SQLite.
func TestPace(t *testing.T) {
	p := plan{steps: 200}
	m, err := p.pace(t.Context(), "SQLite", t.TempDir(), []string{""})
	if err != nil || m.Rate <= 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	var out strings.Builder
	if err := reportEngines(&out, []pace{m, {"PostgreSQL", unknown(), unknown()}}); err != nil || !strings.Contains(out.String(), "PostgreSQL  ") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestPlanRefusesNonsense(t *testing.T) {
	for _, args := range [][]string{{"-rep", "0"}, {"-duration", "0s"}, {"-items", "-1"}, {"-waiting", "1500"}, {"-phase", "2m"}, {"-works", "A,Z"}, {"-steps", "15"}, {"-no-such-flag"}} {
		if _, err := parsePlan(args); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
	p, err := parsePlan([]string{"-only", "sqlite,n8n"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.run(t.Context(), &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "n8n") {
		t.Errorf("unknown system: %v", err)
	}
}

func TestBestIsTheMedianOfTheFastestConnections(t *testing.T) {
	rows := []row{
		{System: "x", Work: target.Map, Connections: 8, Rate: 100, CPU: 1, Answer: latency.Summary{P50: 1}},
		{System: "x", Work: target.Map, Connections: 64, Rate: 900, CPU: 3, Answer: latency.Summary{P50: 5}},
		{System: "x", Work: target.Map, Connections: 64, Rate: 300, CPU: 5, Answer: latency.Summary{P50: 3}},
		{System: "x", Work: target.Map, Connections: 64, Rate: 200, CPU: 4, Answer: latency.Summary{P50: 4}},
		{System: "x", Work: target.LookUp, Connections: 8, Rate: 9999},
		{System: "y", Work: target.Map, Connections: 8, Rate: 9999},
	}
	got := best(rows, "x", target.Map)
	if got.Connections != 64 || got.Rate != 300 || got.CPU != 4 || got.Answer.P50 != 4 {
		t.Errorf("%+v", got)
	}
	if got := best(rows, "z", target.Map); !math.IsNaN(float64(got.Rate)) {
		t.Errorf("of a system that was not measured: %+v", got)
	}
}

func TestFault(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    load.Result
		st   sink.Stats
		want string
	}{
		{"right", load.Result{OK: 5}, sink.Stats{Count: 5}, ""},
		{"wrong", load.Result{OK: 5}, sink.Stats{Count: 5, Wrong: 1, WrongBody: "x"}, "wrong, such as x"},
		{"twice", load.Result{OK: 5}, sink.Stats{Count: 6, Duplicates: 1}, "came twice"},
		{"lost", load.Result{OK: 5}, sink.Stats{Count: 4}, "1 of 5 deliveries are missing"},
		{"invented", load.Result{OK: 5}, sink.Stats{Count: 6}, "6 deliveries for 5"},
		{"refused", load.Result{OK: 5, Refused: 2, Problem: "503"}, sink.Stats{Count: 5}, "2 requests refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault(tt.r, tt.st, 5); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
