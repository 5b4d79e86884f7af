// Command crm is Bookshelf CRM, a sample application: contacts over a JSON API
// with an API key, and webhooks to whoever wants to hear of new ones. It keeps
// everything in memory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "crm:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("crm", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:9101", "`address` to listen on; port 0 takes a free one")
	key := flags.String("api-key", "", "`key` that callers must send as X-Api-Key (required)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *key == "" {
		return errors.New("--api-key is required")
	}
	hooks := newHooks(slog.New(slog.NewTextHandler(stderr, nil)), hookOptions{})
	defer hooks.close()
	return rest.Serve(ctx, *listen, newServer(*key, newBook(), hooks), stdout)
}
