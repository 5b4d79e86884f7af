package merge

import (
	"fmt"
	"net/url"
	"strings"
)

// Address is a URL with merge fields. What is filled in is escaped for the place
// where it stands: within the path, it stays within its segment; within the
// host, it must be a part of a name; so a value chooses no other host than its
// place allows. Only an address that begins with a merge field is, so far, that
// field's to choose. An Address is safe for concurrent use.
type Address struct {
	base  *Template // the merge field that it begins with
	host  *Template // or else scheme and host
	path  *Template
	query *Template
}

// AddressError is a value that cannot stand where an address has its field.
type AddressError struct{ Value, Place string }

func (e *AddressError) Error() string {
	return fmt.Sprintf("%q cannot be a part of a %s", e.Value, e.Place)
}

// ParseAddress parses an address. A fragment is left out.
//
// Errors: *SyntaxError.
func ParseAddress(text string) (*Address, error) {
	text, _, _ = cutOutside(text, "#")
	text, query, _ := cutOutside(text, "?")
	base, host := "", ""
	if strings.HasPrefix(text, "{{") {
		if end := strings.Index(text, "}}"); end > 0 {
			base, text = text[:end+2], text[end+2:]
		}
	} else if scheme, rest, ok := strings.Cut(text, "://"); ok {
		host, text, _ = cutOutside(rest, "/")
		host, text = scheme+"://"+host, "/"+text
	}
	a := &Address{}
	for _, part := range []struct {
		to   **Template
		text string
	}{{&a.base, base}, {&a.host, host}, {&a.path, text}, {&a.query, query}} {
		if part.text == "" {
			continue
		}
		var err error
		if *part.to, err = Parse(part.text); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// cutOutside is strings.Cut around the first sep that is not in a merge field.
func cutOutside(s, sep string) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "{{") {
			end := strings.Index(s[i:], "}}")
			if end < 0 {
				break
			}
			i += end + 1
			continue
		}
		if strings.HasPrefix(s[i:], sep) {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

// Execute fills in the fields.
//
// Errors: *FieldError, *AddressError.
func (a *Address) Execute(lookup Lookup) (string, error) {
	var u strings.Builder
	var wrong error
	refuse := func(value, place string) string {
		wrong = &AddressError{value, place}
		return ""
	}
	for _, part := range [...]struct {
		text   *Template
		escape func(string) string
	}{
		{a.base, trimSlash},
		{a.host, func(s string) string { return escapeHost(s, refuse) }},
		{a.path, func(s string) string { return escapePath(s, refuse) }},
	} {
		if part.text == nil {
			continue
		}
		s, err := part.text.Execute(lookup, part.escape)
		if err != nil {
			return "", err
		}
		u.WriteString(s)
	}
	if wrong != nil {
		return "", wrong
	}
	if a.query == nil {
		return u.String(), nil
	}
	s, err := a.query.Execute(lookup, url.QueryEscape)
	if err != nil {
		return "", err
	}
	if strings.Contains(u.String(), "?") { // the base has one
		return u.String() + "&" + s, nil
	}
	return u.String() + "?" + s, nil
}

// trimSlash is for an address that a path follows.
func trimSlash(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), "/") }

// escapeHost lets a value be a part of a host's name, and not choose another.
func escapeHost(s string, refuse func(value, place string) string) string {
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return refuse(s, "host's name")
		}
	}
	return s
}

// escapePath keeps a value within its segment of the path.
func escapePath(s string, refuse func(value, place string) string) string {
	if s == "." || s == ".." {
		return refuse(s, "path")
	}
	return url.PathEscape(s)
}

// Choosers are the fields whose values can choose any host: that which the
// address begins with, and those of a host's name that does not end in a domain,
// two labels at least, which stands there as it is.
func (a *Address) Choosers() []string {
	if a.base != nil {
		return a.base.Fields()
	}
	if a.host == nil || a.host.Static() {
		return nil
	}
	last := a.host.parts[len(a.host.parts)-1]
	if domain, _, _ := strings.Cut(last.literal, ":"); last.field == nil && strings.HasPrefix(domain, ".") && strings.Count(strings.TrimSuffix(domain, "."), ".") >= 2 {
		return nil
	}
	return a.host.Fields()
}
