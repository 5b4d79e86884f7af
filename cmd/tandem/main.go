// Command tandem is the whole product in one binary: `tandem serve` runs it,
// the other commands prepare it and show what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // accounts have time zones; machines may have none

	"github.com/alecthomas/kong"

	"github.com/tandem-ipaas/tandem"
)

type commands struct {
	Serve     serveCommand     `cmd:"" help:"Run the server."`
	Init      initCommand      `cmd:"" help:"Make a partner with its first sign-in and OAuth client."`
	Domain    domainCommand    `cmd:"" help:"Say whose the domains of single sign-on are."`
	Keys      keysCommand      `cmd:"" help:"Replace the master key."`
	Migrate   migrateCommand   `cmd:"" help:"Move a stopped installation to another database, such as from SQLite to PostgreSQL."`
	Connector connectorCommand `cmd:"" help:"Make, check and try connectors, without a server."`
	Demo      demoCommand      `cmd:"" help:"Run an integration between two sample applications, for real."`
	Version   versionCommand   `cmd:"" help:"Print the version."`

	ScriptWorker scriptWorkerCommand `cmd:"" hidden:""`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with everything passed in. It returns the exit code: 0 done, 1
// failed, 2 not understood.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c commands
	parser := kong.Must(&c, kong.Name("tandem"), kong.Description("An open, self-hosted embedded integration platform."),
		kong.UsageOnError(), kong.Writers(stdout, stderr), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(output{stdout, stderr}))
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "tandem: %v\n", err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		fmt.Fprintf(stderr, "tandem: %s\n", plain(err))
		return 1
	}
	return 0
}

// output is where a command writes: results to out, what goes on to err.
type output struct{ out, err io.Writer }

// plain is an error for the operator, who is told the cause too.
func plain(err error) string {
	var e *tandem.Error
	if errors.As(err, &e) && e.Err == nil {
		return e.Message
	}
	return err.Error()
}
