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
		in(tandem.AnyArea,
			bind(post, "/oauth/token", "issueToken", "Get an access token", public(a.issueToken)),
			bind(get, "/v1.0/openapi.json", "getDocument", "Get this document", public(a.getDocument)),
			bind(get, "/docs/index", "getReference", "Read the reference", public(a.getReference)),
		),
		in(tandem.AreaAccounts,
			bind(get, "/v1.0/accounts", "listAccounts", "List accounts", partner(a.listAccounts)),
			bind(post, "/v1.0/accounts", "createAccount", "Create an account", partner(a.createAccount)),
			bind(get, "/v1.0/accounts/{id}", "getAccount", "Get an account", partner(a.getAccount)),
			bind(put, "/v1.0/accounts/{id}", "updateAccount", "Change settings of an account", partner(a.updateAccount)),
			bind(remove, "/v1.0/accounts/{id}", "deleteAccount", "Delete an account", partner(a.deleteAccount)),
			bind(get, "/v1.0/accounts/{id}/subaccounts", "listSubaccounts", "List the sub-accounts of an account", partner(a.listSubaccounts)),
		),
		in(tandem.AreaSettings,
			bind(get, "/v1.0/settings", "getSettings", "Get the settings of all accounts", partner(a.getSettings)),
			bind(put, "/v1.0/settings", "updateSettings", "Change the settings of all accounts", partner(a.updateSettings)),
		),
		in(tandem.AreaReports,
			bind(get, "/v1.0/accounts/{id}/usage", "getUsage", "Count the tasks of an account", partner(a.getUsage)),
		),
		in(tandem.AreaUsers,
			bind(get, "/v1.0/accounts/{id}/users", "listUsers", "List the usernames of an account", partner(a.listUsers)),
			bind(put, "/v1.0/accounts/{id}/users", "addUser", "Give a user access to an account", partner(a.addUser)),
			bind(remove, "/v1.0/accounts/{id}/users", "removeUser", "Take a user's access to an account away", partner(a.removeUser)),
			bind(put, "/v1.0/users", "setPassword", "Set the password of a user", partner(a.setPassword)),
		),
		in(tandem.AreaConnectors,
			bind(get, "/v1.0/connectors", "listConnectors", "List the connectors of the library", partner(a.listConnectors)),
			bind(get, "/v1.0/connectors/{connector}", "getConnector", "Get a connector by id, or its versions by name", partner(a.getConnector)),
			bind(get, "/v1.0/connectors/{connector}/{version}", "getConnectorVersion", "Get a version of a connector by name", partner(a.getConnectorVersion)),
			bind(get, "/v1.0/connectors/{connector}/methods", "listMethods", "List the methods of a connector", partner(a.listMethods)),
			bind(get, "/v1.0/connectors/{connector}/{version}/methods", "listVersionMethods", "List the methods of a version of a connector", partner(a.listVersionMethods)),
			bind(get, "/v1.0/methods/{id}", "getMethod", "Get a method", partner(a.getMethod)),
		),
		in(tandem.AreaTemplates,
			bind(get, "/v1.0/templates", "listTemplates", "List published templates", partner(a.listTemplates)),
			bind(post, "/v1.0/templates/import", "importTemplate", "Import a template", partner(a.importTemplate)),
			bind(get, "/v1.0/templates/{id}", "getTemplate", "Get a template", partner(a.getTemplate)),
			bind(get, "/v1.0/templates/{id}/export", "exportTemplate", "Export a template", partner(a.exportTemplate)),
		),
		in(tandem.AreaAccounts,
			bind(post, "/v1.0/connectors/{connector}/install", "installConnector", "Install a connector in the account", account(a.installConnector)),
			bind(post, "/v1.0/connectors/{connector}/{version}/install", "installConnectorVersion", "Install a version of a connector in the account", account(a.installConnectorVersion)),

			bind(get, "/v1.0/account/connectors", "listAccountConnectors", "List the connectors of the account", account(a.listAccountConnectors)),
			bind(get, "/v1.0/account/connectors/{id}", "getAccountConnector", "Get a connector of the account", account(a.getAccountConnector)),
			bind(put, "/v1.0/account/connectors/{id}", "updateAccountConnector", "Change or authenticate a connector of the account", account(a.updateAccountConnector)),
			bind(remove, "/v1.0/account/connectors/{id}", "deleteAccountConnector", "Remove a connector from the account", account(a.deleteAccountConnector)),
			bind(put, "/v1.0/account/connectors/{id}/deauthenticate", "deauthenticateAccountConnector", "Forget the credentials of a connector", account(a.deauthenticate)),

			bind(post, "/v1.0/templates/{id}/install", "installTemplate", "Install a template in the account", account(a.installTemplate)),

			bind(get, "/v1.0/cycles", "listCycles", "List cycles", account(a.listCycles)),
			bind(post, "/v1.0/cycles", "createCycle", "Create a cycle", created(account(a.createCycle))),
			bind(get, "/v1.0/cycles/{id}", "getCycle", "Get a cycle", account(a.getCycle)),
			bind(put, "/v1.0/cycles/{id}", "updateCycle", "Change a cycle", account(a.updateCycle)),
			bind(remove, "/v1.0/cycles/{id}", "deleteCycle", "Delete a cycle", account(a.deleteCycle)),
			bind(put, "/v1.0/cycles/{id}/activate", "activateCycle", "Start a cycle", account(a.activateCycle)),
			bind(put, "/v1.0/cycles/{id}/deactivate", "deactivateCycle", "Stop a cycle", account(a.deactivateCycle)),
			bind(get, "/v1.0/cycles/{id}/prerequisites", "listCyclePrerequisites", "List what a cycle needs before it can start", account(a.listCyclePrerequisites)),
			bind(get, "/v1.0/steps/{id}/prerequisites", "listStepPrerequisites", "List what a step needs before its cycle can start", account(a.listStepPrerequisites)),

			bind(get, "/v1.0/cycles/{id}/steps", "listSteps", "List the steps of a cycle", account(a.listSteps)),
			bind(post, "/v1.0/cycles/{id}/steps", "createStep", "Add a step to a cycle", created(account(a.createStep))),
			bind(get, "/v1.0/cycles/{id}/steps/{stepId}", "getCycleStep", "Get a step of a cycle", account(a.getCycleStep)),
			bind(put, "/v1.0/cycles/{id}/steps/{stepId}", "updateStep", "Change a step", account(a.updateStep)),
			bind(remove, "/v1.0/cycles/{id}/steps/{stepId}", "deleteStep", "Delete a step and its edges", account(a.deleteStep)),
			bind(get, "/v1.0/steps/{id}", "getStep", "Get a step", account(a.getStep)),

			bind(get, "/v1.0/cycles/{id}/edges", "listEdges", "List the edges of a cycle", account(a.listEdges)),
			bind(post, "/v1.0/cycles/{id}/edges", "createEdge", "Connect two steps", created(account(a.createEdge))),
			bind(get, "/v1.0/cycles/{id}/edges/{edgeId}", "getEdge", "Get an edge", account(a.getEdge)),
			bind(remove, "/v1.0/cycles/{id}/edges/{edgeId}", "deleteEdge", "Delete an edge", account(a.deleteEdge)),

			bind(get, "/v1.0/cycles/{id}/variables", "listVariables", "List the variables of a cycle", account(a.listVariables)),
			bind(post, "/v1.0/cycles/{id}/variables", "createVariable", "Add a variable to a cycle", created(account(a.createVariable))),
			bind(patch, "/v1.0/cycles/{id}/variables", "updateVariables", "Change several variables of a cycle", account(a.updateVariables)),
			bind(get, "/v1.0/cycles/{id}/variables/{systemName}", "getVariable", "Get a variable", account(a.getVariable)),
			bind(put, "/v1.0/cycles/{id}/variables/{systemName}", "updateVariable", "Change a variable", account(a.updateVariable)),
			bind(remove, "/v1.0/cycles/{id}/variables/{systemName}", "deleteVariable", "Delete a variable", account(a.deleteVariable)),

			bind(get, "/v1.0/steps/{id}/parameters", "listParameters", "List the parameter mappings of a step", account(a.listParameters)),
			bind(get, "/v1.0/steps/{id}/parameters/{targetId}", "getParameter", "Get a parameter mapping", account(a.getParameter)),
			bind(put, "/v1.0/steps/{id}/parameters/{targetId}", "updateParameter", "Map a parameter", account(a.updateParameter)),
			bind(post, "/v1.0/steps/{id}/parameters/{targetId}", "mapParameter", "Map a parameter (as PUT)", account(a.updateParameter)),
			bind(get, "/v1.0/steps/{id}/fieldsformapping", "listFieldsForMapping", "List the field mappings of a step (as fieldmappings)", account(a.listFields)),
			bind(get, "/v1.0/steps/{id}/fieldmappings", "listFieldMappings", "List the field mappings of a step", account(a.listFields)),
			bind(get, "/v1.0/steps/{id}/fieldmappings/{targetId}", "getFieldMapping", "Get a field mapping", account(a.getField)),
			bind(put, "/v1.0/steps/{id}/fieldmappings/{targetId}", "updateFieldMapping", "Map a field", account(a.updateField)),
			bind(post, "/v1.0/steps/{id}/fieldmappings/{targetId}", "mapField", "Map a field (as PUT)", account(a.updateField)),

			bind(get, "/v1.0/cycles/{id}/transactions/{transactionId}", "listStepItems", "List what each step of a transaction did", account(a.listStepItems)),
		),
		in(tandem.AreaReports,
			bind(get, "/v1.0/cycles/transactions", "listTransactions", "List the transactions of the account", account(a.listTransactions)),
			bind(get, "/v1.0/cycles/transactions/live", "watchTransactions", "Watch transactions as they go", account(a.watchTransactions)),
			bind(get, "/v1.0/cycles/{id}/transactions", "listCycleTransactions", "List the transactions of a cycle", account(a.listCycleTransactions)),
			bind(get, "/v1.0/transactions/{id}", "getTransaction", "Get a transaction", account(a.getTransaction)),
			bind(get, "/v1.0/transactions/{id}/transactions", "listChildren", "List the transactions that one was split into", account(a.listChildren)),
			bind(get, "/v1.0/cycles/incidents/error", "listErrors", "List errors", account(a.listErrors)),
			bind(get, "/v1.0/cycles/incidents/warning", "listWarnings", "List warnings", account(a.listWarnings)),
			bind(get, "/v1.0/cycles/{id}/incidents", "listCycleIncidents", "List the incidents of a cycle", account(a.listCycleIncidents)),
			bind(remove, "/v1.0/cycles/{id}/incidents", "clearIncidents", "Delete the incidents of a cycle", account(a.clearIncidents)),
		),
	)
}
