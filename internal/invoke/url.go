package invoke

import (
	"net/url"
	"strings"
)

// buildURL makes the address, and apart from it the query of the parameters.
func (x *exchange) buildURL() error {
	if x.place.URL != "" {
		x.url = x.place.URL
		return nil
	}
	if err := x.buildEndpoint(); err != nil {
		return err
	}
	return x.buildQuery()
}

func (x *exchange) buildEndpoint() error {
	s, err := x.plan.endpoint.Execute(x.lookup)
	if x.err != nil {
		return x.err
	}
	if err != nil {
		return buildError("%v", err)
	}
	x.url = s
	return x.admitted()
}

func (x *exchange) buildQuery() error {
	var pairs strings.Builder
	for _, v := range x.plan.query {
		s, err := x.text(v)
		if err != nil {
			return err
		}
		if s == "" {
			continue
		}
		if pairs.Len() > 0 {
			pairs.WriteByte('&')
		}
		pairs.WriteString(v.target)
		pairs.WriteByte('=')
		pairs.WriteString(url.QueryEscape(s))
	}
	x.query = pairs.String()
	return nil
}

// address is where the request goes, without credentials.
func (x *exchange) address() string {
	switch {
	case x.query == "":
		return x.url
	case strings.Contains(x.url, "?"):
		return x.url + "&" + x.query
	}
	return x.url + "?" + x.query
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
