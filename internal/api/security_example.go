package api

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

const exampleClient = "0f0e2f9a-6a0e-4a55-9a3e-2f1d6f3f8b09"

func examplePermissions() permissions {
	var p tandem.Permissions
	p[tandem.AreaAccounts], p[tandem.AreaTemplates] = tandem.EditLevel, tandem.ViewLevel
	return permissions{p}
}

// securityExamples are the bodies of requests about who comes in.
func securityExamples() map[string]example {
	user := ConsoleUserBody{Name: some("Bert"), Permissions: some(examplePermissions())}
	factor := factorBody{CurrentPassword: "your password", Code: "123456"}
	return map[string]example{
		"updateProfile":       {body: map[string]string{"Name": "Ada", "Password": "a new password", "CurrentPassword": "your password"}},
		"beginTwoFactor":      {body: map[string]string{"CurrentPassword": "your password"}},
		"confirmTwoFactor":    {body: map[string]string{"Code": string(factor.Code)}},
		"disableTwoFactor":    {body: map[string]string{"CurrentPassword": "your password", "Code": string(factor.Code)}},
		"createRecoveryCodes": {body: map[string]string{"CurrentPassword": "your password", "Code": string(factor.Code)}},
		"inviteConsoleUser":   {body: invitedBody{"bert@acme.example", user}},
		"updateConsoleUser":   {body: user},
		"createOAuthClient":   {body: oauthClientBody{"Nightly report"}},
		"updateOAuthClient":   {body: oauthClientBody{"Daily report"}},
		"updateSignOn":        {body: map[string]any{"Issuer": "https://login.acme.example", "ClientId": "tandem", "ClientSecret": "the secret", "Console": true, "Domains": []string{"acme.example"}}},
		"updateSecurity":      {body: securityBody{ConsoleAddresses: some([]string{"192.0.2.0/24"}), RequireTwoFactor: some(true)}},
	}
}

// securityAnswers are examples of answers about who comes in.
func securityAnswers(at time.Time) []any {
	return []any{
		profileShape{ConsoleUserID: 3, Email: "ada@acme.example", Name: "Ada", Permissions: examplePermissions(), TwoFactor: true},
		enrolmentShape{"JBSWY3DPEHPK3PXP", "otpauth://totp/Acme:ada@acme.example?secret=JBSWY3DPEHPK3PXP&issuer=Acme"},
		recoveryShape{[]string{"A2B3C4-D5E6F7-A2B3C4-D5E6F7"}},
		sessionShape{ID: 12, ConsoleUserID: 3, Address: "192.0.2.1", Agent: "Mozilla/5.0", Current: true, CreatedDate: at, SeenDate: at, ExpiresDate: at.Add(12 * time.Hour)},
		accountSessionShape{
			ID: 13, UserID: 7, Username: "amy@pageturner.example", AccountID: "page-turner", AccountName: "Page Turner Books", Address: "192.0.2.1", Agent: "Mozilla/5.0",
			CreatedDate: at, SeenDate: at, ExpiresDate: at.Add(2 * time.Hour),
		},
		tandem.Partner{ID: 1, Name: "Acme Software", Created: at},
		tandem.LiveToken{ID: "3f9a0c61d27b48e5a1b6c3d4e5f60718", Issued: at, Expires: at.Add(tandem.TokenLifetime)},
		consoleUserShape{
			ConsoleUser: tandem.ConsoleUser{ID: 4, Email: "bert@acme.example", Name: "Bert", Invited: true, Created: at},
			Permissions: examplePermissions(),
		},
		oauthClientShape{OAuthClient: tandem.OAuthClient{ID: exampleClient, Name: "Nightly report", Created: at}},
		signOnShape{Issuer: "https://login.acme.example", ClientID: "tandem", Console: true, Domains: []string{"acme.example"}, Pending: []string{}},
		signOnTrialShape{Reached: true},
		securityShape{ConsoleAddresses: []string{"192.0.2.0/24"}, APIAddresses: []string{}, RequireTwoFactor: true},
	}
}
