package app

import (
	"github.com/tandem-ipaas/tandem/internal/catalog"
	"github.com/tandem-ipaas/tandem/internal/connection"
	"github.com/tandem-ipaas/tandem/internal/cycle"
	"github.com/tandem-ipaas/tandem/internal/demand"
	"github.com/tandem-ipaas/tandem/internal/deploy"
	"github.com/tandem-ipaas/tandem/internal/identity"
	"github.com/tandem-ipaas/tandem/internal/marketplace"
	"github.com/tandem-ipaas/tandem/internal/password"
	"github.com/tandem-ipaas/tandem/internal/rollout"
	"github.com/tandem-ipaas/tandem/internal/template"
	"github.com/tandem-ipaas/tandem/internal/tenant"
)

// provideConsole makes the services by which console users come in.
func (a *App) provideConsole(hasher *password.Hasher) {
	s := &a.Services
	factors := identity.NewFactors(a.store, a.vault)
	gate := identity.NewGate(s.Settings)
	s.Gate = gate
	s.Identity = identity.New(a.store, hasher, gate)
	s.SignOns = identity.NewSignOns(a.store, a.store, a.vault, a.Tickets, gate, a.egress.HTTP(), a.cfg.ServiceURL)
	s.Clients = identity.NewOAuthClients(a.store)
	s.Sessions = identity.NewSessions(a.store)
	a.entrance = identity.NewEntrance(a.store, hasher, factors, a.Tickets, s.Settings, a.mailer, a.cfg.ServiceURL)
	s.ConsoleUsers = identity.NewConsoleUsers(a.store, a.Tickets, a.mailer, a.cfg.ServiceURL)
	s.Profile = identity.NewProfile(a.store, hasher, factors, s.Settings, a.mailer)
}

// provideUsers makes the accounts, and the services by which their users come in.
func (a *App) provideUsers(hasher *password.Hasher) {
	s := &a.Services
	accounts := tenant.NewAccounts(a.store, s.Settings, a.vault, a.cycles)
	s.Accounts, s.AccountStates = accounts, accounts
	attempts := identity.NewAttempts()
	post := tenant.NewPost(a.Tickets, a.mailer, a.cfg.ServiceURL)
	s.Users = tenant.NewUsers(a.log, a.store, hasher, post)
	s.Memberships = tenant.NewMemberships(a.store, hasher)
	s.Access = tenant.NewAccess(a.log, a.store, a.store, hasher, attempts, post)
	s.UserProfile = tenant.NewProfile(a.log, a.store, hasher, attempts, post)
	s.Invitations = tenant.NewInvitations(a.store, hasher, attempts, post)
}

// provideConnectors makes the services about connectors.
func (a *App) provideConnectors(library *catalog.Library, connections *connection.Connectors, calls *callout) {
	s := &a.Services
	fields := connection.NewFields(a.store, library, connections)
	s.LibrarySettings, s.SignIns = connection.NewSettings(a.store, a.vault), connection.NewSignIns(connections, a.Tickets, a.cfg.ServiceURL)
	custom := catalog.NewCustom(a.log, a.store, library)
	s.Library, s.CustomConnectors, s.ConnectorImports = library, custom, catalog.NewImports(a.log, custom, a.egress.HTTP())
	s.ConnectorReleases, s.ConnectorMoves = catalog.NewReleases(a.log, a.store, library), cycle.NewConnectorMoves(a.cycles, a.store, connections)
	s.Categories = connection.NewCategories(connections, a.store)
	s.Deployments = deploy.New(s.Accounts, s.Access, s.Memberships, library, connections, a.Tickets, a.cfg.ServiceURL)
	calling := demand.New(connections, fields, library, calls)
	s.Connectors, s.Fields, s.Demand = connections, fields, calling
	s.ConnectorTrials = demand.NewTrials(calling, calls, a.scripts)
	calls.introductions = demand.NewIntroductions(demand.New(connections, fields, library, direct{calls}), connections)
}

// provideTemplates makes the services about designs.
func (a *App) provideTemplates(library *catalog.Library, connections *connection.Connectors) {
	s := &a.Services
	templates, releases := template.New(a.log, a.store, library, connections, a.cycles), template.NewReleases(a.log, a.store, library)
	files := template.NewFiles(a.log, a.store, library)
	designs := template.NewCycleDesigns(a.log, templates, releases, a.cycles, a.store)
	s.Templates, s.Releases, s.Designs = templates, releases, designs
	a.rollouts = rollout.NewWorker(a.log, a.store, designs, rollout.Options{})
	s.Rollouts = rollout.New(a.store, a.rollouts.Wake)
	s.Trials = template.NewTrials(a.log, templates, a.store, a.cycles)
	s.Files, s.Offers, s.Folders = files, template.NewOffers(a.log, files, a.Tickets), template.NewFolders(a.store)
	s.Marketplaces = marketplace.New(a.store, templates)
}
