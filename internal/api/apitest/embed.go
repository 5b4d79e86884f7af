package apitest

import "maps"

// embedEntries are of embedded screens.
func embedEntries() map[string]entry {
	visitor := func(t *tenant) any {
		return object{"AccountId": t.Canary, "Username": "visitor@x.test", "Password": "correct horse battery"}
	}
	shop := func(t *tenant) any { return object{"MarketplaceId": t.Marketplace} }
	pack := func(t *tenant) any { return object{"Name": "new", "TemplateIds": []string{t.Template}} }
	return map[string]entry{
		// A deploy call makes the account that it names, in the caller's own
		// partner: no id in it is another's.
		"launchAccount":      {path: "/v1.0/accounts/{account}/launch", body: fixed(object{})},
		"orbitAccount":       {path: "/v1.0/accounts/{account}/orbit", body: fixed(object{})},
		"marketplaceAccount": {path: "/v1.0/accounts/{account}/marketplace", body: shop},
		"launchUser":         {path: "/v1.0/users/launch", body: visitor},
		"orbitUser":          {path: "/v1.0/users/orbit", body: visitor},
		"marketplaceUser":    {path: "/v1.0/users/marketplace", body: func(t *tenant) any { return merged(visitor(t), shop(t)) }},
		"issueSignInToken":   {path: "/v1.0/accounts/{account}/signintoken", owner: account, body: fixed(object{"Username": "guest@x.test"})},

		"listMarketplaces":  {path: "/v1.0/marketplaces"},
		"createMarketplace": {path: "/v1.0/marketplaces", body: fixed(object{"Name": "new"})},
		"getMarketplace":    {path: "/v1.0/marketplaces/{marketplace}", owner: partner},
		"updateMarketplace": {path: "/v1.0/marketplaces/{marketplace}", owner: partner, body: fixed(object{"Description": "changed"})},
		"deleteMarketplace": {path: "/v1.0/marketplaces/{marketplace}", owner: partner},
		"listPackages":      {path: "/v1.0/marketplaces/{marketplace}/packages", owner: partner},
		"createPackage":     {path: "/v1.0/marketplaces/{marketplace}/packages", owner: partner, body: pack},
		"getPackage":        {path: "/v1.0/marketplaces/{marketplace}/packages/{package}", owner: partner},
		"updatePackage":     {path: "/v1.0/marketplaces/{marketplace}/packages/{package}", owner: partner, body: fixed(object{"Order": 2})},
		"deletePackage":     {path: "/v1.0/marketplaces/{marketplace}/packages/{package}", owner: partner},

		"getEmbedding":    {path: "/v1.0/settings/embedding"},
		"updateEmbedding": {path: "/v1.0/settings/embedding", body: fixed(object{"InlineOAuth": false})},
	}
}

// merged is one body of two.
func merged(a, b any) object {
	both := maps.Clone(a.(object))
	maps.Copy(both, b.(object))
	return both
}
