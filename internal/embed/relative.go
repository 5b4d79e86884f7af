package embed

import (
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem"
)

// relative gives the address that a browser may be sent to after a sign-in: a
// path of this domain, with a query if it has one. All else is refused, false:
// browsers take "//host", "/\host" and their like, with white space or control
// characters in between, for other hosts.
//
// What is returned is put together anew from what was understood, so that a
// browser cannot understand something else.
func relative(text string) (*url.URL, bool) {
	if len(text) > tandem.MaxReturn || !strings.HasPrefix(text, "/") || strings.ContainsFunc(text, unfit) {
		return nil, false
	}
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return nil, false
	}
	// Once more on what is behind the escapes: a proxy may undo them.
	path := u.Path
	for range 3 {
		if !plainPath(path) {
			return nil, false
		}
		undone, err := url.PathUnescape(path)
		if err != nil || undone == path {
			break
		}
		path = undone
	}
	return &url.URL{Path: u.Path, RawQuery: u.RawQuery}, true
}

// plainPath says that no browser takes path for another host, or for a place
// above the root.
func plainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, unfit) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == ".." || segment == "." {
			return false
		}
	}
	return true
}

// unfit is what does not belong into an address: control characters, spaces of
// any kind, and the backslash, which browsers take for a slash.
func unfit(r rune) bool { return r <= ' ' || r == '\\' || r >= 0x7f }
