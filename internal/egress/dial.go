package egress

import (
	"context"
	"fmt"
	"net"
)

// DialContext opens a connection for a protocol other than HTTP, guarded in the
// same way: the address, host:port, is checked when it is dialled. The time to
// connect is limited; for how long the connection lives is the caller's to limit,
// for it does not end with ctx.
//
// Errors: *Error.
func (c *Client) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if network != "tcp" {
		return nil, &Error{Kind: Refused, Err: fmt.Errorf("network %q is not tcp", network)}
	}
	conn, err := c.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, classify(err)
	}
	return conn, nil
}
