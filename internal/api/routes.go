package api

import (
	"net/http"
	"slices"

	"github.com/tandem-ipaas/tandem"
)

// Methods, short enough for a table.
const (
	get    = http.MethodGet
	post   = http.MethodPost
	put    = http.MethodPut
	patch  = http.MethodPatch
	remove = http.MethodDelete
)

// routes is the table of all there is, by the area of the product that lets a
// console user in. What is done in an account is the area of accounts.
func (a *API) routes() []route {
	return slices.Concat(
		a.securityRoutes(), a.openRoutes(), a.accountRoutes(), a.deployRoutes(), a.marketplaceRoutes(), a.settingRoutes(), a.usageRoutes(), a.userRoutes(),
		a.connectorRoutes(), a.customConnectorRoutes(), a.libraryRoutes(), a.rolloutRoutes(), a.ownRoutes(), a.cycleRoutes(), a.designRoutes(), a.mappingRoutes(), a.transactionRoutes(), a.repeatRoutes(), a.repeatJobRoutes(), a.noticeRoutes(), a.auditRoutes(),
	)
}

// openRoutes need nobody to be signed in.
func (a *API) openRoutes() []route {
	return in(tandem.AnyArea,
		bind(post, "/oauth/token", "issueToken", "Get an access token", public(a.issueToken)),
		bind(get, "/v1.0/openapi.json", "getDocument", "Get this document", public(a.getDocument)),
		bind(get, "/docs/index", "getReference", "Read the reference", public(a.getReference)),
		bind(get, "/docs/reference.js", "getReferenceScript", "Get the script of the reference", public(a.getReferenceScript)),
	)
}

// accountRoutes are about accounts, from outside of them.
func (a *API) accountRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(get, "/v1.0/accounts", "listAccounts", "List accounts", ordered(partner(a.listAccounts), "by name", "Name", "Id", "CreatedDate")),
		bind(post, "/v1.0/accounts", "createAccount", "Create an account", partner(a.createAccount)),
		bind(get, "/v1.0/accounts/{id}", "getAccount", "Get an account", shared(a.getAccount)),
		bind(put, "/v1.0/accounts/{id}", "updateAccount", "Change settings of an account", partner(a.updateAccount)),
		bind(remove, "/v1.0/accounts/{id}", "deleteAccount", "Delete an account", partner(a.deleteAccount)),
		bind(post, "/v1.0/accounts/{id}/suspend", "suspendAccount", "Stop all that runs in an account, and its sign-ins", manage(partner(a.suspendAccount))),
		bind(post, "/v1.0/accounts/{id}/resume", "resumeAccount", "Bring a suspended account back as it was", manage(partner(a.resumeAccount))),
		bind(post, "/v1.0/accounts/{id}/restore", "restoreAccount", "Bring a deleted account back", manage(partner(a.restoreAccount))),
		bind(get, "/v1.0/accounts/{id}/subaccounts", "listSubaccounts", "List the sub-accounts of an account", ordered(partner(a.listSubaccounts), "by name", "Name", "Id", "CreatedDate")),
	)
}

// deployRoutes show an account, and its people, the embedded screens.
func (a *API) deployRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(post, "/v1.0/accounts/{id}/signintoken", "issueSignInToken", "Get a token that signs a user in to an account", across(tandem.AreaUsers, partner(a.issueSignInToken))),
		bind(post, "/v1.0/accounts/{id}/launch", "launchAccount", "Deploy LAUNCH for an account", partner(a.launchAccount)),
		bind(post, "/v1.0/accounts/{id}/orbit", "orbitAccount", "Deploy ORBIT for an account", partner(a.orbitAccount)),
		bind(post, "/v1.0/accounts/{id}/marketplace", "marketplaceAccount", "Deploy a marketplace for an account", partner(a.marketplaceAccount)),
		bind(post, "/v1.0/users/launch", "launchUser", "Deploy LAUNCH for a user", across(tandem.AreaUsers, partner(a.launchUser))),
		bind(post, "/v1.0/users/orbit", "orbitUser", "Deploy ORBIT for a user", across(tandem.AreaUsers, partner(a.orbitUser))),
		bind(post, "/v1.0/users/marketplace", "marketplaceUser", "Deploy a marketplace for a user", across(tandem.AreaUsers, partner(a.marketplaceUser))),
	)
}

// marketplaceRoutes are about marketplaces, and what is in them.
func (a *API) marketplaceRoutes() []route {
	return in(tandem.AreaMarketplaces,
		bind(get, "/v1.0/marketplaces", "listMarketplaces", "List marketplaces", ordered(shared(a.listMarketplaces), "by name", "Name", "Id")),
		bind(post, "/v1.0/marketplaces", "createMarketplace", "Create a marketplace", created(partner(a.createMarketplace))),
		bind(get, "/v1.0/marketplaces/{id}", "getMarketplace", "Get a marketplace", partner(a.getMarketplace)),
		bind(put, "/v1.0/marketplaces/{id}", "updateMarketplace", "Change a marketplace", partner(a.updateMarketplace)),
		bind(remove, "/v1.0/marketplaces/{id}", "deleteMarketplace", "Delete a marketplace", partner(a.deleteMarketplace)),
		bind(get, "/v1.0/marketplaces/{id}/packages", "listPackages", "List what is in a marketplace", ordered(partner(a.listPackages), "by Order, then by name", "Order", "Name", "Id")),
		bind(post, "/v1.0/marketplaces/{id}/packages", "createPackage", "Put a package into a marketplace", created(partner(a.createPackage))),
		bind(get, "/v1.0/marketplaces/{id}/packages/{packageId}", "getPackage", "Get a package of a marketplace", partner(a.getPackage)),
		bind(put, "/v1.0/marketplaces/{id}/packages/{packageId}", "updatePackage", "Change a package of a marketplace", partner(a.updatePackage)),
		bind(remove, "/v1.0/marketplaces/{id}/packages/{packageId}", "deletePackage", "Take a package out of a marketplace", partner(a.deletePackage)),
	)
}

// settingRoutes are about what holds for all accounts.
func (a *API) settingRoutes() []route {
	return in(tandem.AreaSettings,
		bind(get, "/v1.0/settings/embedding", "getEmbedding", "Get the settings of the embedded screens", partner(a.getEmbedding)),
		bind(put, "/v1.0/settings/embedding", "updateEmbedding", "Change the settings of the embedded screens", partner(a.updateEmbedding)),
		bind(get, "/v1.0/settings/appearance", "getAppearance", "Get how the console and the customers' screens look", partner(a.getAppearance)),
		bind(put, "/v1.0/settings/appearance", "updateAppearance", "Change how the console and the customers' screens look", partner(a.updateAppearance)),
		bind(get, "/v1.0/partner", "getPartner", "Get the partner", partner(a.getPartner)),
		bind(put, "/v1.0/partner", "updatePartner", "Rename the partner", partner(a.updatePartner)),
		bind(get, "/v1.0/settings", "getSettings", "Get the settings of all accounts", partner(a.getSettings)),
		bind(put, "/v1.0/settings", "updateSettings", "Change the settings of all accounts", partner(a.updateSettings)),
	)
}

// usageRoutes count tasks, for reports and for bills.
func (a *API) usageRoutes() []route {
	return slices.Concat(
		in(tandem.AreaReports,
			bind(get, "/v1.0/accounts/{id}/usage", "getUsage", "Count the tasks of an account", partner(a.getUsage)),
			bind(get, "/v1.0/accounts/{id}/usage/verify", "verifyUsage", "Count the tasks of an account again, from the records of steps", partner(a.verifyUsage)),
			bind(get, "/v1.0/usage", "listUsage", "Count tasks by account", ordered(table[tandem.AccountUsage](partner(a.listUsage)), "by name", "Name", "Id", "TasksUsed")),
			bind(get, "/v1.0/usage/cycles", "listCycleUsage", "Count tasks by cycle", ordered(table[tandem.UsageLine](partner(a.breakDown(tandem.UsageByCycle))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/usage/connectors", "listConnectorUsage", "Count tasks by version of a connector", ordered(table[tandem.UsageLine](partner(a.breakDown(tandem.UsageByConnector))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/usage/methods", "listMethodUsage", "Count tasks by method of a connector", ordered(table[tandem.UsageLine](partner(a.breakDown(tandem.UsageByMethod))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/usage/days", "listDayUsage", "Count tasks by day", ordered(table[tandem.UsageLine](partner(a.breakDown(tandem.UsageByDay))), "by day", "Name", "TasksUsed")),
			bind(get, "/v1.0/usage/allowance", "getAllowance", "Get how much of the allowance is used in this month", partner(a.getAllowance)),
			bind(get, "/v1.0/runs/days", "listRunDays", "Count runs by day", ordered(table[tandem.RunDay](partner(a.listRunDays)), "by day", "Day", "Runs", "Errors", "P95Milliseconds")),
			bind(get, "/v1.0/runs/cycles", "listCycleRuns", "Count runs by cycle", ordered(table[tandem.CycleRuns](partner(a.listCycleRuns)), "those with the most errors first", "Runs", "Errors")),
			bind(get, "/v1.0/runs/waits", "listWaitingConnectors", "List the account connectors that wait, because of too many requests to a third party", ordered(partner(a.listWaitingConnectors), "the longest wait first", "UntilOnUtc", "Name")),
			bind(get, "/v1.0/logs/api", "listCalls", "List calls of this API", ordered(table[tandem.APICall](partner(a.listCalls)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/account/logs/api", "listOwnCalls", "List calls of this API in the account", ordered(table[tandem.APICall](account(a.listOwnCalls)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/account/logs/webhooks", "listWebhookRequests", "List requests to the webhooks of the account's cycles", ordered(table[tandem.WebhookRequest](account(a.listWebhookRequests)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/account/runs/days", "listOwnRunDays", "Count the account's runs by day", ordered(table[tandem.RunDay](account(a.listOwnRunDays)), "by day", "Day", "Runs", "Errors", "P95Milliseconds")),
			bind(get, "/v1.0/account/runs/cycles", "listOwnCycleRuns", "Count the account's runs by cycle", ordered(table[tandem.CycleRuns](account(a.listOwnCycleRuns)), "those with the most errors first", "Runs", "Errors")),
			bind(get, "/v1.0/account/usage", "getOwnUsage", "Count the tasks of the account", account(a.getOwnUsage)),
			bind(get, "/v1.0/account/usage/cycles", "listOwnCycleUsage", "Count the account's tasks by cycle", ordered(table[tandem.UsageLine](account(a.breakOwnDown(tandem.UsageByCycle))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/account/usage/connectors", "listOwnConnectorUsage", "Count the account's tasks by version of a connector", ordered(table[tandem.UsageLine](account(a.breakOwnDown(tandem.UsageByConnector))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/account/usage/methods", "listOwnMethodUsage", "Count the account's tasks by method of a connector", ordered(table[tandem.UsageLine](account(a.breakOwnDown(tandem.UsageByMethod))), "by name", "Name", "TasksUsed", "IncidentTasks", "AverageMilliseconds")),
			bind(get, "/v1.0/account/usage/days", "listOwnDayUsage", "Count the account's tasks by day", ordered(table[tandem.UsageLine](account(a.breakOwnDown(tandem.UsageByDay))), "by day", "Name", "TasksUsed")),
		),
		in(tandem.AreaAccounts,
			bind(get, "/v1.0/runs/accounts", "listAccountActivity", "List how each account fares: its cycles, tasks, runs and errors", ordered(partner(a.listAccountActivity), "by name", "Name", "Id", "CreatedDate")),
		),
		in(tandem.AreaBilling,
			bind(get, "/v1.0/billingperiods", "listAllBillingPeriods", "List a billing period of each account", ordered(table[tandem.PlacedPeriod](partner(a.listAllBillingPeriods)), "by name", "Name", "Id")),
			bind(get, "/v1.0/accounts/{id}/billingperiods", "listBillingPeriods", "List the billing periods of an account", ordered(table[tandem.BillingPeriod](partner(a.listBillingPeriods)), "newest first", "StartTime")),
			bind(get, "/v1.0/account/billingperiods", "listOwnBillingPeriods", "List the billing periods of the account", ordered(table[tandem.BillingPeriod](account(a.listOwnBillingPeriods)), "newest first", "StartTime")),
		),
	)
}

// userRoutes are about the people of accounts, from outside and from within.
func (a *API) userRoutes() []route {
	return in(tandem.AreaUsers,
		bind(remove, "/v1.0/users/{id}", "deleteUser", "Delete a user", partner(a.deleteUser)),
		bind(get, "/v1.0/accounts/{id}/users", "listUsers", "List the usernames of an account", ordered(partner(a.listUsers), "by username", "Username")),
		bind(put, "/v1.0/accounts/{id}/users", "addUser", "Give a user access to an account", partner(a.addUser)),
		bind(remove, "/v1.0/accounts/{id}/users", "removeUser", "Take a user's access to an account away", partner(a.removeUser)),
		bind(put, "/v1.0/accounts/{id}/users/{username}", "updateUserAccess", "Make a user of an account an administrator, or none", partner(a.updateUserAccess)),
		bind(get, "/v1.0/accounts/{id}/invitations", "listInvitations", "List the open invitations to an account", ordered(partner(a.listInvitations), "newest first", "CreatedDate", "Email")),
		bind(post, "/v1.0/accounts/{id}/invitations", "createInvitation", "Invite somebody to an account by email", created(partner(a.createInvitation))),
		bind(post, "/v1.0/accounts/{id}/invitations/{invitationId}/resend", "resendInvitation", "Replace an invitation by a new one", created(partner(a.resendInvitation))),
		bind(remove, "/v1.0/accounts/{id}/invitations/{invitationId}", "revokeInvitation", "Take an invitation back", partner(a.revokeInvitation)),
		bind(get, "/v1.0/users", "listAllUsers", "List users, each with their accounts", ordered(partner(a.listAllUsers), "by username", "Username", "LastName", "Email", "CreatedDate", "LastSignInDate")),
		bind(post, "/v1.0/users", "createUser", "Create a user", created(partner(a.createUser))),
		bind(put, "/v1.0/users", "setPassword", "Set the password of a user", partner(a.setPassword)),
		bind(get, "/v1.0/users/{id}", "getUser", "Get a user", partner(a.getUser)),
		bind(put, "/v1.0/users/{id}", "updateUser", "Change a user", partner(a.updateUser)),

		bind(get, "/v1.0/account/users", "listMembers", "List who has access to the account", ordered(administrator(account(a.listMembers)), "by username", "Username", "LastName", "Email", "LastSignInDate")),
		bind(put, "/v1.0/account/users/{username}", "updateMember", "Make a user an administrator of the account, or none", administrator(account(a.updateMember))),
		bind(remove, "/v1.0/account/users/{username}", "removeMember", "Take a user's access to the account away", administrator(account(a.removeMember))),
		bind(get, "/v1.0/account/invitations", "listOwnInvitations", "List the open invitations to the account", ordered(administrator(account(a.listOwnInvitations)), "newest first", "CreatedDate", "Email")),
		bind(post, "/v1.0/account/invitations", "createOwnInvitation", "Invite somebody to the account by email", created(administrator(account(a.createOwnInvitation)))),
		bind(post, "/v1.0/account/invitations/{id}/resend", "resendOwnInvitation", "Replace an invitation by a new one", created(administrator(account(a.resendOwnInvitation)))),
		bind(remove, "/v1.0/account/invitations/{id}", "revokeOwnInvitation", "Take an invitation back", administrator(account(a.revokeOwnInvitation))),
		bind(get, "/v1.0/account/sessions", "listAccountSessions", "List who is signed in to the account; who is no administrator of it, their own", ordered(account(a.listAccountSessions), "newest first", "CreatedDate", "SeenDate", "ExpiresDate")),
		bind(remove, "/v1.0/account/sessions/{id}", "revokeAccountSession", "Sign a browser out of the account", account(a.revokeAccountSession)),
		bind(get, "/v1.0/account/me", "getOwnUser", "Get who you are in the account", account(a.getOwnUser)),
		bind(put, "/v1.0/account/me", "updateOwnUser", "Change your name or password", account(a.updateOwnUser)),
		bind(put, "/v1.0/account/email", "requestEmail", "Have another address, once its mail has been read", account(a.requestEmail)),
	)
}

// connectorRoutes are about the library of connectors.
func (a *API) connectorRoutes() []route {
	return in(tandem.AreaConnectors,
		bind(get, "/v1.0/connectors", "listConnectors", "List the connectors of the library", ordered(shared(a.listConnectors), "by name, newest version first", "Name", "Id")),
		bind(get, "/v1.0/connectors/{connector}", "getConnector", "Get a connector by id, or its versions by name", ordered(shared(a.getConnector), "newest version first", "Id")),
		bind(get, "/v1.0/connectors/{connector}/{version}", "getConnectorVersion", "Get a version of a connector by name", ordered(shared(a.getConnectorVersion), "one", "Id")),
		bind(get, "/v1.0/connectors/{connector}/methods", "listMethods", "List the methods of a connector", ordered(shared(a.listMethods), "by name", "Name", "Id")),
		bind(get, "/v1.0/connectors/{connector}/{version}/methods", "listVersionMethods", "List the methods of a version of a connector", ordered(shared(a.listVersionMethods), "by name", "Name", "Id")),
		bind(get, "/v1.0/connectors/{connector}/settings", "getConnectorSettings", "Get your settings of a connector, for all its releases and accounts", partner(a.getConnectorSettings)),
		bind(put, "/v1.0/connectors/{connector}/settings", "updateConnectorSettings", "Change your settings of a connector", partner(a.updateConnectorSettings)),
		bind(remove, "/v1.0/connectors/{connector}/settings", "deleteConnectorSettings", "Forget your settings of a connector", partner(a.deleteConnectorSettings)),
		bind(get, "/v1.0/methods/{id}", "getMethod", "Get a method", shared(a.getMethod)),
	)
}

// customConnectorRoutes are about the partner's own connectors, whichever account is
// named.
func (a *API) customConnectorRoutes() []route {
	return in(tandem.AreaCustomConnectors,
		bind(get, customConnectors, "listCustomConnectors", "List the partner's own connectors", ordered(accountless(vendor(account(a.listCustomConnectors))), "by name", "Name", "Id", "CreatedOnUtc")),
		bind(post, customConnectors, "createCustomConnector", "Add a connector of the partner's own", accountless(unrestricted(account(a.createCustomConnector)))),
		bind(get, customConnectors+"/{id}", "getCustomConnector", "Get one of the partner's own connectors", accountless(vendor(account(a.getCustomConnector)))),
		bind(put, customConnectors+"/{id}", "updateCustomConnector", "Change one of the partner's own connectors", accountless(unrestricted(account(a.updateCustomConnector)))),
		bind(post, customConnectors+"/import", "importConnector", "Make a connector of the partner's own of an OpenAPI document", accountless(unrestricted(account(a.importConnector)))),
		bind(post, customConnectors+"/{id}/import", "reimportConnector", "Bring one of the partner's own connectors up to an OpenAPI document", accountless(unrestricted(account(a.reimportConnector)))),
		bind(get, customConnectors+"/{id}/releases", "listConnectorReleases", "List the releases of one of the partner's own connectors", ordered(accountless(vendor(account(a.listConnectorReleases))), "newest version first", "Version", "CreatedOnUtc", "Id")),
		bind(post, customConnectors+"/{id}/draft", "draftConnector", "Begin a draft of one of the partner's own connectors, as a release of it is", created(accountless(unrestricted(account(a.draftConnector))))),
		bind(post, customConnectors+"/{id}/promote", "promoteConnector", "Make a draft of one of the partner's own connectors live", manage(accountless(unrestricted(account(a.promoteConnector))))),
		bind(post, customConnectors+"/{id}/test/{method}", "tryConnector", "Try a method of one of the partner's own connectors, be it a draft", unlogged(across(tandem.AreaAccounts, account(a.tryConnector)))),
		bind(post, "/v1.0/scripts/test", "runScript", "Try a script", unlogged(partner(a.runScript))),
		bind(remove, customConnectors+"/{id}", "deleteCustomConnector", "Delete one of the partner's own connectors", accountless(unrestricted(account(a.deleteCustomConnector)))),
	)
}

// ownRoutes are about the account that asks, and its connectors.
func (a *API) ownRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(post, "/v1.0/connectors/{connector}/install", "installConnector", "Install a connector in the account", account(a.installConnector)),
		bind(post, "/v1.0/connectors/{connector}/{version}/install", "installConnectorVersion", "Install a version of a connector in the account", account(a.installConnectorVersion)),

		bind(get, "/v1.0/account", "getOwnAccount", "Get the account", account(a.getOwnAccount)),
		bind(put, "/v1.0/account", "updateOwnAccount", "Change what the account's own people may change", administrator(account(a.updateOwnAccount))),

		bind(get, "/v1.0/account/connectors", "listAccountConnectors", "List the connectors of the account", ordered(account(a.listAccountConnectors), "the account's own first, then those of the accounts above", "Id", "Name")),
		bind(get, "/v1.0/account/connectors/{id}", "getAccountConnector", "Get a connector of the account", account(a.getAccountConnector)),
		bind(put, "/v1.0/account/connectors/{id}", "updateAccountConnector", "Change or authenticate a connector of the account", account(a.updateAccountConnector)),
		bind(remove, "/v1.0/account/connectors/{id}", "deleteAccountConnector", "Remove a connector from the account", account(a.deleteAccountConnector)),
		bind(put, "/v1.0/account/connectors/{id}/deauthenticate", "deauthenticateAccountConnector", "Forget the credentials of a connector", account(a.deauthenticate)),
		bind(post, "/v1.0/account/connectors/{id}/oauth", "connectAccountConnector", "Get the address at which somebody signs in to the third party of a connector", account(a.connectAccountConnector)),
		bind(post, "/v1.0/account/connectors/{id}/setuptoken", "issueSetupToken", "Get a link by which somebody without an account authenticates a connector", account(a.issueSetupToken)),
		bind(post, "/v1.0/account/connectors/{id}/test", "testAccountConnector", "Try the credentials of a connector again, and look its properties up", account(a.testAccountConnector)),
		bind(get, "/v1.0/account/connectors/{id}/properties", "listProperties", "List the properties of a connector of the account", ordered(account(a.listProperties), "by id", "Id", "Name")),
		bind(post, "/v1.0/account/connectors/{id}/properties", "createProperty", "Set a property of a connector of the account", account(a.createProperty)),
		bind(get, "/v1.0/account/connectors/{id}/properties/{propertyId}", "getProperty", "Get a property", account(a.getProperty)),
		bind(put, "/v1.0/account/connectors/{id}/properties/{propertyId}", "updateProperty", "Change a property", account(a.updateProperty)),
		bind(remove, "/v1.0/account/connectors/{id}/properties/{propertyId}", "deleteProperty", "Take the value of a property away; the property stays, empty", account(a.deleteProperty)),
		bind(get, "/v1.0/account/connectors/{id}/fields", "listCustomFields", "List the custom fields of a connector of the account", ordered(account(a.listCustomFields), "by id", "Id", "ConnectorField", "DisplayName")),
		bind(post, "/v1.0/account/connectors/{id}/fields", "createCustomField", "Add a custom field to a connector of the account", account(a.createCustomField)),
		bind(post, "/v1.0/account/connectors/{id}/fields/discover", "discoverFields", "Discover custom fields by asking the third party", account(a.discoverFields)),
		bind(post, "/v1.0/account/connectors/{id}/fields/sample", "sampleFields", "Make custom fields of a sample document", account(a.sampleFields)),
		bind(get, "/v1.0/account/connectors/{id}/fields/{fieldId}", "getCustomField", "Get a custom field", account(a.getCustomField)),
		bind(put, "/v1.0/account/connectors/{id}/fields/{fieldId}", "updateCustomField", "Change a custom field", account(a.updateCustomField)),
		bind(remove, "/v1.0/account/connectors/{id}/fields/{fieldId}", "deleteCustomField", "Remove a custom field", account(a.deleteCustomField)),
		bind(get, "/v1.0/account/connectors/{id}/categories", "listCategories", "List the categories of methods that can be copied, with the types of objects that they can be copied for", ordered(account(a.listCategories), "as the connector has them", "Name")),
		bind(post, "/v1.0/account/connectors/{id}/categories", "copyCategory", "Copy a category of methods for a type of objects", created(account(a.copyCategory))),
		bind(remove, "/v1.0/account/connectors/{id}/categories/{categoryId}", "removeCategory", "Remove a copy of a category", account(a.removeCategory)),
		bind(get, "/v1.0/account/connectors/{id}/methods", "listInstalledMethods", "List the methods of a connector of the account", ordered(account(a.listInstalledMethods), "as the connector has them", "Name", "Id")),
		bind(get, "/v1.0/account/connectors/{id}/methods/{method}", "getMethodResult", "Call a method that needs nothing", edit(account(a.getMethodResult))),
		bind(post, "/v1.0/account/connectors/{id}/methods/{method}", "callMethod", "Call a method", unlogged(account(a.callMethod))),
		bind(post, "/v1.0/account/connectors/{id}/test/{method}", "testMethod", "Try a method", unlogged(account(a.testMethod))),
		bind(post, "/v1.0/account/connectors/{id}/teststep", "testStep", "Try a step, with values in place of its mappings", unlogged(account(a.testStep))),
		bind(post, "/v1.0/account/connectors/{id}/triggers/{triggerId}", "lookUp", "Look up the choices of a trigger", unlogged(account(a.lookUp))),
	)
}

// cycleRoutes are about cycles as a whole.
func (a *API) cycleRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(post, "/v1.0/templates/{id}/releases/{releaseId}/try", "tryRelease", "Put a release into a test cycle of the account", across(tandem.AreaTemplates, vendor(account(a.tryRelease)))),
		bind(post, "/v1.0/templates/{id}/install", "installTemplate", "Install a template in the account", account(a.installTemplate)),

		bind(get, "/v1.0/cycles", "listCycles", "List cycles", ordered(account(a.listCycles), "by name", "Name", "CreatedOnUtc")),
		bind(get, "/v1.0/cycles/upgradeable", "listUpgradeableCycles", "List cycles whose template has another live release", ordered(account(a.listUpgradeableCycles), "by name", "Name", "CreatedOnUtc")),
		bind(get, "/v1.0/cycles/deleted", "listDeletedCycles", "List the cycles in the recycle bin", ordered(account(a.listDeletedCycles), "by name", "Name", "CreatedOnUtc")),
		bind(post, "/v1.0/cycles", "createCycle", "Create a cycle", created(account(a.createCycle))),
		bind(get, "/v1.0/cycles/{id}", "getCycle", "Get a cycle", account(a.getCycle)),
		bind(put, "/v1.0/cycles/{id}", "updateCycle", "Change a cycle", account(a.updateCycle)),
		bind(remove, "/v1.0/cycles/{id}", "deleteCycle", "Delete a cycle", account(a.deleteCycle)),
		bind(post, "/v1.0/cycles/{id}/restore", "restoreCycle", "Take a cycle out of the recycle bin", account(a.restoreCycle)),
		bind(post, "/v1.0/cycles/{id}/copy", "copyCycle", "Copy a cycle within its account", created(account(a.copyCycle))),
		bind(get, "/v1.0/cycles/{id}/upgrade", "previewUpgrade", "See what an upgrade of a cycle would come to", account(a.previewUpgrade)),
		bind(post, "/v1.0/cycles/{id}/upgrade", "upgradeCycle", "Move a cycle to the live release of its template", account(a.upgradeCycle)),
		bind(post, "/v1.0/cycles/{id}/copytotemplate", "copyCycleToTemplate", "Copy a cycle to a template, or to a draft of one", created(across(tandem.AreaTemplates, account(a.copyCycleToTemplate)))),
		bind(put, "/v1.0/cycles/{id}/activate", "activateCycle", "Start a cycle", account(a.activateCycle)),
		bind(put, "/v1.0/cycles/{id}/deactivate", "deactivateCycle", "Stop a cycle", account(a.deactivateCycle)),
		bind(get, "/v1.0/cycles/{id}/prerequisites", "listCyclePrerequisites", "List what a cycle needs before it can start", ordered(account(a.listCyclePrerequisites), "by step", "ReasonCode")),
		bind(get, "/v1.0/steps/{id}/prerequisites", "listStepPrerequisites", "List what a step needs before its cycle can start", ordered(account(a.listStepPrerequisites), "by what is missing", "ReasonCode")),
	)
}

// designRoutes are about what is in a cycle.
func (a *API) designRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(get, "/v1.0/cycles/{id}/design", "getCycleDesign", "Get the design of a cycle, as a whole", account(a.getCycleDesign)),
		bind(get, "/v1.0/cycles/{id}/design/live", "watchCycleDesign", "Watch the revision of a cycle's design, and who else has it open", account(a.watchCycleDesign)),
		bind(put, "/v1.0/cycles/{id}/design", "updateCycleDesign", "Replace the design of a cycle", account(a.updateCycleDesign)),

		bind(get, "/v1.0/cycles/{id}/steps", "listSteps", "List the steps of a cycle", ordered(account(a.listSteps), "as they were added", "Name", "Id")),
		bind(post, "/v1.0/cycles/{id}/steps", "createStep", "Add a step to a cycle", created(account(a.createStep))),
		bind(get, "/v1.0/cycles/{id}/steps/{stepId}", "getCycleStep", "Get a step of a cycle", account(a.getCycleStep)),
		bind(put, "/v1.0/cycles/{id}/steps/{stepId}", "updateStep", "Change a step", account(a.updateStep)),
		bind(remove, "/v1.0/cycles/{id}/steps/{stepId}", "deleteStep", "Delete a step and its edges", account(a.deleteStep)),
		bind(get, "/v1.0/steps/{id}", "getStep", "Get a step", account(a.getStep)),

		bind(get, "/v1.0/cycles/{id}/edges", "listEdges", "List the edges of a cycle", ordered(account(a.listEdges), "as they were added", "Id")),
		bind(post, "/v1.0/cycles/{id}/edges", "createEdge", "Connect two steps", created(account(a.createEdge))),
		bind(get, "/v1.0/cycles/{id}/edges/{edgeId}", "getEdge", "Get an edge", account(a.getEdge)),
		bind(remove, "/v1.0/cycles/{id}/edges/{edgeId}", "deleteEdge", "Delete an edge", account(a.deleteEdge)),

		bind(get, "/v1.0/cycles/{id}/variables", "listVariables", "List the variables of a cycle", ordered(account(a.listVariables), "as they were added", "DisplayName", "SystemName")),
		bind(post, "/v1.0/cycles/{id}/variables", "createVariable", "Add a variable to a cycle", created(account(a.createVariable))),
		bind(patch, "/v1.0/cycles/{id}/variables", "updateVariables", "Change several variables of a cycle", account(a.updateVariables)),
		bind(get, "/v1.0/cycles/{id}/variables/{systemName}", "getVariable", "Get a variable", account(a.getVariable)),
		bind(put, "/v1.0/cycles/{id}/variables/{systemName}", "updateVariable", "Change a variable", account(a.updateVariable)),
		bind(remove, "/v1.0/cycles/{id}/variables/{systemName}", "deleteVariable", "Delete a variable", account(a.deleteVariable)),
	)
}

// mappingRoutes are about what the steps of a cycle are given.
func (a *API) mappingRoutes() []route {
	return in(tandem.AreaAccounts,
		bind(get, "/v1.0/steps/{id}/parameters", "listParameters", "List the parameter mappings of a step", ordered(account(a.listParameters), "as the method has them", "MappingType")),
		bind(get, "/v1.0/steps/{id}/parameters/{targetId}", "getParameter", "Get a parameter mapping", account(a.getParameter)),
		bind(put, "/v1.0/steps/{id}/parameters/{targetId}", "updateParameter", "Map a parameter", account(a.updateParameter)),
		bind(post, "/v1.0/steps/{id}/parameters/{targetId}", "mapParameter", "Map a parameter (as PUT)", account(a.updateParameter)),
		bind(post, "/v1.0/steps/{id}/parameters/{targetId}/lookup", "lookUpParameter", "Look up the choices of a parameter", unlogged(account(a.lookUpParameter))),
		bind(post, "/v1.0/steps/{id}/fieldmappings/lookup", "lookUpFields", "Discover the custom fields of a step", ordered(account(a.lookUpFields), "as the method has them", "MappingType")),
		bind(get, "/v1.0/steps/{id}/fieldsformapping", "listFieldsForMapping", "List the field mappings of a step (as fieldmappings)", ordered(account(a.listFields), "as the method has them", "MappingType")),
		bind(get, "/v1.0/steps/{id}/fieldmappings", "listFieldMappings", "List the field mappings of a step", ordered(account(a.listFields), "as the method has them", "MappingType")),
		bind(get, "/v1.0/steps/{id}/fieldmappings/{targetId}", "getFieldMapping", "Get a field mapping", account(a.getField)),
		bind(put, "/v1.0/steps/{id}/fieldmappings/{targetId}", "updateFieldMapping", "Map a field", account(a.updateField)),
		bind(post, "/v1.0/steps/{id}/fieldmappings/{targetId}", "mapField", "Map a field (as PUT)", account(a.updateField)),
	)
}

// transactionRoutes are about what cycles did.
func (a *API) transactionRoutes() []route {
	return slices.Concat(
		in(tandem.AreaAccounts,
			bind(get, "/v1.0/cycles/{id}/transactions/{transactionId}", "listStepItems", "List what each step of a transaction did", ordered(account(a.listStepItems), "as they began", "StartedOnUtc", "StepName")),
		),
		in(tandem.AreaReports,
			bind(get, "/v1.0/cycles/transactions", "listTransactions", "List the transactions of the account", ordered(table[tandem.Transaction](account(a.listTransactions)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/cycles/transactions/live", "watchTransactions", "Watch transactions as they go", account(a.watchTransactions)),
			bind(get, "/v1.0/cycles/{id}/transactions", "listCycleTransactions", "List the transactions of a cycle", ordered(table[tandem.Transaction](account(a.listCycleTransactions)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/transactions", "listAllTransactions", "List the transactions of all accounts, the newest 10,000 of those asked for", ordered(table[tandem.PlacedTransaction](partner(a.listAllTransactions)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/incidents", "listAllIncidents", "List the incidents of all accounts, the newest 10,000 of those asked for", ordered(table[tandem.PlacedIncident](partner(a.listAllIncidents)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/transactions/{id}", "getTransaction", "Get a transaction", account(a.getTransaction)),
			bind(get, "/v1.0/transactions/{id}/place", "findTransaction", "Find the account and the cycle of a transaction", partner(a.findTransaction)),
			bind(get, "/v1.0/transactions/{id}/transactions", "listChildren", "List the transactions that one was split into", ordered(table[tandem.Transaction](account(a.listChildren)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/cycles/incidents/error", "listErrors", "List errors", ordered(table[tandem.Incident](account(a.listErrors)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/cycles/incidents/warning", "listWarnings", "List warnings", ordered(table[tandem.Incident](account(a.listWarnings)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/cycles/{id}/incidents", "listCycleIncidents", "List the incidents of a cycle", ordered(table[tandem.Incident](account(a.listCycleIncidents)), "newest first", "CreatedOnUtc")),
			bind(remove, "/v1.0/cycles/{id}/incidents", "clearIncidents", "Delete the incidents of a cycle", account(a.clearIncidents)),
		),
	)
}

// auditRoutes are about who did what, and that something was done.
func (a *API) auditRoutes() []route {
	return slices.Concat(
		in(tandem.AreaSecurity,
			bind(get, "/v1.0/audit", "listAudit", "Search the audit log", ordered(table[tandem.AuditEntry](partner(a.listAudit)), "newest first", "CreatedOnUtc")),
			bind(get, "/v1.0/audit/verify", "verifyAudit", "Look whether the audit log is as it was written", partner(a.verifyAudit)),
		),
		in(tandem.AnyArea,
			bind(get, "/v1.0/changes/live", "watchChanges", "Watch what changes, as far as you may look at it", shared(a.watchChanges)),
		),
	)
}

// libraryRoutes are those of the library of templates.
func (a *API) libraryRoutes() []route {
	return in(tandem.AreaTemplates,
		bind(get, "/v1.0/folders", "listFolders", "List the folders of templates", ordered(partner(a.listFolders), "by name", "Name", "CreatedOnUtc")),
		bind(post, "/v1.0/folders", "createFolder", "Create a folder", created(partner(a.createFolder))),
		bind(get, "/v1.0/folders/{id}", "getFolder", "Get a folder", partner(a.getFolder)),
		bind(put, "/v1.0/folders/{id}", "updateFolder", "Rename or move a folder", partner(a.updateFolder)),
		bind(remove, "/v1.0/folders/{id}", "deleteFolder", "Delete a folder", partner(a.deleteFolder)),
		bind(get, "/v1.0/templates", "listTemplates", "List published templates, or all that are in the library", ordered(shared(a.listTemplates), "by name", "Name", "CreatedOnUtc")),
		bind(post, "/v1.0/templates", "createTemplate", "Create a template with an empty draft", created(partner(a.createTemplate))),
		bind(post, "/v1.0/templates/import", "importTemplate", "Import a template", partner(a.importTemplate)),
		bind(get, "/v1.0/templates/connectors", "listTemplateConnectors", "List the connectors that templates use", ordered(partner(a.listTemplateConnectors), "by name", "Name")),
		bind(get, "/v1.0/templates/{id}", "getTemplate", "Get a template", shared(a.getTemplate)),
		bind(put, "/v1.0/templates/{id}", "updateTemplate", "Rename, move, tag or publish a template", partner(a.updateTemplate)),
		bind(remove, "/v1.0/templates/{id}", "deleteTemplate", "Put a template into the recycle bin", partner(a.deleteTemplate)),
		bind(post, "/v1.0/templates/{id}/restore", "restoreTemplate", "Take a template out of the recycle bin", partner(a.restoreTemplate)),
		bind(get, "/v1.0/templates/{id}/export", "exportTemplate", "Export a template", partner(a.exportTemplate)),
		bind(get, "/v1.0/templates/{id}/cycles", "listInstallations", "List the cycles that were made of a template, in all accounts", ordered(across(tandem.AreaAccounts, partner(a.listInstallations)), "by account, then by name", "AccountName", "CycleName", "Version")),
		bind(get, "/v1.0/templates/{id}/releases", "listReleases", "List the releases of a template", ordered(partner(a.listReleases), "newest first", "Version", "CreatedOnUtc")),
		bind(post, "/v1.0/templates/{id}/releases", "createDraft", "Begin a draft", created(partner(a.createDraft))),
		bind(get, "/v1.0/templates/{id}/releases/{releaseId}", "getRelease", "Get a release with its graph", partner(a.getRelease)),
		bind(get, "/v1.0/templates/{id}/releases/{releaseId}/live", "watchRelease", "Watch the revision of a release, and who else has it open", partner(a.watchRelease)),
		bind(put, "/v1.0/templates/{id}/releases/{releaseId}", "updateRelease", "Change a draft", partner(a.updateRelease)),
		bind(get, "/v1.0/templates/{id}/releases/{releaseId}/prerequisites", "listReleasePrerequisites", "List what a release lacks, apart from what customers are asked for", ordered(partner(a.listReleasePrerequisites), "by step", "ReasonCode")),
		bind(remove, "/v1.0/templates/{id}/releases/{releaseId}", "discardRelease", "Discard a draft", partner(a.discardRelease)),
		bind(post, "/v1.0/templates/{id}/releases/{releaseId}/promote", "promoteRelease", "Make a draft live", manage(partner(a.promoteRelease))),
		bind(post, "/v1.0/templates/{id}/releases/{releaseId}/offer", "offerRelease", "Offer a release to another partner", created(manage(partner(a.offerRelease)))),
		bind(remove, "/v1.0/templates/{id}/releases/{releaseId}/offer", "withdrawRelease", "Take all offers of a release back", partner(a.withdrawRelease)),
		bind(post, "/v1.0/templates/accept", "acceptTemplate", "Accept a template that another partner offers", created(partner(a.acceptTemplate))),
		bind(post, "/v1.0/templates/{id}/releases/{releaseId}/copy", "copyRelease", "Copy a release to a new template, or to a draft of another", created(partner(a.copyRelease))),
	)
}

// securityRoutes are about who comes in: to the console, and by the API.
func (a *API) securityRoutes() []route {
	return slices.Concat(
		in(tandem.AnyArea,
			bind(get, "/v1.0/me", "getProfile", "Get who you are", partner(a.getProfile)),
			bind(put, "/v1.0/me", "updateProfile", "Change your name or password", partner(a.updateProfile)),
			bind(post, "/v1.0/me/twofactor", "beginTwoFactor", "Begin to set up your second factor", partner(a.beginTwoFactor)),
			bind(put, "/v1.0/me/twofactor", "confirmTwoFactor", "Confirm your second factor by a code", partner(a.confirmTwoFactor)),
			bind(remove, "/v1.0/me/twofactor", "disableTwoFactor", "Take your second factor away", partner(a.disableTwoFactor)),
			bind(post, "/v1.0/me/recoverycodes", "createRecoveryCodes", "Get new recovery codes", partner(a.createRecoveryCodes)),
			bind(get, "/v1.0/sessions", "listSessions", "List who is signed in to the console; without the permission Security, your own", ordered(partner(a.listSessions), "newest first", "CreatedDate", "SeenDate", "ExpiresDate")),
			bind(remove, "/v1.0/sessions/{id}", "revokeSession", "Sign a browser out", partner(a.revokeSession)),
		),
		in(tandem.AreaSecurity,
			bind(get, "/v1.0/consoleusers", "listConsoleUsers", "List console users", ordered(partner(a.listConsoleUsers), "by email", "Email", "Name", "CreatedDate")),
			bind(post, "/v1.0/consoleusers", "inviteConsoleUser", "Invite somebody to the console", created(manage(partner(a.inviteConsoleUser)))),
			bind(get, "/v1.0/consoleusers/{id}", "getConsoleUser", "Get a console user", partner(a.getConsoleUser)),
			bind(put, "/v1.0/consoleusers/{id}", "updateConsoleUser", "Change a console user's name and permissions", manage(partner(a.updateConsoleUser))),
			bind(remove, "/v1.0/consoleusers/{id}", "removeConsoleUser", "Remove a console user, or take an invitation back", partner(a.removeConsoleUser)),
			bind(remove, "/v1.0/consoleusers/{id}/twofactor", "resetTwoFactor", "Take away the second factor of a console user who has lost it", partner(a.resetTwoFactor)),
			bind(post, "/v1.0/consoleusers/{id}/resend", "reinviteConsoleUser", "Replace an invitation to the console by a new one", manage(partner(a.reinviteConsoleUser))),

			bind(get, "/v1.0/oauthclients", "listOAuthClients", "List OAuth clients", ordered(partner(a.listOAuthClients), "by name", "Name", "CreatedDate")),
			bind(post, "/v1.0/oauthclients", "createOAuthClient", "Create an OAuth client", created(everything(partner(a.createOAuthClient)))),
			bind(get, "/v1.0/oauthclients/{id}", "getOAuthClient", "Get an OAuth client", partner(a.getOAuthClient)),
			bind(put, "/v1.0/oauthclients/{id}", "updateOAuthClient", "Rename an OAuth client", manage(partner(a.updateOAuthClient))),
			bind(remove, "/v1.0/oauthclients/{id}", "deleteOAuthClient", "Delete an OAuth client and its tokens", partner(a.deleteOAuthClient)),
			bind(get, "/v1.0/oauthclients/{id}/tokens", "listTokens", "List the access tokens of an OAuth client that work yet", ordered(partner(a.listTokens), "newest first", "IssuedDate", "ExpiresDate")),
			bind(remove, "/v1.0/oauthclients/{id}/tokens/{tokenId}", "revokeToken", "End an access token", partner(a.revokeToken)),
			bind(post, "/v1.0/oauthclients/{id}/secret", "rotateSecret", "Give an OAuth client another secret", everything(partner(a.rotateSecret))),

			bind(get, "/v1.0/settings/security", "getSecurity", "Get from where and how people and programs come in", partner(a.getSecurity)),
			bind(get, "/v1.0/settings/sso", "getSignOn", "Get how people sign in at a page of your own", partner(a.getSignOn)),
			bind(put, "/v1.0/settings/sso", "updateSignOn", "Change how people sign in at a page of your own", manage(partner(a.updateSignOn))),
			bind(post, "/v1.0/settings/sso/test", "testSignOn", "Ask the page where people sign in whether it can be reached", unlogged(partner(a.testSignOn))),
			bind(put, "/v1.0/settings/security", "updateSecurity", "Change from where and how people and programs come in", manage(partner(a.updateSecurity))),
		),
	)
}
