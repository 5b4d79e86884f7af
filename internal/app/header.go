package app

import "net/http"

// baseline is what browsers are told of every answer, whichever room it is from:
// it is no page, nothing shows it in a frame, and nothing is taken from it for
// another type than its own. Rooms that have pages say their own instead.
var baseline = [][2]string{
	{"Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
}

// transport is what they are told where they come over TLS: never to come
// without, for a year.
const transport = "max-age=31536000; includeSubDomains"

// withBaseline sets these headers. overTLS says that a proxy in front ends TLS.
func withBaseline(next http.Handler, overTLS bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, header := range baseline {
			h.Set(header[0], header[1])
		}
		if overTLS || r.TLS != nil {
			h.Set("Strict-Transport-Security", transport)
		}
		next.ServeHTTP(w, r)
	})
}
