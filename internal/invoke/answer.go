package invoke

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// answer is the document that a call brought back, as JSON and, once somebody
// needs it, as values.
type answer struct {
	text []byte
	doc  any
	read bool // doc is what text says
}

// document is the answer as values.
func (a *answer) document() (any, error) {
	if a.read {
		return a.doc, nil
	}
	doc, err := decode(a.text)
	if err != nil {
		return nil, err
	}
	a.doc, a.read = doc, true
	return doc, nil
}

// conceive makes doc the answer, without the secrets that may be in it.
func (x *exchange) conceive(doc any) error {
	text, err := marshal(doc)
	if err != nil {
		return formatError("the answer cannot be kept: %v", err)
	}
	if doc == nil {
		text = nil
	}
	if x.secrets.suspect(text) {
		if clean, found := x.secrets.document(doc); found {
			doc = clean
			if text, err = marshal(doc); err != nil {
				return formatError("the answer cannot be kept: %v", err)
			}
		}
	}
	x.answer = answer{text: text, doc: doc, read: true}
	x.result.Response.Body = text
	return nil
}

func checkJSON(body []byte) error {
	if len(body) == 0 || json.Valid(body) {
		return nil
	}
	_, err := decode(body)
	return err
}

// decode reads JSON, with numbers as they are written. No body is nil.
func decode(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, formatError("the answer is not JSON: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, formatError("the answer has more after its JSON")
	}
	return doc, nil
}
