package utility

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tandem-ipaas/tandem/internal/egress"
)

// Dialer opens connections where that is allowed; *egress.Client does.
//
// Errors: *egress.Error.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

var (
	errSaysTooMuch = errors.New("the server says more than is taken from it")
	errElsewhere   = errors.New("the server names another one to go to, which is not done")
	errIdle        = errors.New("the server did nothing for too long")
)

// span is what there is of time: for all, and in which something must happen.
type span struct{ total, idle time.Duration }

// session is the connections of one operation to one host, and all that they may
// use of time and bytes.
type session struct {
	ctx    context.Context
	dialer Dialer
	left   atomic.Int64 // bytes that may still be read
	// elsewhere says that the server named another host.
	elsewhere atomic.Bool
	idle      time.Duration
	timer     *time.Timer // that ends the session when nothing happens

	mu    sync.Mutex
	host  string // of the first connection: its address, once it is known
	conns []net.Conn
}

// begin starts a session, which ends with end or when its time is over.
func begin(ctx context.Context, d Dialer, limit span, reply int64) (s *session, end func()) {
	ctx, stopTime := context.WithTimeout(ctx, limit.total)
	ctx, cancel := context.WithCancelCause(ctx)
	s = &session{ctx: ctx, dialer: d, idle: limit.idle}
	s.left.Store(reply)
	s.timer = time.AfterFunc(limit.idle, func() { cancel(errIdle) })
	stop := context.AfterFunc(ctx, s.close)
	return s, func() {
		s.timer.Stop()
		stop()
		cancel(nil)
		stopTime()
		s.close()
	}
}

// allow sets how many bytes the server may say from now on.
func (s *session) allow(n int64) { s.left.Store(n) }

// dial opens a connection. All but the first must lead to where the first did.
func (s *session) dial(address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &egress.Error{Kind: egress.Refused, Err: err}
	}
	s.mu.Lock()
	first := s.host
	s.mu.Unlock()
	if first != "" && host != first {
		s.elsewhere.Store(true)
		return nil, errElsewhere
	}
	conn, err := s.dialer.DialContext(s.ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == "" {
		s.host, _, _ = net.SplitHostPort(conn.RemoteAddr().String())
	}
	s.conns = append(s.conns, conn)
	if err := s.ctx.Err(); err != nil { // close may have been here before
		_ = conn.Close()
		return nil, err
	}
	return &line{conn, s}, nil
}

// once is dial for libraries that need no more than one connection, but for another
// to the same place by which they call off what they asked for.
func (s *session) once(_ context.Context, _, address string) (net.Conn, error) {
	s.mu.Lock()
	other := len(s.conns) > 0 && s.conns[0].RemoteAddr().String() != address
	s.mu.Unlock()
	if other {
		s.elsewhere.Store(true)
		return nil, errElsewhere
	}
	return s.dial(address)
}

func (s *session) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		_ = c.Close() // may be closed
	}
}

// line is a connection of a session.
type line struct {
	net.Conn
	session *session
}

// Read implements io.Reader.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.session.happened(n)
	if l.session.left.Add(-int64(n)) < 0 {
		return 0, errSaysTooMuch
	}
	return n, err
}

// Write implements io.Writer.
func (l *line) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	l.session.happened(n)
	return n, err
}

// happened puts the end off, if anything was read or written.
func (s *session) happened(n int) {
	if n > 0 && s.ctx.Err() == nil {
		s.timer.Reset(s.idle)
	}
}

// secure is the TLS of a connection to a host that shows who it is: to the
// authorities of a setting, or else to those given.
func (in *input) secure(host string, roots *x509.CertPool) *tls.Config {
	if pem := in.text("CertificateAuthority"); pem != "" {
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(pem)) {
			in.fail("CertificateAuthority has no certificate: it begins with -----BEGIN CERTIFICATE-----")
		}
	}
	return &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}
}
