package api

import (
	"time"

	"github.com/tandem-ipaas/tandem"
)

// embedExamples are the bodies of requests about embedded screens.
func embedExamples() map[string]example {
	visitor := userFields{AccountID: "page-turner", Username: "amy@pageturner.example", Password: "correct horse battery"}
	shop := shopOptions{MarketplaceID: some(tandem.MarketplaceID(1)), CompleteParameter: "from=settings"}
	deploy := deployBody{
		AccountName:              "Page Turner Books",
		ConnectorAuthentications: several[authenticationBody]{{Name: "Sample CRM", Version: "1.0", AuthValue: "the key"}},
	}
	return map[string]example{
		"updateEmbedding":    {body: embeddingBody{Frames: some(true), FrameHosts: some(several[string]{"app.acme.example"})}},
		"createMarketplace":  {body: marketplaceBody{Name: some("Integrations")}},
		"updateMarketplace":  {body: marketplaceBody{Description: some("All that goes with your shop.")}},
		"createPackage":      {body: packageBody{Name: some("Contacts"), TemplateIDs: some(several[guid[tandem.TemplateID]]{{stepA}}), Order: some(1)}},
		"updatePackage":      {body: packageBody{Order: some(2)}},
		"issueSignInToken":   {body: map[string]string{"Username": "amy@pageturner.example"}},
		"launchAccount":      {body: launchBody{deploy, launchOptions{Tags: several[string]{"crm"}, RunOnce: some(true)}}},
		"orbitAccount":       {body: deploy},
		"marketplaceAccount": {body: shopBody{deploy, shop}},
		"launchUser":         {body: launchUserBody{visitor, launchBody{deployBody: deploy}}},
		"orbitUser":          {body: orbitUserBody{visitor, deploy}},
		"marketplaceUser":    {body: marketplaceUserBody{visitor, shopBody{deploy, shop}}},
		"updateOwnAccount":   {body: ownAccountBody{Timezone: set("Europe/London"), StepDataErroredRetentionHours: set(168)}},
	}
}

// embedAnswers are examples of answers about embedded screens.
func embedAnswers(at time.Time) []any {
	return []any{
		launchAnswer{"page-turner", at, visitURL(tandem.DefaultLaunch().Path()), "the token"},
		orbitAnswer{"page-turner", at, visitURL(tandem.OrbitPath), "the token"},
		marketplaceAnswer{"page-turner", at, visitURL(tandem.Shop{Marketplace: 1, InlineOAuth: true}.Path()), "the token"},
		signInAnswer{"the token", at},
		tandem.Marketplace{ID: 1, Name: "Integrations", Description: "All that goes with your shop."},
		tandem.Package{ID: 1, Name: "Contacts", Templates: []tandem.TemplateID{"6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01"}, Order: 1},
		connectAnswer{"https://service.example" + tandem.ConnectPath + "?id=1&token=the+token", at, "the token"},
		setupAnswer{"the token", at, "https://service.example" + tandem.ConnectorSetupPath + "?token=the+token"},
		connectorSettingsShape{"the client's id", mask, "https://service.example" + tandem.ConnectCallbackPath, []partnerPropertyShape{}, false},
		appearanceShape{ProductName: "Acme Connect", AccentColor: "#0b5cad"},
		embeddingShape{Frames: true, FrameHosts: []string{"app.acme.example"}, TargetOrigins: []string{"https://app.acme.example"}, InlineOAuth: true},
	}
}

// visitURL is an address that a deploy call gives.
func visitURL(path string) string {
	return tandem.SignInURL("https://service.example", "the token", path)
}
