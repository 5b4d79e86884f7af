// Command crm is Bookshelf CRM, a sample application: contacts over a JSON API
// with an API key, and webhooks to whoever wants to hear of new and changed ones. It keeps
// everything in memory.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

func main() { rest.Main("crm", run) }

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
	hooks := hook.New(slog.New(slog.NewTextHandler(stderr, nil)), "X-Bookshelf-Event", hook.Options{})
	defer hooks.Close()
	return rest.Serve(ctx, *listen, newServer(*key, newBook(), hooks), stdout)
}
