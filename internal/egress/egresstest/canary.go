package egresstest

import (
	"net"
	"sync"
	"testing"
)

// Canary listens on all addresses of this machine, and counts who comes.
type Canary struct {
	Port string

	mu      sync.Mutex
	reached []string
}

// NewCanary listens until t ends. It says greeting to who comes, and hangs up.
func NewCanary(t testing.TB, greeting string) *Canary {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Canary{}
	_, c.Port, _ = net.SplitHostPort(l.Addr().String())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.note(conn.LocalAddr().String())
			_, _ = conn.Write([]byte(greeting))
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return c
}

func (c *Canary) note(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reached = append(c.reached, address)
}

// Reached is the addresses that were reached so far.
func (c *Canary) Reached() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.reached...)
}
