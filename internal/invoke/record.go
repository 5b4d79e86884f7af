package invoke

import (
	"net/http"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// record is the request as it may be kept.
func (b *builder) record() *tandem.Exchange {
	headers := flatten(b.header, &b.secrets)
	if b.access.header != "" {
		headers[b.access.header] = maskValue(b.access.headerValue)
	}
	at := b.url
	if b.access.query != "" {
		at = withQuery(at, b.access.query, mask)
		at = strings.ReplaceAll(at, "=%2A%2A%2A", "="+mask)
	}
	return &tandem.Exchange{Method: b.plan.verb, URL: b.secrets.text(at), Headers: headers, Body: b.secrets.bytes(b.body)}
}

// maskValue hides a header's value, but for the scheme it begins with.
func maskValue(s string) string {
	if scheme, _, ok := strings.Cut(s, " "); ok {
		return scheme + " " + mask
	}
	return mask
}

// flatten gives headers as they are recorded.
func flatten(h http.Header, s *secrets) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case name == "Set-Cookie":
			out[name] = mask // a session is a credential too
		case len(values) == 1:
			out[name] = s.text(values[0])
		default:
			out[name] = s.text(strings.Join(values, ", "))
		}
	}
	return out
}
