// Mutants gives each seeded fault to the tests that must notice it, and prints
// what became of them. Arguments are parts of the names of those to try; none: all.
// With -postgres, beneath pgrun, it tries those that a database notices on PostgreSQL
// in place of SQLite.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/internal/mutant"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("mutants", flag.ContinueOnError)
	postgres := f.Bool("postgres", false, "on PostgreSQL, those that are tried on SQLite without this")
	if err := f.Parse(args); err != nil {
		return err
	}
	var chosen []mutant.Mutant
	for _, m := range mutant.All() {
		if *postgres {
			was := m.Run
			if m.Run = onPostgres.Replace(was); m.Run == was {
				continue
			}
		}
		if named(m.Name, f.Args()) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		return errors.New("no fault is called so")
	}
	if err := sound(ctx, chosen); err != nil {
		return err
	}
	var left []string
	for i := range chosen {
		m, began := &chosen[i], time.Now()
		what, err := try(ctx, m)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			what = broken
		}
		fmt.Printf("%-9s %-45s %4.0f s  %s %s\n", what, m.Name, time.Since(began).Seconds(), m.Package, m.Run)
		if what != noticed {
			left = append(left, m.Name)
		}
	}
	fmt.Printf("%d of %d faults were noticed\n", len(chosen)-len(left), len(chosen))
	if len(left) > 0 {
		return fmt.Errorf("not noticed: %s", strings.Join(left, ", "))
	}
	return nil
}

// onPostgres gives the names of tests on the other database.
var onPostgres = strings.NewReplacer("TestSQLite", "TestPostgres", "/SQLite", "/Postgres")

func named(name string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(name, p) {
			return true
		}
	}
	return len(parts) == 0
}

// What becomes of a fault.
const (
	noticed  = "noticed"
	survived = "SURVIVED"
	broken   = "BROKEN" // did not come to the tests
)

// sound says that the tests pass without a fault: tests that fail anyway notice
// nothing.
func sound(ctx context.Context, all []mutant.Mutant) error {
	tests := map[string][]string{}
	for _, m := range all {
		tests[m.Package] = append(tests[m.Package], m.Run)
	}
	for pkg, runs := range tests {
		if out, err := test(ctx, pkg, strings.Join(runs, "|")); err != nil {
			return fmt.Errorf("without a fault, the tests of %s do not pass: %w\n%s", pkg, err, out)
		}
	}
	return nil
}

// try gives one fault to its tests.
func try(ctx context.Context, m *mutant.Mutant) (string, error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	root, err := os.Getwd()
	if err != nil {
		return "", err
	}
	overlay, err := mutant.Overlay(root, dir, *m)
	if err != nil {
		return "", err
	}
	out, err := test(ctx, m.Package, m.Run, "-overlay", overlay)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return survived, nil
	case !errors.As(err, &exit) || !strings.Contains(out, "--- FAIL"):
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return noticed, nil
}

func test(ctx context.Context, pkg, tests string, flags ...string) (string, error) {
	args := append([]string{"test", "-count=1", "-vet=off", "-timeout=5m", "-run", tests}, flags...)
	out, err := exec.CommandContext(ctx, "go", append(args, pkg)...).CombinedOutput()
	return string(out), err
}
