package app

import (
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

// people makes the services by which console users come in. They need settings,
// tickets and mail.
func (a *App) people(hasher *password.Hasher) {
	factors := identity.NewFactors(a.store, a.vault)
	gate := identity.NewGate(a.Settings)
	a.Gate = gate
	a.Identity = identity.New(a.store, hasher, gate)
	a.SignOns = identity.NewSignOns(a.store, a.vault, a.Tickets, gate, a.egress.HTTP(), a.cfg.ServiceURL)
	a.Clients = identity.NewOAuthClients(a.store)
	a.Sessions = identity.NewSessions(a.store)
	a.Entrance = identity.NewEntrance(a.store, hasher, factors, a.Tickets, a.Settings, a.Mail, a.cfg.ServiceURL)
	a.ConsoleUsers = identity.NewConsoleUsers(a.store, a.Tickets, a.Mail, a.cfg.ServiceURL)
	a.Profile = identity.NewProfile(a.store, hasher, factors, a.Settings, a.Mail)
}

// users makes the services by which account users come in, after people.
func (a *App) users(hasher *password.Hasher) {
	attempts := identity.NewAttempts()
	post := tenant.NewPost(a.Tickets, a.Mail, a.cfg.ServiceURL)
	a.Users = tenant.NewUsers(a.log, a.store, hasher, post)
	a.Memberships = tenant.NewMemberships(a.store, hasher)
	a.Access = tenant.NewAccess(a.log, a.store, hasher, attempts, post)
	a.UserProfile = tenant.NewProfile(a.log, a.store, hasher, attempts, post)
	a.Invitations = tenant.NewInvitations(a.store, hasher, attempts, post)
}
