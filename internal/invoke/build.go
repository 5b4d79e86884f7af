package invoke

import (
	"net/http"
	"time"

	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// build makes the request, but for the credentials.
func (x *exchange) build() error {
	x.cutPart()
	if err := x.buildURL(); err != nil {
		return err
	}
	if err := x.buildHeader(); err != nil {
		return err
	}
	return x.fillFields()
}

// fill executes a template, and tells an error of a lookup or an escape.
func (x *exchange) fill(t *merge.Template, escape func(string) string) (string, error) {
	s, err := t.Execute(x.lookup, escape)
	if x.err != nil {
		return "", x.err
	}
	if err != nil {
		return "", buildError("%v", err)
	}
	return s, nil
}

// maxDepth bounds defaults that name each other.
const maxDepth = 8

// lookup is the value of a merge field.
func (x *exchange) lookup(name string) (any, bool) {
	if x.trips != nil {
		if s, ok := x.trips.merges[name]; ok {
			return s, s != ""
		}
	}
	if v, ok := x.plan.merges[name]; ok {
		if x.depth++; x.depth > maxDepth {
			x.fail(buildError("merge field %s is made of itself", name))
			return nil, false
		}
		defer func() { x.depth-- }()
		s, err := x.text(v)
		x.fail(err)
		return s, s != ""
	}
	switch name {
	case connector.LastSuccessfulRunDate:
		return x.lastRun(), true
	case connector.AuthAPIKeyField:
		return x.access.key, x.access.key != ""
	case connector.AuthUsernameField:
		return x.access.user, x.access.user != ""
	case connector.AuthPasswordField:
		return x.access.password, x.access.password != ""
	}
	if o := x.call.Method.Copy; o != nil && name == connector.ObjectNameField {
		return o.ObjectName, true
	}
	s, ok := x.call.Merge[name]
	return s, ok
}

// lastRun is 1970 when the step never ran.
func (x *exchange) lastRun() time.Time {
	if x.call.LastRun.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return x.call.LastRun
}

func (x *exchange) fail(err error) {
	if x.err == nil && err != nil {
		x.err = err
	}
}

// text is a parameter's value, "" when it is to be left out.
func (x *exchange) text(v *value) (string, error) {
	if v.variable != "" {
		return x.place.variable(v.variable, x.plan.paging), nil
	}
	if v.fixed != nil {
		return x.fill(v.fixed, nil)
	}
	given := x.call.Parameters
	if v.ofConnector {
		given = x.call.Properties
	}
	s := given[v.name]
	if s == "" && v.fallback != nil {
		var err error
		if s, err = x.fill(v.fallback, nil); err != nil {
			return "", err
		}
	}
	switch {
	case s == connector.IgnoreParameter:
		return "", nil
	case s == "" && !v.optional:
		return "", emptyError("parameter", v.name)
	}
	return s, nil
}

func (x *exchange) buildHeader() error {
	x.header = make(http.Header, 5+len(x.plan.headers)) // with the client's User-Agent
	if x.plan.response.json {
		x.header["Accept"] = []string{"application/json"}
	}
	if x.plan.keyed && x.call.IdempotencyKey != "" {
		x.header["Idempotency-Key"] = []string{x.call.IdempotencyKey}
	}
	for _, v := range x.plan.headers {
		s, err := x.text(v)
		if err != nil {
			return err
		}
		if s == "" {
			continue
		}
		if err := x.setHeader(v.target, s, v.name); err != nil {
			return err
		}
	}
	return nil
}

func (x *exchange) setHeader(name, s, from string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return buildError("%s has a character that a header cannot have", from)
		}
	}
	x.header[name] = []string{s}
	return nil
}
