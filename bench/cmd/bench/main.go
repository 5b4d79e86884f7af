// Command bench measures Tandem beside two baselines on this machine. The
// README in bench/ says what is measured and how.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-ipaas/tandem/bench/internal/bare"
	"github.com/tandem-ipaas/tandem/bench/internal/target"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures; as "bench bare SINK [DATABASE]" it is a baseline itself.
func run(ctx context.Context, args []string) error {
	if len(args) > 1 && args[0] == "bare" {
		return bare.Run(ctx, args[1], strings.Join(args[2:], ""), os.Stdout)
	}
	p, err := parsePlan(args)
	if err != nil {
		return err
	}
	return p.run(ctx, os.Stdout)
}

// plan is what a run of the benchmark does.
type plan struct {
	systems     []string
	works       []target.Work
	tandem      string // the binary
	files       string // folder of the connector and the templates
	data        string // folder for what the systems keep
	result      string // file for the figures, as JSON; "" for none
	repetitions int
	connections []int
	duration    time.Duration // of each run of A, S and C
	warmUp      time.Duration
	items       int           // in an event of work B
	lists       int           // events of work B
	steps       int           // through the engines alone; 0: none
	waiting     int           // transactions that wait, of systems at rest; 0: they are not measured
	phase       time.Duration // of each part of fairness and of overload; 0: they are not measured
	quick       bool
	customers   int // accounts that lists and searches are measured with; 0: they are not
}

func parsePlan(args []string) (plan, error) {
	p := plan{connections: []int{8, 64}}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := f.String("only", "bare,sqlite,tandem,1 node,2 nodes", "systems to measure, between commas")
	works := f.String("works", "A,S,B,C", "works to measure, between commas; empty for none")
	f.StringVar(&p.tandem, "tandem", "bin/tandem", "Tandem's `binary`")
	f.StringVar(&p.files, "files", "bench", "`folder` of the connector and the templates")
	f.StringVar(&p.data, "data", ".cache/bench", "`folder` for databases; it should be on a real disk")
	f.StringVar(&p.result, "out", "bench/results/latest.json", "`file` for all figures; empty for none")
	f.IntVar(&p.repetitions, "rep", 3, "repetitions, of which medians are shown")
	f.DurationVar(&p.duration, "duration", 3*time.Second, "length of a run of work A, S or C")
	f.DurationVar(&p.warmUp, "warmup", time.Second, "length of the warm-up before each work")
	f.IntVar(&p.items, "items", 1000, "items in an event of work B")
	f.IntVar(&p.lists, "lists", 5, "events of work B in a run")
	f.IntVar(&p.customers, "accounts", 100_000, "accounts to measure lists and searches with; 0 leaves them out")
	f.IntVar(&p.steps, "steps", 50_000, "durable steps that do nothing, through each engine alone; 0 leaves them out")
	f.IntVar(&p.waiting, "waiting", 100_000, "transactions that wait in systems at rest, by thousands; 0 leaves them out")
	f.DurationVar(&p.phase, "phase", 10*time.Second, "length of each part of fairness and overload, less than a minute; 0 leaves them out")
	f.BoolVar(&p.quick, "quick", false, "a few seconds in all: shows that it works, measures little")
	if err := f.Parse(args); err != nil {
		return p, err
	}
	if p.quick {
		p.repetitions, p.duration, p.warmUp, p.lists = 1, 300*time.Millisecond, 100*time.Millisecond, 1
		p.connections, p.customers, p.steps = []int{8}, min(p.customers, 200), min(p.steps, 1000)
		p.waiting, p.phase = min(p.waiting, parkedEach), min(p.phase, 2*time.Second)
	}
	p.systems = strings.Split(*only, ",")
	for w := range strings.FieldsFuncSeq(*works, func(r rune) bool { return r == ',' }) {
		if !slices.Contains(target.Works(), target.Work(w)) {
			return p, fmt.Errorf("-works: there is no work %q", w)
		}
		p.works = append(p.works, target.Work(w))
	}
	if !slices.Contains(p.systems, "tandem") {
		p.customers, p.steps = 0, 0
	}
	if p.waiting < 0 || p.waiting%parkedEach > 0 || p.phase < 0 || p.phase >= time.Minute {
		return p, errors.New("-waiting is by thousands, and -phase from 0 to below a minute")
	}
	if p.repetitions < 1 || p.duration <= 0 || p.warmUp <= 0 || p.items < 1 || p.lists < 1 || p.customers < 0 || p.steps < 0 || p.steps%stepsEach > 0 {
		return p, errors.New("-rep, -duration, -warmup, -items and -lists are above zero, -accounts and -steps not below, -steps by tens")
	}
	return p, nil
}
