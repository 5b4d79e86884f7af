package connection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tandem-ipaas/tandem/internal/oauth"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// Scripts has handlers of events called, as [script.Pool] does.
type Scripts interface {
	Run(ctx context.Context, j script.Job) (*script.Outcome, error)
}

// hook has the connector's script handle what is sent for a token, and what
// comes; nil if it handles none of that.
func (s *Connectors) hook(o *opened) oauth.Hook {
	text := o.library.Script
	if s.scripts == nil || text == "" {
		return nil
	}
	return func(ctx context.Context, at oauth.Event, m *oauth.Message) error {
		event := script.Event(at)
		if !script.Handles(text, event) {
			return nil
		}
		out, err := s.scripts.Run(ctx, script.Job{
			Owner: strconv.FormatInt(int64(o.Account), 10), Event: event,
			Sources: []script.Source{{Level: script.Connector, Text: text}}, State: seen(m),
		})
		switch {
		case err != nil:
			return err
		case !out.Go:
			return errors.New("the script returned false")
		}
		return change(m, out.State)
	}
}

// seen is a message as scripts see it.
func seen(m *oauth.Message) map[string]any {
	headers, form := map[string]string{}, map[string]any{}
	for name := range m.Header {
		headers[name] = m.Header.Get(name)
	}
	for name, values := range m.Form {
		if form[name] = values; len(values) == 1 {
			form[name] = values[0]
		}
	}
	s := map[string]any{"method_endpoint": m.URL, "method_request_headers": headers, "method_request": form}
	if json.Valid(m.Response) {
		s["method_response"] = json.RawMessage(m.Response)
	} else if m.Response != nil {
		s["method_response"] = string(m.Response)
	}
	return s
}

// change takes over what a script has changed.
func change(m *oauth.Message, to map[string]json.RawMessage) error {
	for name, text := range to {
		var err error
		switch name {
		case "method_endpoint":
			err = json.Unmarshal(text, &m.URL)
		case "method_request_headers":
			m.Header, err = headers(text)
		case "method_request":
			m.Form, err = form(text)
		case "method_response":
			m.Response = text
			if said := ""; json.Unmarshal(text, &said) == nil {
				m.Response = []byte(said)
			}
		}
		if err != nil {
			return fmt.Errorf("the script's %s: %w", name, err)
		}
	}
	return nil
}

func headers(text json.RawMessage) (http.Header, error) {
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, errors.New("is not an object of texts")
	}
	h := http.Header{}
	for name, v := range all {
		h.Set(name, v)
	}
	return h, nil
}

func form(text json.RawMessage) (url.Values, error) {
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, errors.New("is not an object")
	}
	f := url.Values{}
	for name, v := range all {
		list, many := v.([]any)
		if !many {
			list = []any{v}
		}
		for _, item := range list {
			if item != nil {
				f.Add(name, fmt.Sprint(item))
			}
		}
	}
	return f, nil
}
