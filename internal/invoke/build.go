package invoke

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// builder makes one request.
type builder struct {
	call    *Call
	plan    *plan
	place   place
	access  access
	secrets secrets

	url    string
	header http.Header
	body   []byte

	depth int   // of merge fields within defaults of merge fields
	err   error // found where a lookup or an escape could not return it
}

func (b *builder) build() error {
	if err := b.authenticate(); err != nil {
		return err
	}
	if err := b.buildURL(); err != nil {
		return err
	}
	if err := b.buildHeader(); err != nil {
		return err
	}
	return b.buildBody()
}

// fill executes a template, and tells an error of a lookup or an escape.
func (b *builder) fill(t *merge.Template, escape func(string) string) (string, error) {
	s, err := t.Execute(b.lookup, escape)
	if b.err != nil {
		return "", b.err
	}
	if err != nil {
		return "", buildError("%v", err)
	}
	return s, nil
}

// maxDepth bounds defaults that name each other.
const maxDepth = 8

// lookup is the value of a merge field.
func (b *builder) lookup(name string) (any, bool) {
	if v, ok := b.plan.merges[name]; ok {
		if b.depth++; b.depth > maxDepth {
			b.fail(buildError("merge field %s is made of itself", name))
			return nil, false
		}
		defer func() { b.depth-- }()
		s, err := b.text(v)
		b.fail(err)
		return s, s != ""
	}
	switch name {
	case connector.LastSuccessfulRunDate:
		if b.call.LastRun.IsZero() {
			return time.Unix(0, 0).UTC(), true
		}
		return b.call.LastRun, true
	case connector.AuthAPIKeyField:
		return b.access.key, b.access.key != ""
	case connector.AuthUsernameField:
		return b.access.user, b.access.user != ""
	case connector.AuthPasswordField:
		return b.access.password, b.access.password != ""
	}
	s, ok := b.call.Merge[name]
	return s, ok
}

func (b *builder) fail(err error) {
	if b.err == nil && err != nil {
		b.err = err
	}
}

// text is a parameter's value, "" when it is to be left out.
func (b *builder) text(v *value) (string, error) {
	if v.variable != "" {
		return b.place.variable(v.variable, b.plan.paging), nil
	}
	if v.fixed != nil {
		return b.fill(v.fixed, nil)
	}
	given := b.call.Parameters
	if v.ofConnector {
		given = b.call.Properties
	}
	s := given[v.name]
	if s == "" && v.fallback != nil {
		var err error
		if s, err = b.fill(v.fallback, nil); err != nil {
			return "", err
		}
	}
	if s == "" && !v.optional {
		return "", emptyError("parameter", v.name)
	}
	return s, nil
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

func (b *builder) buildHeader() error {
	b.header = make(http.Header, 6+len(b.plan.headers))
	if b.plan.jsonResponse {
		b.header["Accept"] = []string{"application/json"}
	}
	if b.plan.keyed && b.call.IdempotencyKey != "" {
		b.header["Idempotency-Key"] = []string{b.call.IdempotencyKey}
	}
	for _, v := range b.plan.headers {
		s, err := b.text(v)
		if err != nil {
			return err
		}
		if s == "" {
			continue
		}
		if err := b.setHeader(v.target, s, v.name); err != nil {
			return err
		}
	}
	if b.access.header != "" {
		return b.setHeader(b.access.header, b.access.headerValue, "credentials")
	}
	return nil
}

func (b *builder) setHeader(name, s, from string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return buildError("%s has a character that a header cannot have", from)
		}
	}
	b.header[name] = []string{s}
	return nil
}

func (b *builder) buildBody() error {
	if !b.plan.jsonRequest {
		return nil
	}
	for i := range b.plan.fields {
		if err := b.fillField(&b.plan.fields[i]); err != nil {
			return err
		}
	}
	if b.call.Body == nil {
		return nil
	}
	buffer := bytes.NewBuffer(make([]byte, 0, 512))
	e := json.NewEncoder(buffer)
	e.SetEscapeHTML(false)
	if err := e.Encode(b.call.Body); err != nil {
		return buildError("body: %v", err)
	}
	b.body = bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
	if b.header["Content-Type"] == nil {
		b.header["Content-Type"] = []string{"application/json"}
	}
	return nil
}

// fillField gives an empty field its default, or leaves it out.
func (b *builder) fillField(f *field) error {
	v, ok := f.location.Get(b.call.Body)
	if ok && v != nil && v != "" {
		return nil
	}
	if f.fallback != nil {
		s, err := b.fill(f.fallback, nil)
		if err != nil {
			return err
		}
		if s != "" {
			if b.call.Body, err = f.location.Set(b.call.Body, typed(s, f.kind)); err != nil {
				return buildError("field %v", err)
			}
			return nil
		}
	}
	if !f.optional && (ok || f.location.Lists() == 0) { // of a list that is not there, nothing is required
		return emptyError("field", f.text)
	}
	if ok {
		f.location.Delete(b.call.Body)
	}
	return nil
}

// typed makes a default the JSON value that its type asks for, where it can be.
func typed(s string, kind connector.DataType) any {
	switch kind {
	case connector.Integer, connector.Float, connector.Decimal:
		if n := json.Number(s); json.Valid([]byte(s)) {
			return n
		}
	case connector.Boolean:
		switch strings.ToLower(s) {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return s
}

func (b *builder) reader() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.body)), nil }
