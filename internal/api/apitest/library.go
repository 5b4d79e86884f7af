package apitest

import (
	"net/http"

	"github.com/tandem-ipaas/tandem"
)

// library is what a partner has beside a template that is live.
type library struct {
	Folder         string
	Drafted, Draft string // a template that was never promoted, and its draft
	Binned         string // a template in the recycle bin
	Custom         string // a connector
	Rollout        string // of the template that is live, at its end
	code           string // of an offer
}

// customMethod is the method of each Custom.
const customMethod = "0b0a4b1e-6c0f-4d25-9f0e-0f0b7a3c1fa1"

// names are how paths of entries call what is in l.
func (l library) names() []string {
	return []string{"{folder}", l.Folder, "{drafted}", l.Drafted, "{draft}", l.Draft, "{binned}", l.Binned, "{rollout}", l.Rollout, "{custom}", l.Custom, "{customMethod}", customMethod}
}

// library makes what is in the library of a tenant's partner.
func (b builder) library() {
	of := b.of
	of.Folder = b.must(http.MethodPost, "/v1.0/folders", "", object{"Name": "folder of " + of.Canary}, nil)
	drafted := func(name string) (made struct {
		ID    string `json:"Id"`
		Draft string `json:"DraftReleaseId"`
	},
	) {
		b.must(http.MethodPost, "/v1.0/templates", "", object{"Name": name + " of " + of.Canary, "FolderId": of.Folder}, &made)
		return made
	}
	draft := drafted("draft")
	of.Drafted, of.Draft, of.Binned = draft.ID, draft.Draft, drafted("deleted template").ID
	b.must(http.MethodDelete, of.fill("/v1.0/templates/{binned}"), "", nil, nil)
	var offered struct{ Code string }
	b.must(http.MethodPost, of.fill("/v1.0/templates/{drafted}/releases/{draft}/offer"), "", nil, &offered)
	of.code = offered.Code
	of.Custom = b.must(http.MethodPost, "/v1.0/account/connectors/custom", of.Canary, object{
		"Name": "custom connector of " + of.Canary, "UniqueIdentifier": tandem.NewGUID(),
		"Methods": []object{{"Name": "Look", "MethodUniqueIdentifier": customMethod, "MethodType": "Action", "HttpMethod": "GET", "Endpoint": "http://127.0.0.1:1/"}},
	}, nil)
}

// rollout makes one of the tenant's cycle that is at its end: whoever works at
// rollouts may have been first.
func (b builder) rollout() {
	of := b.of
	of.Rollout = b.must(http.MethodPost, of.fill("/v1.0/templates/{template}/rollouts"), "", object{"CycleIds": []string{of.FromTemplate}}, nil)
	res := b.send(b.T, request{method: http.MethodPost, path: of.fill("/v1.0/templates/{template}/rollouts/{rollout}/cancel"), token: of.partnerToken})
	if res.status != http.StatusOK && res.status != http.StatusConflict {
		b.Fatalf("cancel a rollout: %d %s", res.status, res.body)
	}
}

// libraryEntries are those of folders, templates and releases.
func libraryEntries() map[string]entry {
	return map[string]entry{
		"listFolders":  {path: "/v1.0/folders"},
		"createFolder": {path: "/v1.0/folders", body: fixed(object{"Name": "new"})},
		"getFolder":    {path: "/v1.0/folders/{folder}", owner: partner},
		"updateFolder": {path: "/v1.0/folders/{folder}", owner: partner, body: fixed(object{"Name": "changed"})},
		"deleteFolder": {path: "/v1.0/folders/{folder}?moveTo=top", owner: partner},

		"listTemplates":          {path: "/v1.0/templates"},
		"createTemplate":         {path: "/v1.0/templates", body: fixed(object{"Name": "new"})},
		"importTemplate":         {path: "/v1.0/templates/import", body: func(t *tenant) any { return t.file }},
		"listTemplateConnectors": {path: "/v1.0/templates/connectors"},
		"getTemplate":            {path: "/v1.0/templates/{template}", owner: partner},
		"updateTemplate":         {path: "/v1.0/templates/{template}", owner: partner, body: fixed(object{"Description": "changed"})},
		"deleteTemplate":         {path: "/v1.0/templates/{template}", owner: partner},
		"restoreTemplate":        {path: "/v1.0/templates/{binned}/restore", owner: partner},
		"exportTemplate":         {path: "/v1.0/templates/{template}/export", owner: partner},
		"installTemplate":        {path: "/v1.0/templates/{template}/install", owner: partner},

		"listInstallations":        {path: "/v1.0/templates/{template}/cycles", owner: partner},
		"listReleases":             {path: "/v1.0/templates/{drafted}/releases", owner: partner},
		"createDraft":              {path: "/v1.0/templates/{template}/releases", owner: partner},
		"getRelease":               {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner},
		"watchRelease":             {path: "/v1.0/templates/{drafted}/releases/{draft}/live", owner: partner},
		"updateRelease":            {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner, body: fixed(object{"Notes": "changed"})},
		"listReleasePrerequisites": {path: "/v1.0/templates/{drafted}/releases/{draft}/prerequisites", owner: partner},

		"listRollouts":      {path: "/v1.0/templates/{template}/rollouts", owner: partner},
		"startRollout":      {path: "/v1.0/templates/{template}/rollouts", owner: partner, body: func(t *tenant) any { return object{"CycleIds": []string{t.FromTemplate}} }},
		"getRollout":        {path: "/v1.0/templates/{template}/rollouts/{rollout}", owner: partner},
		"watchRollout":      {path: "/v1.0/templates/{template}/rollouts/{rollout}/live", owner: partner},
		"listRolloutCycles": {path: "/v1.0/templates/{template}/rollouts/{rollout}/cycles", owner: partner},
		"continueRollout":   {path: "/v1.0/templates/{template}/rollouts/{rollout}/continue", owner: partner},
		"cancelRollout":     {path: "/v1.0/templates/{template}/rollouts/{rollout}/cancel", owner: partner},
		"retryRollout":      {path: "/v1.0/templates/{template}/rollouts/{rollout}/retry", owner: partner},

		"tryRelease":      {path: "/v1.0/templates/{drafted}/releases/{draft}/try", owner: partner},
		"discardRelease":  {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner},
		"promoteRelease":  {path: "/v1.0/templates/{drafted}/releases/{draft}/promote", owner: partner},
		"offerRelease":    {path: "/v1.0/templates/{drafted}/releases/{draft}/offer", owner: partner},
		"withdrawRelease": {path: "/v1.0/templates/{drafted}/releases/{draft}/offer", owner: partner},
		"acceptTemplate":  {path: "/v1.0/templates/accept", body: func(t *tenant) any { return object{"Code": t.code, "Draft": true} }},
		"copyRelease":     {path: "/v1.0/templates/{drafted}/releases/{draft}/copy", owner: partner},
	}
}
