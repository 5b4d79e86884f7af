package apitest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tandem-ipaas/tandem"
)

// library is what a partner has beside a template that is live.
type library struct {
	Folder         string
	Drafted, Draft string // a template that was never promoted, and its draft
	Binned         string // a template in the recycle bin
}

// names are how paths of entries call what is in l.
func (l library) names() []string {
	return []string{"{folder}", l.Folder, "{drafted}", l.Drafted, "{draft}", l.Draft, "{binned}", l.Binned}
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
}

// libraryEntries are those of folders, templates and releases.
func libraryEntries() map[string]entry {
	return map[string]entry{
		"listFolders":  {path: "/v1.0/folders"},
		"createFolder": {path: "/v1.0/folders", body: fixed(object{"Name": "new"})},
		"getFolder":    {path: "/v1.0/folders/{folder}", owner: partner},
		"updateFolder": {path: "/v1.0/folders/{folder}", owner: partner, body: fixed(object{"Name": "changed"})},
		"deleteFolder": {path: "/v1.0/folders/{folder}?moveTo=top", owner: partner},

		"listTemplates":   {path: "/v1.0/templates"},
		"createTemplate":  {path: "/v1.0/templates", body: fixed(object{"Name": "new"})},
		"importTemplate":  {path: "/v1.0/templates/import", body: func(t *tenant) any { return t.file }},
		"getTemplate":     {path: "/v1.0/templates/{template}", owner: partner},
		"updateTemplate":  {path: "/v1.0/templates/{template}", owner: partner, body: fixed(object{"Description": "changed"})},
		"deleteTemplate":  {path: "/v1.0/templates/{template}", owner: partner},
		"restoreTemplate": {path: "/v1.0/templates/{binned}/restore", owner: partner},
		"exportTemplate":  {path: "/v1.0/templates/{template}/export", owner: partner},
		"installTemplate": {path: "/v1.0/templates/{template}/install", owner: partner},

		"listReleases":   {path: "/v1.0/templates/{drafted}/releases", owner: partner},
		"createDraft":    {path: "/v1.0/templates/{template}/releases", owner: partner},
		"getRelease":     {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner},
		"updateRelease":  {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner, body: fixed(object{"Notes": "changed"})},
		"discardRelease": {path: "/v1.0/templates/{drafted}/releases/{draft}", owner: partner},
		"promoteRelease": {path: "/v1.0/templates/{drafted}/releases/{draft}/promote", owner: partner},
		"copyRelease":    {path: "/v1.0/templates/{drafted}/releases/{draft}/copy", owner: partner},
	}
}

// libraryBodies names things of another partner's library in queries and bodies,
// and in paths below what is own: the answer is that for what is not there.
func (x Target) libraryBodies(t *testing.T, own, other *tenant) {
	for _, try := range []struct {
		what    string // method and path
		body    object // with {foreign} for the id
		foreign string
		status  int
	}{
		{"POST /v1.0/templates", object{"Name": "mole", "FolderId": "{foreign}"}, other.Folder, 400},
		{"PUT /v1.0/templates/{template}", object{"FolderId": "{foreign}"}, other.Folder, 400},
		{"POST /v1.0/folders", object{"Name": "mole", "ParentFolderId": "{foreign}"}, other.Folder, 400},
		{"PUT /v1.0/folders/{folder}", object{"ParentFolderId": "{foreign}"}, other.Folder, 400},
		{"DELETE /v1.0/folders/{folder}?moveTo={foreign}", nil, other.Folder, 400},
		{"POST /v1.0/templates/import?folderid={foreign}", object{}, other.Folder, 400},
		{"GET /v1.0/templates?includeUnpublished=true&folderId={foreign}", nil, other.Folder, 200},
		{"GET /v1.0/folders?parentFolderId={foreign}", nil, other.Folder, 200},
		{"GET /v1.0/templates/{template}/export?releaseId={foreign}", nil, other.Draft, 404},
		{"GET /v1.0/templates/{template}/releases/{foreign}", nil, other.Draft, 404},
		{"GET /v1.0/templates/{foreign}/releases/{draft}", nil, other.Drafted, 404},
		{"PUT /v1.0/templates/{template}/releases/{foreign}", object{"Notes": "mole"}, other.Draft, 404},
		{"POST /v1.0/templates/{template}/releases/{foreign}/promote", nil, other.Draft, 404},
		{"POST /v1.0/templates/{template}/releases", object{"FromReleaseId": "{foreign}"}, other.Draft, 400},
		{"POST /v1.0/templates/{drafted}/releases/{draft}/copy", object{"TemplateId": "{foreign}"}, other.Template, 400},
		{"POST /v1.0/templates/{drafted}/releases/{draft}/copy", object{"FolderId": "{foreign}"}, other.Folder, 400},
	} {
		ask := func(id string) response {
			method, path, _ := strings.Cut(own.fill(strings.ReplaceAll(try.what, "{foreign}", id)), " ")
			r := request{method: method, path: path, token: own.partnerToken}
			if try.body != nil {
				body := object{}
				for name, v := range try.body {
					body[name] = strings.ReplaceAll(v.(string), "{foreign}", id)
				}
				r.body = body
			}
			res := x.send(t, r)
			res.body = strings.ReplaceAll(res.body, id, "{foreign}")
			return res
		}
		there, absent := ask(try.foreign), ask(tandem.NewGUID())
		if there != absent || there.status != try.status {
			t.Errorf("%s: %v for what is another partner's, %v for what is not there, want %d", try.what, there, absent, try.status)
		}
	}
}
