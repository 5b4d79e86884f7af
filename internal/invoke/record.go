package invoke

import (
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// record is the request as it may be kept, to an address without credentials.
func (x *exchange) record(address string) *tandem.Exchange {
	headers := flatten(x.header, &x.secrets)
	if x.access.header != "" {
		headers[x.access.header] = maskValue(x.access.headerValue)
	}
	if x.access.query != "" {
		address = withQuery(address, x.access.query, mask)
		address = strings.ReplaceAll(address, "=%2A%2A%2A", "="+mask)
	}
	body := x.content.text
	if x.content.record != nil {
		body = x.content.record
	}
	return &tandem.Exchange{Method: x.plan.verb, URL: x.secrets.text(address), Headers: headers, Body: x.secrets.bytes(body)}
}

// recordSignature adds what signing has added.
func (x *exchange) recordSignature(to *tandem.Exchange, h http.Header) {
	for name, values := range h {
		if _, ok := to.Headers[name]; !ok && len(values) == 1 {
			to.Headers[name] = x.secrets.text(values[0])
		}
	}
	if h.Get("Authorization") != "" {
		to.Headers["Authorization"] = maskValue(h.Get("Authorization"))
	}
}

// maskValue hides a header's value, but for the scheme it begins with.
func maskValue(s string) string {
	if scheme, _, ok := strings.Cut(s, " "); ok {
		return scheme + " " + mask
	}
	return mask
}

// flatten gives headers as they are recorded: of those that are made to carry
// credentials, no value, whoever set it.
func flatten(h http.Header, s *secrets) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case name == "Set-Cookie", name == "Cookie":
			out[name] = mask // a session is a credential too
		case (name == "Authorization" || name == "Proxy-Authorization") && len(values) > 0:
			out[name] = maskValue(values[0])
		case len(values) == 1:
			out[name] = s.text(values[0])
		default:
			out[name] = s.text(strings.Join(values, ", "))
		}
	}
	return out
}
