package main

import (
	"context"
	"fmt"

	"github.com/tandem-ipaas/tandem/internal/app"
)

type migrateCommand struct {
	From string `required:"" env:"TANDEM_MIGRATE_FROM" help:"The installation to move, which must be stopped: sqlite: and its data folder, or the URL of its PostgreSQL." placeholder:"sqlite:DIR|URL"`
	To   string `required:"" env:"TANDEM_MIGRATE_TO" help:"An empty PostgreSQL database, or sqlite: and an empty folder." placeholder:"URL|sqlite:DIR"`
	blobs
	Rehearse bool `help:"Leave what is moved usable. Otherwise it cannot be started any more: two that go on would do the same work."`
}

// Run moves everything, and compares it row by row. It tells its progress on err.
func (c *migrateCommand) Run(ctx context.Context, to output) error {
	moved, err := app.Migrate(ctx, app.Migration{From: c.From, To: c.To, Blobs: c.blobs.config(), Rehearse: c.Rehearse, Progress: func(p app.MovedSoFar) {
		if p.Done {
			fmt.Fprintf(to.err, "%s: %d, compared\n", p.Table, p.Of)
			return
		}
		fmt.Fprintf(to.err, "%s: %d of %d\n", p.Table, p.Rows, p.Of)
	}})
	if err != nil {
		return err
	}
	for _, name := range moved.Missing {
		fmt.Fprintf(to.err, "%s was missing before the move, and still is.\n", name)
	}
	_, err = fmt.Fprintf(to.out, "%d rows of %d tables and %d files are moved, and were compared.\n"+
		"The master key is not among them, and stays the same: start with the file master.key in the folder of --data, or with the same TANDEM_MASTER_KEY.\n", moved.Rows, moved.Tables, moved.Files)
	return err
}
