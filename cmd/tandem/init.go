package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/tandem-ipaas/tandem/internal/app"
)

type initCommand struct {
	storage
	Partner string `required:"" help:"Name of the partner."`
	Email   string `required:"" help:"Email to sign in to the console with."`
	JSON    bool   `name:"json" help:"Print one JSON object."`
}

// Run makes a partner and prints its credentials, this once.
func (c *initCommand) Run(ctx context.Context, to output) error {
	a, err := app.New(ctx, slog.New(slog.DiscardHandler), c.config())
	if err != nil {
		return err
	}
	p, err := a.Setup(ctx, c.Partner, c.Email)
	if err := a.Close(err); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(to.out).Encode(p)
	}
	_, err = fmt.Fprintf(to.out, "Partner        %s\nClient ID      %s\nClient secret  %s\nEmail          %s\nPassword       %s\n\nKeep these: they are not shown again.\n",
		c.Partner, p.ClientID, p.ClientSecret, p.Email, p.Password)
	return err
}
