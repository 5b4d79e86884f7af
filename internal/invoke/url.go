package invoke

import (
	"net/url"
	"strings"

	"github.com/tandem-ipaas/tandem/internal/merge"
)

// endpoint is a URL in parts, because each is escaped in its own way.
type endpoint struct {
	base  *merge.Template // the merge field that it begins with
	host  *merge.Template // or else scheme and host
	path  *merge.Template
	query *merge.Template
}

func compileEndpoint(text string) (e endpoint, err error) {
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
	for _, part := range []struct {
		to   **merge.Template
		text string
	}{{&e.base, base}, {&e.host, host}, {&e.path, text}, {&e.query, query}} {
		if *part.to, err = parseText(part.text); err != nil {
			return e, err
		}
	}
	return e, nil
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

func (b *builder) buildURL() error {
	var u strings.Builder
	if b.place.URL != "" {
		u.WriteString(b.place.URL)
	} else if err := b.writeEndpoint(&u); err != nil {
		return err
	}
	b.url = u.String()
	if b.access.query != "" {
		b.url = withQuery(b.url, b.access.query, string(b.call.Auth.Value))
	}
	return nil
}

func (b *builder) writeEndpoint(u *strings.Builder) error {
	e := &b.plan.endpoint
	for _, part := range [...]struct {
		text   *merge.Template
		escape func(string) string
	}{{e.base, trimSlash}, {e.host, b.escapeHost}, {e.path, b.escapePath}} {
		if part.text == nil {
			continue
		}
		s, err := b.fill(part.text, part.escape)
		if err != nil {
			return err
		}
		u.WriteString(s)
	}
	asked := strings.Contains(u.String(), "?")
	add := func(pair string) {
		if asked {
			u.WriteByte('&')
		} else {
			u.WriteByte('?')
		}
		asked = true
		u.WriteString(pair)
	}
	if e.query != nil {
		s, err := b.fill(e.query, url.QueryEscape)
		if err != nil {
			return err
		}
		add(s)
	}
	for _, v := range b.plan.query {
		s, err := b.text(v)
		if err != nil {
			return err
		}
		if s != "" {
			add(v.target + "=" + url.QueryEscape(s))
		}
	}
	return nil
}

// trimSlash is for an address that a path follows.
func trimSlash(s string) string { return strings.TrimSuffix(strings.TrimSpace(s), "/") }

// escapeHost lets a value be a part of a host's name, and not choose another.
func (b *builder) escapeHost(s string) string {
	for i := range len(s) {
		c := s[i]
		if c != '.' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			b.fail(buildError("%q cannot be a part of a host's name", s))
			return ""
		}
	}
	return s
}

// escapePath keeps a value within its segment of the path.
func (b *builder) escapePath(s string) string {
	if s == "." || s == ".." {
		b.fail(buildError("%q cannot be a part of a path", s))
	}
	return url.PathEscape(s)
}

// withQuery sets a pair of a URL's query, over one that is there.
func withQuery(to, name, value string) string {
	path, query, asked := strings.Cut(to, "?")
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if pair != "" && key != name {
			kept = append(kept, pair)
		}
	}
	if !asked || len(kept) == 0 {
		return path + "?" + name + "=" + url.QueryEscape(value)
	}
	return path + "?" + strings.Join(kept, "&") + "&" + name + "=" + url.QueryEscape(value)
}
