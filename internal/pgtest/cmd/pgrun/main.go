// Command pgrun runs a command with a PostgreSQL made for it, which the tests
// that it runs share (see package pgtest):
//
//	pgrun go test ./...
//
// It ends with the command's exit code. Where PostgreSQL is not installed it
// runs the command without, unless TANDEM_REQUIRE_ALL=1.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/tandem-ipaas/tandem/internal/pgtest"
	"github.com/tandem-ipaas/tandem/internal/skip"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: pgrun COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgrun:", err)
	}
	os.Exit(code)
}

// run runs the command and returns its exit code; 1 with any other error.
func run(args []string) (int, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := os.Environ()
	if os.Getenv(pgtest.Env) == "" {
		cluster, err := pgtest.Start(ctx, pgtest.Options{})
		switch {
		case err == nil:
			defer cluster.Stop()
			env = append(env, pgtest.Env+"="+cluster.URL())
		case errors.Is(err, pgtest.ErrNotInstalled) && skip.Allowed():
			fmt.Fprintf(os.Stderr, "pgrun: %v\npgrun: tests on PostgreSQL are skipped\n", err)
		default:
			return 1, err
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
