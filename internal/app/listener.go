package app

import (
	"errors"
	"net"
	"time"

	"github.com/tandem-ipaas/tandem/internal/outage"
)

// acceptWait is how long to wait before a connection is accepted again.
const acceptWait = 100 * time.Millisecond

// listener waits where connections cannot be accepted for the moment, as there are no
// more files to be had. The server itself would write a line each time.
type listener struct {
	net.Listener
	machine *outage.Outage
}

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err == nil {
			l.machine.Works()
			return c, nil
		}
		if errors.Is(err, net.ErrClosed) || !exhausted(err) {
			return nil, err
		}
		l.machine.Failed(err)
		time.Sleep(acceptWait)
	}
}
