package invoke

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/internal/script"
)

// Incoming is a request to a webhook.
type Incoming struct {
	URL     string
	Headers map[string]string
	Body    []byte // JSON
}

// Reply is what scripts answer the sender of a request.
type Reply struct {
	Headers map[string]string
	Body    []byte // a text as it is, anything else as JSON
}

// Listens says that scripts may have a say in requests to a webhook.
func Listens(c *connector.Connector, m *connector.Method, step string) bool {
	for _, text := range []string{c.Script, m.Script, step} {
		if script.Handles(text, script.BeforeWebhook) || script.Handles(text, script.AfterWebhook) {
			return true
		}
	}
	return false
}

// BeforeWebhook asks scripts about a request to the webhook that call's Method
// is. A reply is for the sender, and nothing is to be started; nil: it goes on.
//
// Errors: *Error.
func (c *Caller) BeforeWebhook(ctx context.Context, call Call, in Incoming) (*Reply, error) {
	x, err := c.webhook(&call)
	if err != nil || !x.handles(script.BeforeWebhook) {
		return nil, err
	}
	reply := &Reply{Headers: map[string]string{}}
	see := func() (state, error) {
		u, err := url.Parse(in.URL)
		if err != nil {
			return nil, buildError("the address of the request cannot be read")
		}
		parameters := map[string]string{}
		for name, values := range u.Query() {
			parameters[name] = values[0]
		}
		return state{
			"method_endpoint": in.URL, "method_request_headers": orNone(in.Headers), "method_request": orNull(in.Body),
			"method_request_parameters": parameters, "method_response_headers": reply.Headers, "method_response": orNull(reply.Body),
		}, nil
	}
	_, err = x.event(ctx, script.BeforeWebhook, see, func(done changes) error {
		headers, ok, err := changedTexts(done, "method_response_headers")
		if err != nil {
			return err
		}
		if reply.Body = done["method_response"]; ok {
			reply.Headers = headers
		}
		return nil
	})
	if !errors.Is(err, errStopped) {
		return nil, x.hide(err)
	}
	return x.clean(reply)
}

// clean is a reply as it is sent.
func (x *exchange) clean(r *Reply) (*Reply, error) {
	for name, v := range r.Headers {
		r.Headers[name] = x.secrets.text(v)
	}
	doc, err := decode(r.Body)
	if err != nil {
		return nil, err
	}
	if text, ok := doc.(string); ok {
		r.Body = []byte(x.secrets.text(text))
		return r, nil
	}
	if err := x.conceive(doc); err != nil {
		return nil, err
	}
	r.Body = x.answer.text
	return r, nil
}

// AfterWebhook lets scripts change what a request brought. Not ok: it starts
// nothing.
//
// Errors: *Error.
func (c *Caller) AfterWebhook(ctx context.Context, call Call, body []byte) (_ []byte, ok bool, _ error) {
	x, err := c.webhook(&call)
	if err != nil || !x.handles(script.AfterWebhook) {
		return body, true, err
	}
	x.answer = answer{text: body}
	see := func() (state, error) { return state{"method_response": x.shownAnswer()}, nil }
	_, err = x.event(ctx, script.AfterWebhook, see, x.takeAnswer)
	if errors.Is(err, errStopped) {
		return nil, false, nil
	}
	return x.answer.text, err == nil, x.hide(err)
}

// webhook is an exchange that only scripts have a part in. They go without
// credentials where there are none yet.
func (c *Caller) webhook(call *Call) (*exchange, error) {
	x, err := c.exchange(call)
	if err != nil {
		return nil, err
	}
	x.result.Response = &tandem.Exchange{}
	if x.learn() != nil {
		x.access = access{}
	}
	return x, nil
}

func orNull(text []byte) any {
	if len(text) == 0 {
		return nil
	}
	return json.RawMessage(text)
}
