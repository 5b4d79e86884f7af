package invoke

import (
	"context"
	"errors"

	"github.com/tandem-ipaas/tandem"
)

// operate runs what is built in, in place of a request.
func (x *exchange) operate(ctx context.Context) error {
	x.result.Response = &tandem.Exchange{}
	run := x.options.BuiltIns[x.call.Method.BuiltIn]
	if run == nil {
		return buildError("method %s: there is no operation %q", x.call.Method.Name, x.call.Method.BuiltIn)
	}
	o, err := x.operation()
	if err != nil {
		return err
	}
	asked, err := marshal(o.Request)
	if err != nil {
		return err
	}
	x.result.Request = &tandem.Exchange{Method: x.call.Method.BuiltIn, Body: x.secrets.bytes(asked)}
	doc, err := run(ctx, o)
	if failed := (*Error)(nil); err != nil && !errors.As(err, &failed) {
		return notAnswered(err)
	}
	if err != nil {
		return err
	}
	return x.conceive(doc)
}

// operation is what it works on: with defaults, which requests have by now.
func (x *exchange) operation() (Operation, error) {
	o := Operation{
		Origin: x.call.Origin, Key: x.access.key, User: x.access.user, Password: x.access.password,
		Properties: map[string]string{}, Parameters: map[string]string{},
		Request: x.call.Body, IdempotencyKey: x.call.IdempotencyKey,
	}
	for _, v := range x.plan.merges {
		s, err := x.text(v)
		if err != nil {
			return o, err
		}
		to := o.Parameters
		if v.ofConnector {
			to = o.Properties
		}
		to[v.name] = s
	}
	for name, s := range x.call.Properties {
		if o.Properties[name] == "" {
			o.Properties[name] = s
		}
	}
	return o, nil
}
