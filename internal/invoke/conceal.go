package invoke

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// conceal makes secrets of what the request carries as credentials by its names:
// scripts of connector and method may have got a token for it that nobody else
// knows of. Neither the step's script sees it, nor is it recorded.
func (x *exchange) conceal() {
	known := len(x.secrets.forms)
	for name, values := range x.header {
		if !carriesCredentials(name) {
			continue
		}
		for _, v := range values {
			x.concealHeader(name, v)
		}
	}
	_, ofEndpoint, _ := strings.Cut(x.url, "?")
	x.concealQuery(ofEndpoint)
	x.concealQuery(x.query)
	if x.trips != nil {
		for name, v := range x.trips.merges {
			if carriesCredentials(name) {
				x.suspected(v)
			}
		}
	}
	if len(x.secrets.forms) == known {
		return
	}
	for i, line := range x.result.Log { // of before it was known
		x.result.Log[i] = x.secrets.text(line)
	}
}

func (x *exchange) concealQuery(query string) {
	all, _ := url.ParseQuery(query) // as much as can be read
	for name, values := range all {
		if !carriesCredentials(name) {
			continue
		}
		for _, v := range values {
			x.suspected(v)
		}
	}
}

// concealHeader hides a header's value, of cookies each.
func (x *exchange) concealHeader(name, v string) {
	if name == "Cookie" {
		cookies, _ := http.ParseCookie(v) // of one that cannot be read, the whole is hidden
		for _, c := range cookies {
			x.suspected(c.Value)
		}
	}
	x.suspected(v)
	if _, token, ok := strings.Cut(v, " "); ok {
		x.suspected(token)
	}
}

// minToken is the least length of a token that is only known by its place: shorter
// ones would hide words that have nothing to do with it.
const minToken = 8

func (x *exchange) suspected(token string) {
	if len(token) >= minToken {
		x.secrets.add(token)
	}
}

// credentialNames are in the names of what carries credentials, without case and
// punctuation.
var credentialNames = []string{"authorization", "cookie", "apikey", "accesskey", "authkey", "session", "secret", "password", "credential"}

// carriesCredentials says that a header, parameter or merge field is known for
// credentials, by its name. A token of a page is none.
func carriesCredentials(name string) bool {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	if slices.ContainsFunc(credentialNames, func(part string) bool { return strings.Contains(name, part) }) {
		return true
	}
	rest, ok := strings.CutSuffix(name, "token")
	return ok && !slices.ContainsFunc([]string{"page", "next", "sync", "cursor", "continuation"}, func(part string) bool { return strings.Contains(rest, part) })
}
