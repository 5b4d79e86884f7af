package invoke

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/tandem-ipaas/tandem/connector"
)

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
	case connector.Undefined, connector.Text, connector.DateTime, connector.File: // are text
	}
	return s
}

func (b *builder) reader() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.body)), nil }
