package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

type securityShape struct {
	ConsoleAddresses []string `doc:"Networks (CIDR) that the console may be used from; none: any."`
	APIAddresses     []string `json:"ApiAddresses" doc:"Networks that tokens may be got and used from; none: any."`
	RequireTwoFactor bool     `doc:"Of console users that sign in by password."`
}

type securityBody struct {
	ConsoleAddresses optional[[]string] `json:",omitzero" doc:"Networks (CIDR) or addresses. Your own must be among them, unless you are a program."`
	APIAddresses     optional[[]string] `json:"ApiAddresses,omitzero" doc:"Networks (CIDR) or addresses."`
	RequireTwoFactor optional[bool]     `json:",omitzero" doc:"Who has no second factor sets one up at the next sign-in."`
}

func (b *securityBody) apply(s *tandem.SecuritySettings) {
	b.ConsoleAddresses.Apply(&s.ConsoleAddresses)
	b.APIAddresses.Apply(&s.APIAddresses)
	b.RequireTwoFactor.Apply(&s.RequireTwoFactor)
}

func showSecurity(s tandem.SecuritySettings, err error) (*object[securityShape], error) {
	return one(securityShape{append([]string{}, s.ConsoleAddresses...), append([]string{}, s.APIAddresses...), s.RequireTwoFactor}, err)
}

func (a *API) getSecurity(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[securityShape], error) {
	set, err := a.services.Settings.Get(ctx, p)
	return showSecurity(set.Security, err)
}

func (a *API) updateSecurity(ctx context.Context, _ tandem.PartnerID, in *struct{ Body securityBody }) (*object[securityShape], error) {
	return showSecurity(a.services.Gate.Set(ctx, by(ctx), whence(ctx), in.Body.apply))
}
