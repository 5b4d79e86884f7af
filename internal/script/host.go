package script

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tandem-ipaas/tandem/internal/script/wire"
)

// Host does what scripts ask the server for. The context ends with the script's
// time. A script catches an error as an exception with the error's text, which is
// thus for people to read.
type Host interface {
	// HTTPRequest is http_request.
	HTTPRequest(ctx context.Context, r HTTPRequest) (HTTPResponse, error)
	// Storage is cyclr_storage_* and cycle_storage_*. The answer is what
	// json.Marshal takes.
	Storage(ctx context.Context, c StorageCall) (any, error)
}

// HTTPRequest is what a script sends.
type HTTPRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Data    json.RawMessage   `json:"data"` // any JSON; a text is the body itself
}

// HTTPResponse is what a script gets back.
type HTTPResponse struct {
	StatusCode int               `json:"status_code"`
	Headers    map[string]string `json:"headers"`
	Content    string            `json:"content"`
	Request    any               `json:"request"` // what was sent, secrets redacted
}

// Scope is whose values a StorageCall is about.
type Scope string

// The scopes.
const (
	AllCycles Scope = "cyclr" // all cycles of the connector
	ThisCycle Scope = "cycle"
)

// StorageCall is one operation on stored values.
type StorageCall struct {
	Scope     Scope  `json:"scope"`
	Operation string `json:"operation"` // list_values, list_keys, get, set, append, delete, delete_all, increment, decrement
	Key       string `json:"key"`       // "" for lists and delete_all
	// Value is what to set or append, and for increment and decrement by how much:
	// numbers are json.Number.
	Value any `json:"value"`
}

// answer does what a worker asks for.
func answer(ctx context.Context, h Host, c *wire.Call) wire.Answer {
	value, err := call(ctx, h, c)
	if err == nil {
		var raw []byte
		if raw, err = json.Marshal(value); err == nil && len(raw) > wire.MaxFrame/2 {
			err = fmt.Errorf("the answer has %d bytes, which is too much for a script", len(raw))
		}
		if err == nil {
			return wire.Answer{Value: raw}
		}
	}
	return wire.Answer{Error: err.Error()}
}

func call(ctx context.Context, h Host, c *wire.Call) (any, error) {
	if h == nil {
		return nil, errors.New("this function is not available here")
	}
	switch c.Function {
	case "http_request":
		var r HTTPRequest
		if err := json.Unmarshal(c.Argument, &r); err != nil {
			return nil, fmt.Errorf("http_request: %w", err)
		}
		return h.HTTPRequest(ctx, r)
	case "storage":
		var s StorageCall
		d := json.NewDecoder(bytes.NewReader(c.Argument))
		d.UseNumber()
		if err := d.Decode(&s); err != nil {
			return nil, fmt.Errorf("storage: %w", err)
		}
		if s.Scope != AllCycles && s.Scope != ThisCycle {
			return nil, fmt.Errorf("storage: no scope %q", s.Scope)
		}
		return h.Storage(ctx, s)
	}
	return nil, fmt.Errorf("there is no function %q", c.Function)
}
