package tandem

import (
	"net/mail"
	"strings"
)

// maxEmail is the longest address that mail can be sent to, in bytes (RFC 5321).
const maxEmail = 254

// ParseEmail gives an address in lower case, without white space around it.
//
// Errors: Invalid, naming field, when s is not one plain address: with a name, a
// comment or a quoted part, say, or when it is two.
func ParseEmail(field, s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || len(s) > maxEmail {
		return "", Invalidf(field, "%s: %q is not an email address", field, s)
	}
	return s, nil
}
