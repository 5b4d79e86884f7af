package apitest

import (
	"maps"

	"github.com/tandem-ipaas/tandem"
)

// owner is whose the ids in a request are.
type owner int

const (
	nobody  owner = iota // of the library, or none at all
	account              // of one account
	partner              // of one partner: any of its accounts may use it
)

// entry is how a route is called with the things of one tenant.
type entry struct {
	path  string // {names} are fields of a tenant
	owner owner
	body  func(t *tenant) any

	// inherited says that a sub-account may do it with what its parent has.
	inherited bool

	// shared says that all accounts of a partner see the same.
	shared bool

	// needs is what whoever names the things of a tenant needs besides; its zero value:
	// nothing.
	needs tandem.Need

	// scripted says that browsers are refused, whoever sits before them.
	scripted bool
}

type object map[string]any

func fixed(body any) func(*tenant) any { return func(*tenant) any { return body } }

// openAPI is a document of one operation.
const openAPI = `{"openapi":"3.1.0","info":{"title":"A","version":"1"},"servers":[{"url":"https://x.test"}],"paths":{"/a":{"get":{}}}}`

// of is the body of a request with the things of t; nil if it has none.
func (e entry) of(t *tenant) any {
	if e.body == nil {
		return nil
	}
	return e.body(t)
}

// entries has an entry for each route, by operation id.
func entries() map[string]entry {
	all := map[string]entry{}
	for _, some := range []map[string]entry{
		accountEntries(), userEntries(), libraryConnectorEntries(), ownEntries(), cycleEntries(), mappingEntries(), transactionEntries(),
		embedEntries(), libraryEntries(), securityEntries(), noticeEntries(),
	} {
		maps.Copy(all, some)
	}
	return all
}

// accountEntries are of accounts, their settings and what they used.
func accountEntries() map[string]entry {
	return map[string]entry{
		"issueToken":         {path: "/oauth/token"},
		"getDocument":        {path: "/v1.0/openapi.json"},
		"getReference":       {path: "/docs/index"},
		"getReferenceScript": {path: "/docs/reference.js"},

		"listAudit":   {path: "/v1.0/audit"},
		"verifyAudit": {path: "/v1.0/audit/verify"},

		"watchChanges": {path: "/v1.0/changes/live?account={account}", owner: account, needs: tandem.Need{Area: tandem.AreaAccounts, Level: tandem.ViewLevel}},

		"listAccounts":          {path: "/v1.0/accounts"},
		"createAccount":         {path: "/v1.0/accounts", body: fixed(object{"Name": "new"})},
		"getAccount":            {path: "/v1.0/accounts/{account}", owner: account},
		"updateAccount":         {path: "/v1.0/accounts/{account}", owner: account, body: fixed(object{"Description": "changed"})},
		"deleteAccount":         {path: "/v1.0/accounts/{account}?subaccounts=true", owner: account},
		"suspendAccount":        {path: "/v1.0/accounts/{account}/suspend", owner: account},
		"resumeAccount":         {path: "/v1.0/accounts/{account}/resume", owner: account},
		"restoreAccount":        {path: "/v1.0/accounts/{account}/restore", owner: account},
		"getOwnAccount":         {path: "/v1.0/account"},
		"updateOwnAccount":      {path: "/v1.0/account", body: fixed(object{"Description": "changed"})},
		"listSubaccounts":       {path: "/v1.0/accounts/{account}/subaccounts", owner: account},
		"getUsage":              {path: "/v1.0/accounts/{account}/usage", owner: account},
		"getPartner":            {path: "/v1.0/partner"},
		"updatePartner":         {path: "/v1.0/partner", body: fixed(object{"Name": "changed"})},
		"getSettings":           {path: "/v1.0/settings"},
		"updateSettings":        {path: "/v1.0/settings", body: fixed(object{"Task": object{"Allowance": 5}})},
		"getAppearance":         {path: "/v1.0/settings/appearance"},
		"updateAppearance":      {path: "/v1.0/settings/appearance", body: fixed(object{"AccentColor": "#0b5cad"})},
		"verifyUsage":           {path: "/v1.0/accounts/{account}/usage/verify", owner: account},
		"listUsage":             {path: "/v1.0/usage"},
		"listCycleUsage":        {path: "/v1.0/usage/cycles?account={account}", owner: account},
		"listConnectorUsage":    {path: "/v1.0/usage/connectors?account={account}", owner: account},
		"listMethodUsage":       {path: "/v1.0/usage/methods?account={account}", owner: account},
		"listDayUsage":          {path: "/v1.0/usage/days?account={account}", owner: account},
		"getAllowance":          {path: "/v1.0/usage/allowance"},
		"listAllTransactions":   {path: "/v1.0/transactions?account={account}", owner: account},
		"listAllIncidents":      {path: "/v1.0/incidents?account={account}", owner: account},
		"listAllBillingPeriods": {path: "/v1.0/billingperiods?account={account}", owner: account},
		"listRunDays":           {path: "/v1.0/runs/days?account={account}", owner: account},
		"listCycleRuns":         {path: "/v1.0/runs/cycles?account={account}", owner: account},
		"listAccountActivity":   {path: "/v1.0/runs/accounts"},
		"listWaitingConnectors": {path: "/v1.0/runs/waits"},
		"listCalls":             {path: "/v1.0/logs/api?account={account}", owner: account},
		"listOwnCalls":          {path: "/v1.0/account/logs/api"},
		"listWebhookRequests":   {path: "/v1.0/account/logs/webhooks"},
		"listOwnRunDays":        {path: "/v1.0/account/runs/days"},
		"listOwnCycleRuns":      {path: "/v1.0/account/runs/cycles"},
		"getOwnUsage":           {path: "/v1.0/account/usage"},
		"listOwnCycleUsage":     {path: "/v1.0/account/usage/cycles"},
		"listOwnConnectorUsage": {path: "/v1.0/account/usage/connectors"},
		"listOwnMethodUsage":    {path: "/v1.0/account/usage/methods"},
		"listOwnDayUsage":       {path: "/v1.0/account/usage/days"},
		"listBillingPeriods":    {path: "/v1.0/accounts/{account}/billingperiods", owner: account},
		"listOwnBillingPeriods": {path: "/v1.0/account/billingperiods"},
	}
}

// noticeEntries are of who is told of errors.
func noticeEntries() map[string]entry {
	return map[string]entry{
		"listNotices":                {path: "/v1.0/notices?account={account}", owner: account},
		"listReceivers":              {path: "/v1.0/notices/receivers"},
		"rotateWebhookSecret":        {path: "/v1.0/settings/webhooksecret"},
		"rotateAccountWebhookSecret": {path: "/v1.0/accounts/{account}/webhooksecret", owner: account},
		"testWebhook":                {path: "/v1.0/settings/webhooktest", body: fixed(object{"Url": "https://nobody.invalid"})},
		"testAccountWebhook":         {path: "/v1.0/accounts/{account}/webhooktest", owner: account, body: fixed(object{"Url": "https://nobody.invalid"})},
		"deleteAccountWebhookSecret": {path: "/v1.0/accounts/{account}/webhooksecret", owner: account},
	}
}

// userEntries are of the people of accounts.
func userEntries() map[string]entry {
	user := func(t *tenant) any { return object{"Username": t.Canary + "@x.test", "Password": "correct horse"} }
	return map[string]entry{
		"listUsers":   {path: "/v1.0/accounts/{account}/users", owner: account},
		"addUser":     {path: "/v1.0/accounts/{account}/users", owner: account, body: user},
		"removeUser":  {path: "/v1.0/accounts/{account}/users", owner: account, body: user},
		"setPassword": {path: "/v1.0/users", owner: account, body: user},

		"updateUserAccess": {path: "/v1.0/accounts/{account}/users/{username}", owner: account, body: fixed(object{"Administrator": true})},
		"listInvitations":  {path: "/v1.0/accounts/{account}/invitations", owner: account},
		"createInvitation": {path: "/v1.0/accounts/{account}/invitations", owner: account, body: fixed(object{"Email": "guest@x.test"})},
		"resendInvitation": {path: "/v1.0/accounts/{account}/invitations/{resent}/resend", owner: account},
		"revokeInvitation": {path: "/v1.0/accounts/{account}/invitations/{invitation}", owner: account},
		"listAllUsers":     {path: "/v1.0/users"},
		"createUser":       {path: "/v1.0/users", body: fixed(object{"Username": "new"})},
		"getUser":          {path: "/v1.0/users/{user}", owner: partner},
		"updateUser":       {path: "/v1.0/users/{user}", owner: partner, body: fixed(object{"LastName": "changed"})},
		"deleteUser":       {path: "/v1.0/users/{user}", owner: partner},

		"listMembers":         {path: "/v1.0/account/users"},
		"updateMember":        {path: "/v1.0/account/users/{member}", owner: account, body: fixed(object{"Administrator": true})},
		"removeMember":        {path: "/v1.0/account/users/{member}", owner: account},
		"listOwnInvitations":  {path: "/v1.0/account/invitations"},
		"createOwnInvitation": {path: "/v1.0/account/invitations", body: fixed(object{"Email": "guest@x.test"})},
		"resendOwnInvitation": {path: "/v1.0/account/invitations/{ownResent}/resend", owner: account},
		"revokeOwnInvitation": {path: "/v1.0/account/invitations/{ownInvitation}", owner: account},
		"getOwnUser":          {path: "/v1.0/account/me"},
		"updateOwnUser":       {path: "/v1.0/account/me", body: fixed(object{"FirstName": "changed"})},
		"requestEmail":        {path: "/v1.0/account/email", body: fixed(object{"Email": "new@x.test", "Password": "correct horse"})},
	}
}

// libraryConnectorEntries are of the library of connectors.
func libraryConnectorEntries() map[string]entry {
	return map[string]entry{
		"listCustomConnectors":  {path: "/v1.0/account/connectors/custom", shared: true},
		"createCustomConnector": {path: "/v1.0/account/connectors/custom", body: fixed(object{"Name": "new", "UniqueIdentifier": tandem.NewGUID()})},
		"getCustomConnector":    {path: "/v1.0/account/connectors/custom/{custom}", owner: partner},
		"updateCustomConnector": {path: "/v1.0/account/connectors/custom/{custom}", owner: partner, body: fixed(object{"Description": "changed"})},
		"importConnector":       {path: "/v1.0/account/connectors/custom/import", body: fixed(object{"Document": openAPI, "Name": "imported"})},
		"reimportConnector":     {path: "/v1.0/account/connectors/custom/{custom}/import", owner: partner, body: fixed(object{"Document": openAPI})},
		"listConnectorReleases": {path: "/v1.0/account/connectors/custom/{custom}/releases", owner: partner},
		"draftConnector":        {path: "/v1.0/account/connectors/custom/{custom}/draft", owner: partner},
		"promoteConnector":      {path: "/v1.0/account/connectors/custom/{custom}/promote", owner: partner, body: fixed(object{"Kind": "Major"})},
		"tryConnector":          {path: "/v1.0/account/connectors/custom/{custom}/test/{customMethod}", owner: partner, body: fixed(object{})},
		"runScript":             {path: "/v1.0/scripts/test", body: fixed(object{"Event": "after_action", "Script": "function after_action() { return true; }"})},
		"deleteCustomConnector": {path: "/v1.0/account/connectors/custom/{custom}", owner: partner},

		"listConnectors":          {path: "/v1.0/connectors"},
		"getConnector":            {path: "/v1.0/connectors/{connector}"},
		"getConnectorVersion":     {path: "/v1.0/connectors/{connector}/{version}"},
		"listMethods":             {path: "/v1.0/connectors/{connector}/methods"},
		"listVersionMethods":      {path: "/v1.0/connectors/{connector}/{version}/methods"},
		"getConnectorSettings":    {path: "/v1.0/connectors/{connector}/settings"},
		"updateConnectorSettings": {path: "/v1.0/connectors/{connector}/settings", body: fixed(object{"Properties": []object{}})},
		"deleteConnectorSettings": {path: "/v1.0/connectors/{connector}/settings"},
		"getMethod":               {path: "/v1.0/methods/{method}"},
		"installConnector":        {path: "/v1.0/connectors/{connector}/install", body: fixed(object{})},
		"installConnectorVersion": {path: "/v1.0/connectors/{connector}/{version}/install", body: fixed(object{})},
	}
}

// ownEntries are of the connectors of an account.
func ownEntries() map[string]entry {
	return map[string]entry{
		"listAccountConnectors":          {path: "/v1.0/account/connectors", inherited: true},
		"getAccountConnector":            {path: "/v1.0/account/connectors/{installed}", owner: account, inherited: true},
		"updateAccountConnector":         {path: "/v1.0/account/connectors/{installed}", owner: account, body: fixed(object{"AuthValue": "stolen"})},
		"deleteAccountConnector":         {path: "/v1.0/account/connectors/{installed}", owner: account},
		"deauthenticateAccountConnector": {path: "/v1.0/account/connectors/{installed}/deauthenticate", owner: account},

		"connectAccountConnector": {path: "/v1.0/account/connectors/{installed}/oauth", owner: account, body: fixed(object{})},
		"issueSetupToken":         {path: "/v1.0/account/connectors/{installed}/setuptoken", owner: account, body: fixed(object{"ExpiresInMinutes": 60})},

		"testAccountConnector": {path: "/v1.0/account/connectors/{installed}/test", owner: account},

		"listProperties":       {path: "/v1.0/account/connectors/{installed}/properties", owner: account, inherited: true},
		"createProperty":       {path: "/v1.0/account/connectors/{installed}/properties", owner: account, body: fixed(object{"Name": "BaseUrl", "Value": "https://x.test"})},
		"getProperty":          {path: "/v1.0/account/connectors/{installed}/properties/{property}", owner: account, inherited: true},
		"updateProperty":       {path: "/v1.0/account/connectors/{installed}/properties/{property}", owner: account, body: fixed(object{"Value": "https://y.test"})},
		"deleteProperty":       {path: "/v1.0/account/connectors/{installed}/properties/{property}", owner: account},
		"listCustomFields":     {path: "/v1.0/account/connectors/{installed}/fields", owner: account, inherited: true},
		"createCustomField":    {path: "/v1.0/account/connectors/{installed}/fields", owner: account, body: fixed(object{"ConnectorField": "extra.one"})},
		"discoverFields":       {path: "/v1.0/account/connectors/{installed}/fields/discover", owner: account, body: fixed(object{"Method": actionMethod})},
		"sampleFields":         {path: "/v1.0/account/connectors/{installed}/fields/sample", owner: account, body: fixed(object{"Method": actionMethod, "Sample": object{"extra": 1}})},
		"getCustomField":       {path: "/v1.0/account/connectors/{installed}/fields/{customField}", owner: account, inherited: true},
		"updateCustomField":    {path: "/v1.0/account/connectors/{installed}/fields/{customField}", owner: account, body: fixed(object{"DisplayName": "changed"})},
		"deleteCustomField":    {path: "/v1.0/account/connectors/{installed}/fields/{customField}", owner: account},
		"listCategories":       {path: "/v1.0/account/connectors/{copier}/categories", owner: account, inherited: true},
		"copyCategory":         {path: "/v1.0/account/connectors/{copier}/categories", owner: account, body: fixed(object{"Category": "Objects", "ObjectName": "Deal"})},
		"removeCategory":       {path: "/v1.0/account/connectors/{copier}/categories/{copied}", owner: account},
		"listInstalledMethods": {path: "/v1.0/account/connectors/{installed}/methods", owner: account, inherited: true},
		"getMethodResult":      {path: "/v1.0/account/connectors/{installed}/methods/{call}", owner: account, inherited: true, scripted: true},
		"callMethod":           {path: "/v1.0/account/connectors/{installed}/methods/{call}", owner: account, inherited: true},
		"testStep":             {path: "/v1.0/account/connectors/{installed}/teststep", owner: account, inherited: true, body: fixed(object{"Method": actionMethod})},
		"testMethod":           {path: "/v1.0/account/connectors/{installed}/test/{call}", owner: account, inherited: true},
		"lookUp":               {path: "/v1.0/account/connectors/{list}/triggers/{trigger}", owner: account, inherited: true},
		"lookUpParameter":      {path: "/v1.0/steps/{lister}/parameters/{listed}/lookup", owner: account, body: func(t *tenant) any { return object{"TriggerId": t.Trigger} }},
		"lookUpFields":         {path: "/v1.0/steps/{writer}/fieldmappings/lookup", owner: account},
	}
}

// cycleEntries are of cycles.
func cycleEntries() map[string]entry {
	return map[string]entry{
		"listCycles":             {path: "/v1.0/cycles"},
		"createCycle":            {path: "/v1.0/cycles", body: fixed(object{"Name": "new"})},
		"getCycle":               {path: "/v1.0/cycles/{cycle}", owner: account},
		"updateCycle":            {path: "/v1.0/cycles/{cycle}", owner: account, body: fixed(object{"Description": "changed"})},
		"deleteCycle":            {path: "/v1.0/cycles/{cycle}", owner: account},
		"listUpgradeableCycles":  {path: "/v1.0/cycles/upgradeable"},
		"listDeletedCycles":      {path: "/v1.0/cycles/deleted"},
		"restoreCycle":           {path: "/v1.0/cycles/{deleted}/restore", owner: account},
		"copyCycle":              {path: "/v1.0/cycles/{cycle}/copy", owner: account, body: fixed(object{})},
		"previewUpgrade":         {path: "/v1.0/cycles/{fromTemplate}/upgrade", owner: account},
		"upgradeCycle":           {path: "/v1.0/cycles/{fromTemplate}/upgrade", owner: account},
		"copyCycleToTemplate":    {path: "/v1.0/cycles/{cycle}/copytotemplate", owner: account, body: fixed(object{"Name": "copy"})},
		"activateCycle":          {path: "/v1.0/cycles/{cycle}/activate", owner: account},
		"deactivateCycle":        {path: "/v1.0/cycles/{cycle}/deactivate", owner: account},
		"listCyclePrerequisites": {path: "/v1.0/cycles/{cycle}/prerequisites", owner: account},
		"listStepPrerequisites":  {path: "/v1.0/steps/{action}/prerequisites", owner: account},

		"getCycleDesign":    {path: "/v1.0/cycles/{fromTemplate}/design", owner: account},
		"watchCycleDesign":  {path: "/v1.0/cycles/{fromTemplate}/design/live", owner: account},
		"updateCycleDesign": {path: "/v1.0/cycles/{fromTemplate}/design", owner: account, body: fixed(object{"Graph": object{"Steps": []any{}, "Edges": []any{}}})},

		"listSteps":    {path: "/v1.0/cycles/{cycle}/steps", owner: account},
		"createStep":   {path: "/v1.0/cycles/{cycle}/steps", owner: account, body: fixed(object{"ActionType": "Decision"})},
		"getCycleStep": {path: "/v1.0/cycles/{cycle}/steps/{action}", owner: account},
		"updateStep":   {path: "/v1.0/cycles/{cycle}/steps/{action}", owner: account, body: fixed(object{"Name": "changed"})},
		"deleteStep":   {path: "/v1.0/cycles/{cycle}/steps/{action}", owner: account},
		"getStep":      {path: "/v1.0/steps/{action}", owner: account},

		"listEdges": {path: "/v1.0/cycles/{cycle}/edges", owner: account},
		"createEdge": {path: "/v1.0/cycles/{cycle}/edges", owner: account, body: func(t *tenant) any {
			return object{"HeadStepId": t.Hook, "TailStepId": t.Action}
		}},
		"getEdge":    {path: "/v1.0/cycles/{cycle}/edges/{edge}", owner: account},
		"deleteEdge": {path: "/v1.0/cycles/{cycle}/edges/{edge}", owner: account},

		"listVariables":   {path: "/v1.0/cycles/{cycle}/variables", owner: account},
		"createVariable":  {path: "/v1.0/cycles/{cycle}/variables", owner: account, body: fixed(object{"SystemName": "Another"})},
		"updateVariables": {path: "/v1.0/cycles/{cycle}/variables", owner: account, body: fixed([]object{{"SystemName": variableName, "Value": "x"}})},
		"getVariable":     {path: "/v1.0/cycles/{cycle}/variables/{variable}", owner: account},
		"updateVariable":  {path: "/v1.0/cycles/{cycle}/variables/{variable}", owner: account, body: fixed(object{"Value": "x"})},
		"deleteVariable":  {path: "/v1.0/cycles/{cycle}/variables/{variable}", owner: account},
	}
}

// mappingEntries are of what steps are given.
func mappingEntries() map[string]entry {
	static := fixed(object{"MappingType": "StaticValue", "Value": "1"})
	return map[string]entry{
		"listParameters":       {path: "/v1.0/steps/{action}/parameters", owner: account},
		"getParameter":         {path: "/v1.0/steps/{action}/parameters/{parameter}", owner: account},
		"updateParameter":      {path: "/v1.0/steps/{action}/parameters/{parameter}", owner: account, body: static},
		"mapParameter":         {path: "/v1.0/steps/{action}/parameters/{parameter}", owner: account, body: static},
		"listFieldsForMapping": {path: "/v1.0/steps/{writer}/fieldsformapping", owner: account},
		"listFieldMappings":    {path: "/v1.0/steps/{writer}/fieldmappings", owner: account},
		"getFieldMapping":      {path: "/v1.0/steps/{writer}/fieldmappings/{field}", owner: account},
		"updateFieldMapping":   {path: "/v1.0/steps/{writer}/fieldmappings/{field}", owner: account, body: static},
		"mapField":             {path: "/v1.0/steps/{writer}/fieldmappings/{field}", owner: account, body: static},
	}
}

// transactionEntries are of what cycles did.
func transactionEntries() map[string]entry {
	ofCycle := func(t *tenant) any { return object{"CycleId": t.Cycle} }
	return map[string]entry{
		"listTransactions":      {path: "/v1.0/cycles/transactions"},
		"watchTransactions":     {path: "/v1.0/cycles/transactions/live?cycle={cycle}", owner: account},
		"listCycleTransactions": {path: "/v1.0/cycles/{cycle}/transactions", owner: account},
		"listStepItems":         {path: "/v1.0/cycles/{cycle}/transactions/{transaction}", owner: account},
		"findTransaction":       {path: "/v1.0/transactions/{transaction}/place", owner: partner},
		"getTransaction":        {path: "/v1.0/transactions/{transaction}", owner: account},
		"listChildren":          {path: "/v1.0/transactions/{transaction}/transactions", owner: account},
		"retryTransaction":      {path: "/v1.0/transactions/{transaction}/retry", owner: account},
		"resumeTransaction":     {path: "/v1.0/transactions/{transaction}/resume", owner: account},
		"dropTransaction":       {path: "/v1.0/transactions/{transaction}/drop", owner: account},
		"retryTransactions":     {path: "/v1.0/transactions/retry", owner: account, body: ofCycle},
		"resumeTransactions":    {path: "/v1.0/transactions/resume", owner: account, body: ofCycle},
		"dropTransactions":      {path: "/v1.0/transactions/drop", owner: account, body: ofCycle},
		"listTransactionJobs":   {path: "/v1.0/cycles/transactions/jobs"},
		"startTransactionJob":   {path: "/v1.0/cycles/transactions/jobs", owner: account, body: func(t *tenant) any { return object{"Action": "drop", "CycleId": t.Cycle} }},
		"getTransactionJob":     {path: "/v1.0/cycles/transactions/jobs/{job}", owner: account},
		"cancelTransactionJob":  {path: "/v1.0/cycles/transactions/jobs/{job}/cancel", owner: account},
		"listErrors":            {path: "/v1.0/cycles/incidents/error"},
		"listWarnings":          {path: "/v1.0/cycles/incidents/warning"},
		"listCycleIncidents":    {path: "/v1.0/cycles/{cycle}/incidents", owner: account},
		"clearIncidents":        {path: "/v1.0/cycles/{cycle}/incidents", owner: account},
	}
}

// template is a small one that uses the connector of t.
func template(t *tenant, hook string) tandem.TemplateFile {
	return tandem.TemplateFile{
		Format: tandem.TemplateFileFormat, Name: "template of " + t.Canary,
		Graph: tandem.Graph{
			Connectors: []tandem.ConnectorRef{{Ref: "c", Name: t.Connector, Version: t.Version}},
			Steps:      []tandem.Step{{ID: tandem.StepID(tandem.NewGUID()), Name: "start", ActionType: tandem.WebhookStep, Connector: "c", Method: hook}},
			Edges:      []tandem.Edge{},
		},
	}
}
