package invoke

import (
	"net/url"
	"strings"
)

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
	s, err := b.plan.endpoint.Execute(b.lookup)
	if b.err != nil {
		return b.err
	}
	if err != nil {
		return buildError("%v", err)
	}
	u.WriteString(s)
	asked := strings.Contains(s, "?")
	for _, v := range b.plan.query {
		s, err := b.text(v)
		if err != nil {
			return err
		}
		if s == "" {
			continue
		}
		if asked {
			u.WriteByte('&')
		} else {
			u.WriteByte('?')
		}
		asked = true
		u.WriteString(v.target + "=" + url.QueryEscape(s))
	}
	return nil
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
