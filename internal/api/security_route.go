package api

import (
	"slices"

	"github.com/tandem-ipaas/tandem"
)

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
			bind(post, "/v1.0/consoleusers/{id}/resend", "reinviteConsoleUser", "Replace an invitation to the console by a new one", manage(partner(a.reinviteConsoleUser))),

			bind(get, "/v1.0/oauthclients", "listOAuthClients", "List OAuth clients", ordered(partner(a.listOAuthClients), "by name", "Name", "CreatedDate")),
			bind(post, "/v1.0/oauthclients", "createOAuthClient", "Create an OAuth client", created(everything(partner(a.createOAuthClient)))),
			bind(get, "/v1.0/oauthclients/{id}", "getOAuthClient", "Get an OAuth client", partner(a.getOAuthClient)),
			bind(put, "/v1.0/oauthclients/{id}", "updateOAuthClient", "Rename an OAuth client", manage(partner(a.updateOAuthClient))),
			bind(remove, "/v1.0/oauthclients/{id}", "deleteOAuthClient", "Delete an OAuth client and its tokens", partner(a.deleteOAuthClient)),
			bind(post, "/v1.0/oauthclients/{id}/secret", "rotateSecret", "Give an OAuth client another secret", everything(partner(a.rotateSecret))),

			bind(get, "/v1.0/settings/security", "getSecurity", "Get from where and how people and programs come in", partner(a.getSecurity)),
			bind(get, "/v1.0/settings/sso", "getSignOn", "Get how people sign in at a page of your own", partner(a.getSignOn)),
			bind(put, "/v1.0/settings/sso", "updateSignOn", "Change how people sign in at a page of your own", manage(partner(a.updateSignOn))),
			bind(put, "/v1.0/settings/security", "updateSecurity", "Change from where and how people and programs come in", manage(partner(a.updateSecurity))),
		),
	)
}
