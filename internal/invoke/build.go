package invoke

import (
	"net/http"
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

func (b *builder) buildHeader() error {
	b.header = make(http.Header, 5+len(b.plan.headers)) // with the client's User-Agent
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
