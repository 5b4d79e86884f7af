package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// subject is what operations are about, with the paths that are.
type subject struct {
	name, about string
	paths       []string
}

// subjects are in the order in which people meet them.
func subjects() []subject {
	return []subject{
		{"Access tokens", "Where a program begins.", []string{"/oauth"}},
		{"Accounts", "Your customers, each in a box of its own, in a tree.", []string{"/accounts"}},
		{"Users", "The people of your customers.", []string{"/users", "/accounts/{id}/users", "/accounts/{id}/invitations", "/account/users", "/account/invitations", "/account/email", "/account/sessions"}},
		{"Embedding", "Screens that customers use within your product, and tokens that sign them in.", []string{
			"/accounts/{id}/signintoken", "/accounts/{id}/launch", "/accounts/{id}/orbit", "/accounts/{id}/marketplace",
			"/users/launch", "/users/orbit", "/users/marketplace",
		}},
		{"Marketplaces", "Packages of templates, for customers to choose from.", []string{"/marketplaces"}},
		{"Connectors", "The library.", []string{"/connectors", "/methods"}},
		{"Templates", "The library of cycles, in folders, with releases.", []string{"/templates", "/folders"}},
		{"The account", "What the account that a call acts in says of itself.", []string{"/account"}},
		{"Installed connectors", "Of an account, with credentials.", []string{"/account/connectors", "/connectors/{connector}/install", "/connectors/{connector}/{version}/install"}},
		{"Custom connectors", "Your own, as JSON, and their scripts.", []string{"/account/connectors/custom", "/scripts"}},
		{"Cycles", "What runs in an account.", []string{"/cycles", "/templates/{id}/install"}},
		{"Steps and mappings", "How a cycle is made.", []string{"/steps", "/cycles/{id}/steps", "/cycles/{id}/edges", "/cycles/{id}/variables"}},
		{"Transactions and incidents", "What cycles did.", []string{
			"/transactions", "/incidents", "/cycles/transactions", "/cycles/{id}/transactions", "/cycles/incidents", "/cycles/{id}/incidents",
		}},
		{"Notices", "Whom errors are told to, and what became of it.", []string{"/notices", "/settings/webhooksecret", "/settings/webhooktest", "/accounts/{id}/webhooksecret", "/accounts/{id}/webhooktest"}},
		{"Usage", "Tasks, counted.", []string{"/usage", "/billingperiods", "/runs", "/account/runs", "/accounts/{id}/usage", "/account/usage", "/accounts/{id}/billingperiods", "/account/billingperiods"}},
		{"Settings", "What holds for all accounts.", []string{"/settings", "/partner"}},
		{"Console", "The people of the console, and their sessions.", []string{"/consoleusers", "/me", "/sessions"}},
		{"OAuth clients", "Programs that call this API.", []string{"/oauthclients"}},
		{"Logs of requests", "What came in: calls of this API, and requests to webhooks.", []string{"/logs", "/account/logs"}},
		{"Audit log", "Who changed what.", []string{"/audit"}},
		{"Changes", "What to ask again, for screens that show what others change.", []string{"/changes"}},
		{"Reference", "This document.", []string{"/openapi.json", "/docs"}},
	}
}

// tag is the subject of a path: the one with the longest path that it begins with;
// "" if there is none.
func tag(path string) string {
	path = strings.TrimPrefix(path, "/v1.0")
	found, longest := "", 0
	for _, s := range subjects() {
		for _, p := range s.paths {
			if (path == p || strings.HasPrefix(path, p+"/")) && len(p) > longest {
				found, longest = s.name, len(p)
			}
		}
	}
	return found
}

// tags are the subjects as the document has them.
func tags() []*huma.Tag {
	var all []*huma.Tag
	for _, s := range subjects() {
		all = append(all, &huma.Tag{Name: s.name, Description: s.about})
	}
	return all
}
