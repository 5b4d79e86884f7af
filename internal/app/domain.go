package app

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// Domains are those that partners have named for single sign-on.
func (a *App) Domains(ctx context.Context) ([]tandem.DomainClaim, error) {
	return a.SignOns.Claims(ctx)
}

// ApproveDomain lets a partner sign on people of a domain. Errors: NotFound.
func (a *App) ApproveDomain(ctx context.Context, p tandem.PartnerID, domain string) error {
	return a.SignOns.Approve(ctx, p, domain)
}
