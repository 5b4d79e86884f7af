package api

import (
	"maps"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tandem-ipaas/tandem/connector"
)

// define describes the properties of the document's types that say nothing of
// themselves, as the glossary does.
func define(doc *huma.OpenAPI) {
	terms := glossary()
	for name, s := range doc.Components.Schemas.Map() {
		for property, p := range s.Properties {
			text := terms[name+"."+property]
			if text == "" {
				text = terms[property]
			}
			if !described(p) {
				p.Description = text
			}
		}
	}
}

// described says whether a property tells what it is: by a text, or by its type.
func described(s *huma.Schema) bool {
	if s.Description != "" || s.Ref != "" {
		return true
	}
	for _, choice := range s.AnyOf {
		if choice.Description != "" || choice.Ref != "" {
			return true
		}
	}
	return false
}

// glossary is what names of properties mean, wherever they are; and, after the name
// of a type and a dot, what they mean there.
func glossary() map[string]string {
	all := map[string]string{}
	for name, text := range connector.Descriptions() {
		if strings.Contains(name, ".") { // the others are said of documents only
			all[name] = text
		}
	}
	for _, terms := range []map[string]string{
		anywhere(), ofAccounts(), ofPeople(), ofTokens(), ofConnectors(), ofAuthentications(), ofInstalled(), ofReleases(), ofDesigns(), ofSteps(), ofTransactions(), ofUsage(),
	} {
		maps.Copy(all, terms)
	}
	return all
}

func anywhere() map[string]string {
	return map[string]string{
		"Id":           "Its id.",
		"Name":         "Its name.",
		"Description":  "For people; it decides nothing.",
		"Tags":         "Words to find it by.",
		"CreatedDate":  "When it was made.",
		"CreatedOnUtc": "When it was made.",
		"StartTime":    "Of the time that is asked for.",
		"EndTime":      "Of the time that is asked for; it is not in it.",
		"ExpiresAtUtc": "From when on it is worth nothing.",
		"Message":      "What happened, for a person to read.",
		"RequestId":    "The X-Request-Id of the request.",
	}
}

func ofAccounts() map[string]string {
	return map[string]string{
		"AccountId":                              "The account's id.",
		"AccountName":                            "The account's name.",
		"ParentAccountId":                        "The id of the account above; null: it is at the top.",
		"AuditInfo":                              "Yours; it is kept and given back.",
		"TaskAuditInfo":                          "Yours, for accounting of tasks; it is kept and given back.",
		"Timezone":                               "IANA name. Days and billing periods begin in it.",
		"NextBillDateUtc":                        "When the billing period ends that is going on; the others are whole months before and after. null: periods are calendar months.",
		"StepDataSuccessRetentionHours":          "Hours for which requests and responses of steps are kept: 0 to 744. null: what the level above says.",
		"StepDataErroredRetentionHours":          "Hours for which requests and responses of steps with errors are kept: 0 to 744. null: what the level above says.",
		"TransactionErrorWebhookEnabled":         "Transactions that fail are told to TransactionErrorWebhookUrl.",
		"TransactionErrorWebhookUrl":             "Where transactions that fail are told to, by a POST.",
		"TransactionErrorWebhookIncludeWarnings": "Warnings are told, too.",
		"ConcurrentTransactionLimit":             "Transactions at work at once; others wait. 0: no limit; null: the partner's default.",
		"StepLimit":                              "Steps in all running cycles together. 0: no limit; null: the partner's default.",
		"Enabled":                                "false: it is suspended.",
		"DeletedDate":                            "When it was put into the recycle bin, from where it goes after 30 days. Left out: it is not there.",
	}
}

func ofPeople() map[string]string {
	return map[string]string{
		"Email":              "An email address.",
		"FirstName":          "Given name.",
		"LastName":           "Family name.",
		"Username":           "What the user signs in as; without regard to case.",
		"Password":           "The password.",
		"Administrator":      "The user may change users and settings of the account.",
		"ApiUser":            "Let in by the partner's program alone: cannot sign in by password.",
		"Accounts":           "Ids of the accounts that the user has access to.",
		"Invited":            "The invitation was not accepted yet.",
		"FullAccess":         "Everything is allowed, whatever Permissions say.",
		"Permissions":        "By area; one that is not there gives nothing.",
		"TwoFactor":          "A code is asked for at sign-in.",
		"CurrentPassword":    "The one that you sign in with. Required.",
		"ConsoleUserId":      "The console user's id.",
		"ExpiresDate":        "When it ends by itself; use puts that off.",
		"Current":            "It is the one of now.",
		"ClientId":           "What the identity provider knows Tandem by.",
		"CreateUsers":        "Who is no console user becomes one, without permissions; otherwise they are refused.",
		"Domains":            "Of the email addresses that it is for.",
		"AuditEntry.ActorId": "Their id: a client's, a console user's or a user's.",
	}
}

func ofTokens() map[string]string {
	return map[string]string{
		"access_token":  "Send it as Authorization: Bearer.",
		"token_type":    "bearer",
		"clientId":      "The client that it is of.",
		".issued":       "When it was made.",
		".expires":      "From when on it is worth nothing.",
		"grant_type":    "The only one there is.",
		"client_id":     "The id of an OAuth client.",
		"client_secret": "Its secret.",
	}
}

func ofConnectors() map[string]string {
	return map[string]string{
		"UniqueIdentifier":             "A GUID that every version of the connector has.",
		"Version":                      "Of the connector, such as 1.0.",
		"ImportReport.Format":          "The document's version of OpenAPI.",
		"ImportReport.Operations":      "How many the document has, webhooks not counted.",
		"ImportReport.Methods":         "How many were made, webhooks too.",
		"ImportReport.Webhooks":        "How many of the methods are webhooks.",
		"ImportReport.Parameters":      "How many the connector and its methods have.",
		"ImportReport.RequestFields":   "How many there are.",
		"ImportReport.ResponseFields":  "How many there are.",
		"ImportReport.Authentications": "How many ways to authenticate there are.",
		"ImportReport.Categories":      "How many categories of methods there are.",
		"ImportReport.Notes":           "What could not be carried over.",
		"ImportNote.Pointer":           "Where in the document: a JSON pointer, to the first of several places.",
		"ImportNote.Message":           "What it is, and what became of it.",
		"ImportNote.Times":             "In how many places.",

		"Icon":                     "A PNG, as a data: URL; empty if there is none.",
		"Categories":               "What kinds of application it is for.",
		"ConnectorShape.Status":    "Draft, Live or Deprecated. Only Live ones can be installed.",
		"Authentication":           "The ways to authenticate, of which one is chosen.",
		"AuthType":                 "How calls authenticate.",
		"AuthScheme":               "ApiKey: what the key is sent behind, such as Bearer.",
		"OAuth2Type":               "AuthType OAuth2: the grant by which it gets its token; null: another AuthType.",
		"TargetName":               "What it is called where it goes.",
		"TargetType":               "Where it goes in a call: HttpHeader, QueryString or MergeField; ResponseField: where it comes from.",
		"Parameters":               "What each call is given beside its body.",
		"Triggers":                 "Methods that list the values to choose from.",
		"Methods":                  "The calls that it can make.",
		"MethodCategories":         "Subjects that methods are sorted by.",
		"Deprecations":             "What is not to be used in new cycles.",
		"RateLimits":               "How many calls may be made, and in how long.",
		"Billable":                 "Kept for you.",
		"Category":                 "The subject that it is sorted under.",
		"EndPoint":                 "Where the call goes, with merge fields.",
		"HttpMethod":               "The verb of the call.",
		"MethodType":               "Action, or Webhook: the application calls it.",
		"MethodUniqueIdentifier":   "A GUID that every version of the connector has for it.",
		"MethodName":               "The method's name.",
		"RequestDataType":          "The format of the body that is sent, such as Json; Undefined: there is none.",
		"ResponseDataType":         "The format of the body that comes back.",
		"RequestFields":            "What can be sent in the body.",
		"ResponseFields":           "What comes back in the body.",
		"Paging.Items":             "Location of the list in a page.",
		"Paging.MaxPages":          "Pages asked for at most in one call; default: 1,000.",
		"Paging.PageSize":          "Items on a full page: a shorter one is the last. 0: not known.",
		"CreateWebhookMethod":      "The method that is called when a cycle with it starts.",
		"DeleteWebhookMethod":      "The method that is called when a cycle with it stops.",
		"ConnectorField":           "Location in the body, such as customer.[tags].name.",
		"SystemField":              "A name that is the same for the field in all connectors.",
		"DisplayName":              "What people see.",
		"DisplayOrder":             "Place in a list, from 1.",
		"DataType":                 "Undefined, Text, Integer, Float, Decimal, Boolean, DateTime or File.",
		"DataTypeFormat":           "How a DateTime is written there.",
		"Default":                  "The value of new steps.",
		"Values":                   "The values that there are to choose from; none: any.",
		"Hidden":                   "Nobody is asked for it: Value is sent.",
		"Optional":                 "Calls can be made without it.",
		"IsOptional":               "It can be left out.",
		"Sensitive":                "A secret: it is never shown again.",
		"Trigger":                  "The Name of the trigger that lists its values.",
		"TriggerName":              "The Name of the trigger that lists its values.",
		"TriggerId":                "Its id among those of the connector.",
		"IdentifierKey":            "Location of the value in what the method answers.",
		"HumanReadableKey":         "Location of what people see for it.",
		"Label":                    "What people see.",
		"EntityIdentifier":         "What kind of object the field is of; it is kept for you.",
		"ForRequestFormat":         "The field is of requests; else of responses.",
		"AccountConnectorProperty": "It is set once for the connector in an account, instead of in every step.",
	}
}

func ofAuthentications() map[string]string {
	return map[string]string{
		"AccessTokenUrl":              "Where tokens come from; of OAuth 1.0a, at the end of a sign-in.",
		"Algorithm":                   "By which claims are signed; default RS256.",
		"AuthoriseUrl":                "The page at which a person signs in.",
		"AuthenticationShape.Realm":   "Of OAuth 1.0a: part of what is signed.",
		"AuthenticationShape.Region":  "Of AWS.",
		"AuthenticationShape.Service": "Of AWS.",
		"Authentication.Realm":        "Of OAuth 1.0a: part of what is signed.",
		"Authentication.Region":       "Of AWS.",
		"Authentication.Service":      "Of AWS.",
		"AuthField.Location":          "Where it goes in the body of a request; default: its Name.",
		"Claims":                      "What is signed beside iat and exp; values may have merge fields.",
		"ClientAuthentication":        "Where a client's id and secret go in a request for tokens: Body (default) or Header.",
		"Lifetime":                    "Of signed claims, in seconds; default 3600.",
		"Multiline":                   "It has several lines.",
		"PartnerConnectorProperty":    "You set it once for all accounts, in your settings of the connector.",
		"Pkce":                        "Sign-ins prove that they end where they began, by PKCE with S256.",
		"RefreshTokenUrl":             "Where tokens are refreshed; default: AccessTokenUrl.",
		"RequestTokenUrl":             "Of OAuth 1.0a: where a sign-in begins.",
		"Scopes":                      "What is asked for, as it is sent.",
		"SignatureMethod":             "Of OAuth 1.0a; default HMAC-SHA1.",
		"TokenParameters":             "What else is sent in requests for tokens; values may have merge fields.",
	}
}

func ofInstalled() map[string]string {
	return map[string]string{
		"AccountConnectorId":            "The id of the connector in the account.",
		"ConnectorId":                   "Its id in the library.",
		"Connector":                     "The connector.",
		"UsageLine.Connector":           "The connector's name.",
		"UsageDifference.Connector":     "The connector's name.",
		"ConnectorVersion":              "The connector's version.",
		"Authenticated":                 "It has credentials.",
		"AuthenticationState":           "Whether it has credentials.",
		"AuthenticationId":              "Which of the connector's ways to authenticate it uses.",
		"IsPartnerIntegrationConnector": "It is the partner's own product, which sub-accounts and templates share.",
		"Properties":                    "Values of the connector's parameters.",
		"CustomFields":                  "Fields that the connector has in this account alone.",
		"PropertyBody.Name":             "The parameter's name.",
		"PropertyShape.Name":            "The parameter's name.",
		"StepCount":                     "Steps that use it.",
		"Success":                       "There was no error.",
		"Incidents":                     "What went wrong.",
	}
}

func ofReleases() map[string]string {
	return map[string]string{
		"StepShape.Script":         "JavaScript: handlers of events.",
		"Step.Script":              "JavaScript: handlers of events.",
		"UpdateShape.ReleaseNotes": "What is new in it.",
		"ConnectorPromotion.Kind":  "Major, or Minor: it took the place of what was live.",
		"CustomField.ReadOnly":     "It is never sent.",
		"CustomField.Discovered":   "It was not made by hand.",
		"CategoryCopy.ObjectName":  "The type of objects that the category is copied for.",
	}
}

func ofDesigns() map[string]string {
	return map[string]string{
		"Format":               "tandem-template/1",
		"Steps":                "All steps.",
		"Edges":                "The edges between them.",
		"Variables":            "Values that mappings take by name.",
		"Connectors":           "Those that its steps use.",
		"OmitRequests":         "What steps send and get is not kept.",
		"Ref":                  "What the graph calls it.",
		"Installation":         "Existing (default): one that the account has; Fresh: one of its own.",
		"Notes":                "What is new, for people.",
		"Published":            "It is offered to customers.",
		"PromotedBy":           "Who made it live.",
		"PromotedOnUtc":        "When it became live; null: it has not.",
		"Order":                "Place in the marketplace; equal ones by name.",
		"TemplateId":           "The template that it is of; null: none.",
		"TemplateIds":          "Installed together.",
		"TemplateReleaseId":    "The release that it was made of or upgraded to; null: none.",
		"CycleId":              "The cycle's id.",
		"CycleID":              "The cycle's id.",
		"CycleName":            "The cycle's name.",
		"CycleShape.StartTime": "When it runs first, or ran; null: not by time.",
		"CycleShape.Status":    "Paused, Running, or Finishing: no new transactions, those at work go on.",
		"RunOnce":              "It runs one time, and is paused then.",
		"ErrorCount":           "Errors.",
		"WarningCount":         "Warnings.",
		"Shareable":            "Kept and given back; nothing depends on it.",
		"CollectionSplitType":  "What becomes of a list: First goes on with its first item, All makes a transaction of each, None goes on with the list.",
		"StepErrorAction":      "What an error of a step does: Ignore, Retry, StopTransaction or StopIntegration.",
		"Retries":              "How often a step is tried again that fails, where StepErrorAction is Retry.",
		"ContinueOnStepError":  "StepErrorAction is Ignore.",
		"ObjectType":           "What kind of thing ObjectId is of.",
		"ObjectId":             "What is to be seen to.",
		"Reason":               "What is to be seen to, in words.",
		"ReasonCode":           "The same as a number, which does not change.",
		"Lost.Reason":          "Why it is not as it was.",

		"InProgressTransactionCount": "Transactions that have not ended.",
	}
}

func ofSteps() map[string]string {
	return map[string]string{
		"StepId":                  "The step's id.",
		"StepName":                "The step's name.",
		"ActionType":              actionKinds + ".",
		"Method":                  "The method that it calls.",
		"Trigger.Method":          "The MethodUniqueIdentifier or name of the method that is called.",
		"RequestShape.Method":     "The verb.",
		"Decision":                "What is compared.",
		"Delay":                   "How long it waits.",
		"Delay.Interval":          "How many units, from 1.",
		"Delay.Unit":              "Seconds, Minutes, Hours, Days or Weeks.",
		"Until":                   "The date-time that it waits for.",
		"Match":                   "Of a webhook that is not the first step: which requests are for which transactions.",
		"Match.Field":             "Location in the request's data.",
		"Match.Key":               "The value of the transaction that the request's field has.",
		"Answer":                  "What the caller of the webhook gets.",
		"Answer.Status":           "200 to 599; default 200.",
		"Answer.ContentType":      "JSON, XML, a form or text/plain; default application/json.",
		"Answer.Headers":          "Target is the header's name.",
		"Answer.Body":             "The body as a text, in place of the step's fields.",
		"DisplayPositionLeft":     "Place on the canvas, in pixels from the left.",
		"DisplayPositionTop":      "Place on the canvas, in pixels from the top.",
		"Fields":                  "Values of request fields.",
		"OriginId":                "The step of the template that it was copied from.",
		"HeadStepId":              "The step that it leaves.",
		"TailStepId":              "The step that it leads to.",
		"EdgeType":                "Forward; of a decision: True or False.",
		"Groups":                  "It is true when all rules of one group are.",
		"Condition":               "How Left is compared with Right.",
		"Target":                  "The parameter's name, or the field's location.",
		"MappingType":             "Where the value comes from: Ignore, StaticValue, ValueList, StepOutput, Variable or Trigger.",
		"Value":                   "The value.",
		"ValueName":               "What people see for it.",
		"Variable":                "The SystemName of a variable.",
		"SystemName":              "What mappings call it.",
		"SourceStepId":            "The step whose response it is of.",
		"SourceField":             "Location in that response.",
		"SourceFieldId":           "The response field.",
		"CollectionKey":           "Where the values of a list come from several lists: the location of what is the same in items that belong together.",
		"Format":                  "How the source writes a date-time, in the notation of .NET.",
		"TriggerValue":            "A value that the lookup gave.",
		"TriggerValueDisplayName": "What people see for it.",
		"IsEntityIdentifier":      "It says which object is meant.",
		"IsLaunchVisible":         "The customer who installs it may choose the value.",
		"IsLaunchRequired":        "It does not start without a value.",
		"LaunchName":              "What the customer sees it called.",
	}
}

func ofTransactions() map[string]string {
	return map[string]string{
		"TransactionId":            "The transaction's id.",
		"ParentId":                 "The transaction that it was split from; null: none.",
		"Children":                 "Transactions that were split from it.",
		"RepeatOf":                 "The transaction that it runs again; null: none.",
		"Done":                     "To how many it was done.",
		"Skipped":                  "How many could not be run again.",
		"Repeated.Next":            "There may be more past this one: ask again with it as Past; null: there are none.",
		"StartedOnUtc":             "When it began.",
		"FinishedOnUtc":            "When it ended; null: it has not.",
		"WakeOnUtc":                "When it goes on; null: it does not wait for a time.",
		"Attempt":                  "Tries so far, from 1.",
		"Outcome":                  "Success, Warning or Error.",
		"Headers":                  "By name, each with its values; secrets are taken out.",
		"URL":                      "Where it went; secrets are taken out.",
		"ResponseShape.Status":     "The HTTP status.",
		"Transaction.Status":       "Where it stands: only Completed, Failed and Cancelled are the end.",
		"PlacedTransaction.Status": "Where it stands: only Completed, Failed and Cancelled are the end.",
		"IncidentLevel":            "Warning or Error.",
		"ShortMessage":             "What went wrong, in a line.",
		"FullMessage":              "With all details.",
	}
}

func ofUsage() map[string]string {
	return map[string]string{
		"Tasks":               "Tasks that it used.",
		"TasksUsed":           "Tasks used.",
		"TreeTasksUsed":       "Tasks used with all accounts below.",
		"SuccessfulTasks":     "Of steps that ended well.",
		"IncidentTasks":       "Of steps that ended with an error or a warning.",
		"AverageMilliseconds": "How long a task took on the average; left out if that is not known, and by day.",
		"Deleted":             "The account is there no longer.",
		"Day":                 "In the account's time zone.",
		"Differences":         "Counts that are not what the records of steps say.",
		"TasksFound":          "Tasks by the records of steps.",
		"Task":                "Tasks that all accounts together are expected to use.",
		"Alerts":              "Email addresses that are told at 50, 80 and 100 % of it.",
		"Allowance":           "Tasks in a calendar month (UTC); 0: none is set.",
	}
}
