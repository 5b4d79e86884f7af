// Package storetest is the conformance suite of the store: the same cases on
// SQLite and on PostgreSQL.
//
// A file per noun holds a function of the noun's name, listed in [cases]; it
// gets a fresh, migrated database of its own and runs its cases as subtests.
package storetest

import (
	"testing"

	"github.com/tandem-ipaas/tandem/internal/store"
)

// cases is every noun's.
func cases() map[string]func(*testing.T, *store.Store) {
	return map[string]func(*testing.T, *store.Store){
		"account":             account,
		"account connector":   accountConnectors,
		"custom connector":    customConnectors,
		"custom parts":        customConnectorParts,
		"custom in use":       customConnectorInUse,
		"custom in templates": customConnectorInTemplates,
		"connector in flight": connectorInFlight,
		"custom race":         customConnectorRace,
		"account lists":       accountLists,
		"account moves":       moves,
		"account purge":       purgeAccounts,
		"account purge cut":   purgeCut,
		"account restores":    restores,
		"account suspended":   suspension,
		"account token":       accountTokens,
		"partner connector":   partnerConnectors,
		"audit":               audit,
		"changes":             changes,
		"movement":            movement,
		"barrier":             barriers,
		"kept":                keptFor,
		"connector":           connectors,
		"custom field":        customFields,
		"cycle":               cycles,
		"file":                files,
		"identity":            identity,
		"journal":             journalOf,
		"key":                 keys,
		"limit":               limits,
		"notice":              notices,
		"notice backlog":      noticeBacklog,
		"incident version":    incidentVersion,
		"notice secret":       noticeSecrets,
		"partner settings":    partnerSettings,
		"mail":                mail,
		"repeat job":          repeatJobs,
		"repeat job claims":   repeatJobClaims,
		"replay":              replays,
		"replay begun":        replaysBegun,
		"retention":           retention,
		"retention inherited": inheritedRetention,
		"last success":        lastSuccess,
		"schema":              schema,
		"schedule":            schedule,
		"collecting":          collecting,
		"session":             session,
		"passwords":           passwords,
		"session rights":      sessionRights,
		"step limit":          stepLimit,
		"release":             releases,
		"rollout":             rollouts,
		"rollout claims":      rolloutClaims,
		"rollout waits":       rolloutsWait,
		"storage":             storage,
		"storage count":       storageCount,
		"storage ends":        storageEnds,
		"storage pairs":       storagePairs,
		"storage room":        storageRoom,
		"storage room race":   storageRoomRace,
		"storage shrinks":     storageShrinks,
		"run counts":          runCounts,
		"storage entities":    storageEntities,
		"template":            template,
		"ticket":              ticket,
		"calls":               calls,
		"requests":            requests,
		"usage":               usage,
		"across":              acrossAccounts,
		"sum":                 sum,
		"user":                user,
		"webhook matches":     webhookMatches,
		"webhook answers":     webhookAnswers,
	}
}

// Run runs the suite. Each call of open gives a fresh store, which it closes
// when its t ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, test := range cases() {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}
