package main

import (
	"context"
	"fmt"
	"log/slog"
	"text/tabwriter"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/app"
)

type domainCommand struct {
	List    listDomainsCommand   `cmd:"" help:"List the domains that partners have named for single sign-on."`
	Approve approveDomainCommand `cmd:"" help:"Let a partner, and no other any more, sign on people of a domain that it has named."`
}

type listDomainsCommand struct{ storage }

// Run prints a line for each domain and partner.
func (c *listDomainsCommand) Run(ctx context.Context, to output) error {
	var all []tandem.DomainClaim
	err := within(ctx, c.storage, func(a *app.App) (err error) {
		all, err = a.Domains(ctx)
		return err
	})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(to.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "DOMAIN\tPARTNER\tNAME\tAPPROVED")
	for _, d := range all {
		fmt.Fprintf(w, "%s\t%d\t%s\t%t\n", d.Domain, d.Partner, d.Name, d.Approved)
	}
	return w.Flush()
}

type approveDomainCommand struct {
	storage
	Domain  string           `arg:"" help:"Such as example.com."`
	Partner tandem.PartnerID `required:"" help:"Number of the partner, as in the list."`
}

// Run approves of a domain.
func (c *approveDomainCommand) Run(ctx context.Context, to output) error {
	err := within(ctx, c.storage, func(a *app.App) error { return a.ApproveDomain(ctx, c.Partner, c.Domain) })
	if tandem.ErrorCode(err) == tandem.NotFound {
		return tandem.NotFoundf("Partner %d has not named the domain %s. The partner does so in its settings of single sign-on.", c.Partner, c.Domain)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(to.out, "%s is partner %d's.\n", c.Domain, c.Partner)
	return err
}

// within opens an installation for do.
func within(ctx context.Context, s storage, do func(*app.App) error) error {
	a, err := app.New(ctx, slog.New(slog.DiscardHandler), s.config())
	if err != nil {
		return err
	}
	return a.Close(do(a))
}
