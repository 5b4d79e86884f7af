// Command mailing is Postbag, a sample application: mailing lists and their
// subscribers over a JSON API with Basic authentication. A request to subscribe
// that comes again with the same Idempotency-Key gets the same answer and
// changes nothing. Webhooks tell whoever wants to hear of new and changed
// subscribers. It keeps everything in memory.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"strings"

	"github.com/tandem-ipaas/tandem/examples/internal/hook"
	"github.com/tandem-ipaas/tandem/examples/internal/rest"
)

func main() { rest.Main("mailing", run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("mailing", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:9102", "`address` to listen on; port 0 takes a free one")
	user := flags.String("user", "", "`name` that callers sign in with (required)")
	password := flags.String("password", "", "its `password` (required)")
	lists := flags.String("lists", "", "`names` of lists to begin with, between commas; their ids count from 1")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *user == "" || *password == "" {
		return errors.New("--user and --password are required")
	}
	p := newPostbag()
	for name := range strings.SplitSeq(*lists, ",") {
		if name = strings.TrimSpace(name); name != "" {
			p.addList(name)
		}
	}
	hooks := hook.New(slog.New(slog.NewTextHandler(stderr, nil)), "X-Postbag-Event", hook.Options{})
	defer hooks.Close()
	return rest.Serve(ctx, *listen, newServer(*user, *password, p, hooks), stdout)
}
