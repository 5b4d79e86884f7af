package e2e

import (
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy is a network between a server and its database, which can fail.
type proxy struct {
	net.Listener
	to     string
	passed atomic.Int64 // bytes
	lost   atomic.Int64 // connections that it cut or refused, and pieces that it held back

	mu    sync.Mutex
	conns map[net.Conn]bool
	away  bool          // nobody is let through
	delay time.Duration // of each piece
	hole  chan struct{} // if not nil, all stops until it is closed
}

// newProxy makes a network before the database at url, and gives its url there.
func newProxy(t testing.TB, database string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{Listener: l, to: u.Host, conns: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() {
		p.heal()
		_ = l.Close() // it ends all
		p.cut()
		all.Wait()
	})
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) serve(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer up.Close()
	if !p.enter(c, up) {
		return
	}
	defer p.leave(c, up)
	var both sync.WaitGroup
	both.Go(func() { p.copy(up, c) })
	both.Go(func() { p.copy(c, up) })
	both.Wait()
}

func (p *proxy) enter(both ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		p.lost.Add(1)
		return false
	}
	for _, c := range both {
		p.conns[c] = true
	}
	return true
}

func (p *proxy) leave(both ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range both {
		delete(p.conns, c)
	}
}

// copy passes pieces on, one after another, until either end is closed.
func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		p.mu.Lock()
		hole, delay := p.hole, p.delay
		p.mu.Unlock()
		if hole != nil {
			p.lost.Add(1)
			<-hole
		}
		time.Sleep(delay)
		if _, e := to.Write(piece[:n]); err != nil || e != nil {
			return
		}
		p.passed.Add(int64(n))
	}
}

// cut closes all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		p.lost.Add(1)
		_ = c.Close() // whoever copies notices
	}
}

// part closes all connections, and lets nobody through until heal.
func (p *proxy) part() {
	p.mu.Lock()
	p.away = true
	p.mu.Unlock()
	p.cut()
}

// swallow lets nothing through, and tells nobody, until heal.
func (p *proxy) swallow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hole = make(chan struct{})
}

// slow holds each piece back for so long, until heal.
func (p *proxy) slow(delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = delay
}

func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hole != nil {
		close(p.hole)
	}
	p.away, p.delay, p.hole = false, 0, nil
}
