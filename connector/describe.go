package connector

import "maps"

// Descriptions are what the schema, and the reference that is made of it, say of
// the fields of documents: by the type's name, a dot and the field's, or else by
// the field's alone.
func Descriptions() map[string]string {
	all := map[string]string{
		"Name":        "Its name.",
		"Description": "What it is for, in a sentence or two.",
		"DisplayName": "What people see in place of the name.",
		"DataType":    "The type of the value.",
		"Value":       "The value. It may have merge fields.",
	}
	for _, some := range []map[string]string{ofConnectors(), ofAuthentications(), ofValues(), ofMethods(), ofReceptions()} {
		maps.Copy(all, some)
	}
	return all
}

func ofConnectors() map[string]string {
	return map[string]string{
		"Connector.Name":                  "The application's name, without a version.",
		"Connector.Version":               "The version of the API. With the name it is how templates find the connector.",
		"Connector.UniqueIdentifier":      "A GUID that the author makes, once.",
		"Connector.ReleaseNotes":          "What is new in this release.",
		"Connector.Categories":            "Groups of the library, such as CRM.",
		"Connector.Icon":                  "Name of a PNG file beside the definition, of at most 256 KB.",
		"Connector.Authentication":        "The ways to authenticate. Who installs the connector chooses one.",
		"Connector.Parameters":            "Settings of an installed connector, and values that all methods share.",
		"Connector.RateLimits":            "How often an installed connector may call. All of them hold. What comes sooner waits.",
		"Connector.Paging":                "How lists are read by methods that have page variables and say nothing themselves.",
		"Connector.Script":                "JavaScript with handlers of events, for all methods.",
		"Connector.Triggers":              "Lookups, which give the choices of a parameter.",
		"Connector.MethodCategories":      "More about the categories that methods name.",
		"Connector.Methods":               "The operations.",
		"Connector.PostInstallTestMethod": "Name of the method that is called when credentials were set, to see whether they work.",
		"Connector.PostInstallLookup":     "Fills properties from an answer, once the connector is authenticated.",
		"RateLimit.Requests":              "How many requests may be made in the time. At least 1.",
		"RateLimit.Seconds":               "The time, in seconds. At least 1.",
		"PostInstallLookup.Method":        "Name of the method that is called.",
		"PostInstallLookup.Values":        "What is taken from its answer.",
		"LookupValue.Property":            "Name of the parameter that is set. It is an AccountConnectorProperty.",
		"LookupValue.Location":            "Where in the answer the value is.",
		"MethodCategory.Name":             "The category, as methods name it.",
		"MethodCategory.ObjectTrigger":    "Name of the lookup of the types of objects for which the category can be copied; {{CyclrObjectName}} is the type in the copies.",
		"Trigger.Method":                  "The method that is called, by its name or MethodUniqueIdentifier.",
		"Trigger.IdentifierKey":           "Location of the values.",
		"Trigger.HumanReadableKey":        "Location of what people see.",
		"Trigger.SubTriggers":             "Lookups that need the value chosen here.",
	}
}

func ofAuthentications() map[string]string {
	return map[string]string{
		"Authentication.Name":                 "What people choose by. By default it is the AuthType.",
		"Authentication.AuthType":             "The way to authenticate.",
		"Authentication.AuthScheme":           "What comes before the key or the token, such as Bearer, which is the default of tokens.",
		"Authentication.TargetType":           "Where the key or the token goes: HttpHeader (the default), QueryString, RequestField, or MergeField for {{Cyclr_Auth_ApiKey}}.",
		"Authentication.TargetName":           "Name of the header (Authorization by default) or of the parameter of the query, or the location in the body.",
		"Authentication.Fields":               "What a person is asked for: all of AuthFields, and of JwtBearer what its claims need.",
		"Authentication.OAuth2Type":           "The grant of OAuth 2.0.",
		"Authentication.RequestTokenUrl":      "OAuth 1.0a: where the first token is asked for.",
		"Authentication.AuthoriseUrl":         "Where a person allows the access.",
		"Authentication.AccessTokenUrl":       "Where tokens are asked for. Without it the signed claims of JwtBearer are the token.",
		"Authentication.RefreshTokenUrl":      "Where tokens are refreshed, if elsewhere.",
		"Authentication.Scopes":               "The scopes, as they are sent.",
		"Authentication.ClientAuthentication": "Where the client's id and secret go in requests for tokens. Body is the default.",
		"Authentication.TokenParameters":      "Further parameters of requests for tokens, such as audience.",
		"Authentication.Pkce":                 "Whether PKCE (S256) is used.",
		"Authentication.SignatureMethod":      "OAuth 1.0a: HMAC-SHA1 (the default), HMAC-SHA256 or RSA-SHA1.",
		"Authentication.Realm":                "OAuth 1.0a: the realm.",
		"Authentication.Algorithm":            "JwtBearer: RS256 (the default), RS384, RS512, ES256, HS256 or HS512.",
		"Authentication.Claims":               "JwtBearer: iss, sub, aud, scope and the like. iat and exp are put in.",
		"Authentication.Lifetime":             "JwtBearer: how long the claims hold, in seconds. 3600 by default.",
		"Authentication.Region":               "AWS: the region, such as {{Region}}.",
		"Authentication.Service":              "AWS: the service, such as s3.",
		"AuthField.Name":                      "Its name in the AuthValue.",
		"AuthField.Location":                  "Where it goes in the body of a request. By default it is the name.",
		"AuthField.Multiline":                 "Whether people are given several lines for it.",
		"AuthField.Sensitive":                 "Whether it is a secret.",
		"AuthField.Optional":                  "Whether it may be left out.",
		"NameValue.Name":                      "The parameter's or the claim's name.",
	}
}

func ofValues() map[string]string {
	return map[string]string{
		"Parameter.Name":                     "By this it is mapped, and found by merge fields.",
		"Parameter.TargetType":               "Where in a call the value goes.",
		"Parameter.TargetName":               "The name or the location there. By default it is the name.",
		"Parameter.Trigger":                  "Name of the lookup that gives the choices.",
		"Parameter.Optional":                 "Whether it may be left out.",
		"Parameter.Hidden":                   "Whether it is not shown. Its Value is used.",
		"Parameter.Value":                    "A fixed value. It may be a CYCLR_PAGE_ variable, or have merge fields.",
		"Parameter.Default":                  "The value that is used when none is given. It may have merge fields.",
		"Parameter.Values":                   "The values to choose from.",
		"Parameter.Sensitive":                "Whether it is a secret: kept sealed, and masked wherever it would show.",
		"Parameter.Multiline":                "Whether people are given several lines for it.",
		"Parameter.AccountConnectorProperty": "Whether it is asked for when the connector is installed.",
		"Parameter.PartnerConnectorProperty": "Whether the partner sets it once, for all its accounts.",
		"Choice.Label":                       "What people see in place of the value.",
		"Field.ConnectorField":               "The location of the value in the body.",
		"Field.DataTypeFormat":               "The format of dates and numbers, in the notation of .NET.",
		"Field.SystemField":                  "Of the answer of a CreateWebhookMethod. Cyclr_Webhook_Id: the value is the id by which the webhook is deleted. Cyclr_Webhook_Secret: the secret that its requests are signed with.",
		"Field.Optional":                     "Whether it may be empty.",
		"Field.ReadOnly":                     "Whether it is never sent.",
		"Field.Hidden":                       "Whether it is not shown. Its Default is used.",
		"Field.Default":                      "The value that is used when none is mapped. It may have merge fields.",
		"Field.Values":                       "The values to choose from.",
		"FieldSource.Method":                 "Name of the method that is called.",
		"FieldSource.Enhanced":               "Whether each item of the answer describes a field. Otherwise the answer is a sample.",
		"FieldSource.Items":                  "Where in the answer the descriptions, or the sample, are. By default it is the whole answer.",
	}
}

func ofMethods() map[string]string {
	return map[string]string{
		"Paging.Items":                  "Location of the list in a page.",
		"Paging.PageSize":               "How many items a full page has. A shorter one is the last. 0: it is not known.",
		"Paging.MaxPages":               "How many pages are read at most. 1000 by default.",
		"PagingOut.Items":               "Location of the list in the request.",
		"PagingOut.PageSize":            "How many items go in a request at most.",
		"Method.MethodUniqueIdentifier": "A GUID, by which templates find the method. Left out, it is made of the connector's and the name.",
		"Method.Category":               "The category it is listed in.",
		"Method.Subcategory":            "The category within the category.",
		"Method.MethodType":             "Action: it is called. Webhook: it is received. Script: its scripts make the answer.",
		"Method.Hide":                   "Whether it is not offered for steps, as lookups often are not.",
		"Method.Warning":                "What is told to whoever chooses it.",
		"Method.HttpMethod":             "GET, POST, PUT, PATCH, DELETE or HEAD.",
		"Method.Endpoint":               "The address, with merge fields. Values are escaped for the place in which they stand.",
		"Method.RequestDataType":        "What the body of the request is.",
		"Method.ResponseDataType":       "What the body of the answer is.",
		"Method.RequestXmlRoot":         "Name of the outermost element of an Xml request.",
		"Method.SoapVersion":            "1.1 or 1.2: Xml bodies go in an envelope of that version.",
		"Method.SoapAction":             "The SOAPAction.",
		"Method.Parameters":             "Values that are mapped in a step and go elsewhere than in the body.",
		"Method.RequestFields":          "Values of the request's body.",
		"Method.ResponseFields":         "Values of the answer's body.",
		"Method.Paging":                 "How a list is read page by page.",
		"Method.PagingOut":              "How a long list is sent in several requests.",
		"Method.RateLimit":              "How often it may be called, beside the connector's limits.",
		"Method.Script":                 "JavaScript with handlers of events.",
		"Method.RequestFieldSource":     "How the request's custom fields are discovered.",
		"Method.ResponseFieldSource":    "How the answer's custom fields are discovered.",
		"Method.BuiltIn":                "An operation of the server, in place of a request. Of the library that comes with it only.",
		"Method.CreateWebhookMethod":    "Name of the method that subscribes the webhook when a cycle is activated. A parameter of it gets what the webhook's step has for that of the same name.",
		"Method.Reception":              "Of a webhook: how its requests are received.",
		"Method.DeleteWebhookMethod":    "Name of the method that ends the subscription, with the same parameters.",
	}
}

func ofReceptions() map[string]string {
	return map[string]string{
		"Reception.HttpMethods":     "What senders use, of GET, POST, PUT, PATCH and DELETE; others are answered 405. By default it is the HttpMethod, or any. HEAD and OPTIONS are always answered.",
		"Reception.Signature":       "How requests are signed. What is not signed as it should be is answered 401.",
		"Reception.EventHeader":     "Header with the id of an event, which is the same when the event is sent again: that starts nothing.",
		"Reception.EventField":      "Location of that id in the body, in place of a header.",
		"Signature.Type":            "Hmac: a header has an HMAC of the request. StandardWebhooks: as standardwebhooks.com says. Token: a header or the query has the secret itself.",
		"Signature.Secret":          "The secret, by merge fields: a property of the connector, {{ClientSecret}}, {{Cyclr_Auth_ApiKey}}, {{Cyclr_Auth_Password}}, or {{Cyclr_Webhook_Secret}}, with which the CreateWebhookMethod answered. Of StandardWebhooks it is base64, after whsec_.",
		"Signature.Optional":        "Whether requests are taken as they come where there is no secret. Otherwise they are refused.",
		"Signature.Header":          "The header with the signature or the token.",
		"Signature.Query":           "The parameter of the query with the token, in place of a header.",
		"Signature.Algorithm":       "HMAC-SHA256 by default.",
		"Signature.Encoding":        "Hex by default.",
		"Signature.Separator":       "What is between the parts of the header. By default it has one part.",
		"Signature.Prefix":          "What is before the signature or the token in its part of the header, such as sha256=. Of several parts with it, one has to be right.",
		"Signature.Content":         "What is signed: text with {{Body}}, {{Url}}, {{Method}} and {{Timestamp}}. By default it is the body.",
		"Signature.TimestampHeader": "The header with the time of sending, in seconds or milliseconds since 1970.",
		"Signature.TimestampPrefix": "What is before the time in its part of Header, such as t=, in place of a header of its own.",
		"Signature.Tolerance":       "How many seconds the time may be off. 300 by default.",
	}
}
