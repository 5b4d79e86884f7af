package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/api"
)

// Every JSON object of the API has the names that are given for it, in the order
// in which they are given; there may be others between them.
func TestShapes(t *testing.T) {
	w := newWorld(t, api.Options{})
	cycle, hook, action := w.built("books")
	txn := w.transaction("books", tandem.CycleID(cycle), tandem.StepID(hook.ID))
	w.incident(cycle, hook.ID)
	in := fmt.Sprint("/account/connectors/", action.AccountConnector.ID)
	postbag, postbagPath := w.list("books")
	w.table("books", map[string]string{"cycle": cycle}, []row{
		{"POST " + in + "/fields", `{"ConnectorField":"x","ForRequestFormat":true}`, 0, ``},
		{"POST /cycles/{cycle}/variables", `{"SystemName":"x"}`, 201, ``},
		{"POST /account/connectors/custom", `{` + own + `,"Name":"Own"}`, 0, ``},
	})
	for _, tt := range []struct{ call, body, path, names string }{
		{"GET /accounts/books", ``, "", `CreatedDate Id Name Description ParentAccountId AuditInfo TaskAuditInfo Timezone NextBillDateUtc StepDataSuccessRetentionHours StepDataErroredRetentionHours
			TransactionErrorWebhookEnabled TransactionErrorWebhookUrl TransactionErrorWebhookIncludeWarnings ConcurrentTransactionLimit Enabled`},
		{"GET /accounts/books/usage", ``, "", `Id TasksUsed StartTime EndTime`},
		{"POST /accounts/books/signintoken", `{"Username":"amy"}`, "", `Token ExpiresAtUtc`},
		{"POST /accounts/books/launch", ``, "", `AccountId ExpiresAtUtc LaunchUrl Token`},
		{"POST /accounts/books/orbit", ``, "", `AccountId ExpiresAtUtc OrbitUrl Token`},
		{"GET /connectors", ``, "0", `Id Name Version Status Icon Categories AuthType OAuth2Type AuthScheme Authentication Parameters Triggers`},
		{"GET " + in, ``, "", `Id Name Description AuthValue Authenticated AuthenticationState ConnectorId Connector IsPartnerIntegrationConnector Properties CustomFields`},
		{"GET " + in, ``, "Connector", `Id Name Version Status Icon AuthType OAuth2Type AuthScheme Authentication Parameters Triggers`},
		{"GET " + strings.TrimPrefix(postbagPath, "/v1.0"), ``, "Connector.Triggers.0", `TriggerId`},
		{"GET " + in + "/properties", ``, "0", `Name Value Id AccountConnectorId`},
		{"GET " + in + "/fields", ``, "0", `Id ConnectorField SystemField DisplayName Description DataType DataTypeFormat MethodUniqueIdentifier EntityIdentifier ForRequestFormat`},
		{"POST " + in + "/test/7f4657b6-5cb7-4303-baf2-973558dfca53", ``, "", `Success StatusCode Request Response Incidents`},
		{fmt.Sprintf("POST /account/connectors/%d/triggers/%d", postbag.ID, postbag.Connector.Triggers[0].ID), ``, "0", `Name Value`},
		{"GET /cycles/" + cycle, ``, "", `CreatedOnUtc TasksUsed ErrorCount WarningCount InProgressTransactionCount LastSuccessfulRunDate TemplateId TemplateReleaseId Interval StartTime RunOnce Connectors`},
		{"GET /cycles/" + cycle, ``, "", `Name Description Tags Shareable StepErrorAction CollectionSplitType LogStepDataRequests StepDataSuccessRetentionHours StepDataErroredRetentionHours`},
		{"GET /cycles/" + cycle, ``, "", `ContinueOnStepError StepDataSuccessRetentionHours`},
		{"GET /cycles/" + cycle, ``, "Connectors.0", `Id AccountConnectorId Name Version Authenticated StepCount Icon`},
		{"GET /cycles/" + cycle + "/prerequisites", ``, "0", `ReasonCode Reason ObjectType ObjectId`},
		{"GET /steps/" + action.ID, ``, "", `Id Name Description ActionType Method AccountConnector DisplayPositionLeft DisplayPositionTop`},
		{"GET /cycles/" + cycle + "/edges", ``, "0", `Id HeadStepId TailStepId EdgeType`},
		{"GET /cycles/" + cycle + "/variables", ``, "0", `DisplayName SystemName Value MappingType`},
		{"GET /steps/" + action.ID + "/parameters", ``, "0", `Parameter IsEntityIdentifier MappingType SourceFieldId SourceStepId TriggerValue TriggerValueDisplayName Value IsLaunchVisible`},
		{"GET /steps/" + action.ID + "/parameters", ``, "0.Parameter", `Id Name Description IsOptional DataType TriggerName Values DisplayOrder Triggers`},
		{"GET /steps/" + action.ID + "/fieldmappings", ``, "0", `Field IsEntityIdentifier MappingType SourceFieldId SourceStepId TriggerValue TriggerValueDisplayName Value IsLaunchVisible`},
		{"GET /cycles/" + cycle + "/transactions/" + txn.String(), ``, "0", `Id StepId StepName StartedOnUtc FinishedOnUtc Request Response`},
		{"GET /cycles/incidents/error", ``, "0", `CycleId CycleName IncidentLevel ShortMessage FullMessage StepId StepName TransactionId`},
	} {
		method, path, _ := strings.Cut(tt.call, " ")
		c := call{method: method, path: "/v1.0" + path, account: "books"}
		if tt.body != "" {
			c.body = tt.body
		}
		a := w.ok(c, nil)
		got := " " + strings.Join(namesIn(t, within(t, []byte(a.body), tt.path)), " ") + " "
		at := 0
		for _, name := range strings.Fields(tt.names) {
			next := strings.Index(got[at:], " "+name+" ")
			if next < 0 {
				t.Errorf("%s %s: %s is not there, or too early, in%s", tt.call, tt.path, name, got)
				break
			}
			at += next + len(name)
		}
	}
}

// within is a part of a JSON text, by names and places.
func within(t *testing.T, text json.RawMessage, path string) json.RawMessage {
	t.Helper()
	for part := range strings.SplitSeq(path, ".") {
		var err error
		if part == "" {
			continue
		}
		if i, no := strconv.Atoi(part); no == nil {
			var list []json.RawMessage
			if err = json.Unmarshal(text, &list); err == nil && i < len(list) {
				text = list[i]
				continue
			}
		} else {
			var object map[string]json.RawMessage
			if err = json.Unmarshal(text, &object); err == nil {
				text = object[part]
				continue
			}
		}
		t.Fatalf("%s of %s: %v in %.200s", part, path, err, text)
	}
	return text
}

// namesIn are the names of a JSON object as they stand.
func namesIn(t *testing.T, text json.RawMessage) (names []string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			t.Fatalf("%v in %.200s", err, text)
		}
		names = append(names, fmt.Sprint(name))
	}
	return names
}
