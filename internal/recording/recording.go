package recording

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tandem-ipaas/tandem/connector"
)

// Recording is one exchange of a method.
type Recording struct {
	Method         string
	Authentication string            `json:",omitempty"` // name; default the first
	Properties     map[string]string `json:",omitempty"` // of the account connector
	Parameters     map[string]string `json:",omitempty"` // of the method
	Body           any               `json:",omitempty"` // mapped fields, as a document
	Page           string            `json:",omitempty"` // where the page before led
	Request        Request
	Response       Response
	Document       json.RawMessage `json:",omitempty"` // what steps see; default the answer's Body
}

// Request is what a method has to make of what is given.
type Request struct {
	HTTPMethod string            `json:"HttpMethod"`
	URL        string            `json:"Url"`
	Headers    map[string]string `json:",omitempty"` // those that matter
	Body       json.RawMessage   `json:",omitempty"` // JSON, or a text
}

// Response is what the API answered.
type Response struct {
	Status  int
	Headers map[string]string `json:",omitempty"`
	Body    json.RawMessage   `json:",omitempty"`
}

// Parse reads a recording. Names that it does not know are errors.
func Parse(data []byte) (*Recording, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	var r Recording
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("read a recording: %w", err)
	}
	return &r, nil
}

// content is a body as it is sent.
func content(body json.RawMessage) []byte {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return []byte(text)
	}
	return body
}

// raw is a body as it is kept: JSON where it is, or else a text.
func raw(body []byte) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	if json.Valid(body) {
		return body
	}
	text, err := json.Marshal(string(body))
	if err != nil {
		panic("recording: " + err.Error()) // a string always encodes
	}
	return text
}

// Find finds what r is a recording of.
func (r *Recording) Find(c *connector.Connector) (*connector.Method, error) {
	for i := range c.Methods {
		if c.Methods[i].Name == r.Method {
			return &c.Methods[i], nil
		}
	}
	return nil, fmt.Errorf("connector %s has no method %q", c.Name, r.Method)
}

// Way finds the way in that r used.
func (r *Recording) Way(c *connector.Connector) (*connector.Authentication, error) {
	for i := range c.Authentication {
		if a := &c.Authentication[i]; r.Authentication == "" || r.Authentication == a.Name {
			return a, nil
		}
	}
	return nil, fmt.Errorf("connector %s has no authentication %q", c.Name, r.Authentication)
}
