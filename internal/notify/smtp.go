package notify

import (
	"context"
	"crypto/tls"
	"net"

	gomail "github.com/wneessen/go-mail"
)

// connection is a session with the mail server.
type connection struct {
	client *gomail.Client
	conn   net.Conn
	stop   func() bool
}

// dial opens a session, which ends with ctx.
func (m *Mailer) dial(ctx context.Context) (*connection, error) {
	s, c := m.server, &connection{}
	settings := &tls.Config{ServerName: s.Host, RootCAs: m.options.Roots, MinVersion: tls.VersionTLS12}
	dial := func(begin context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(begin, network, address)
		if err != nil {
			return nil, err
		}
		c.conn, c.stop = conn, context.AfterFunc(ctx, func() { _ = conn.Close() }) // what waits for it fails
		if s.TLS {
			return tls.Client(conn, settings), nil
		}
		return conn, nil
	}
	policy := gomail.TLSMandatory
	switch {
	case s.TLS:
		policy = gomail.NoTLS // is there already
	case s.Plain:
		policy = gomail.TLSOpportunistic
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(m.options.Timeout), gomail.WithTLSConfig(settings), gomail.WithTLSPolicy(policy),
		gomail.WithDialContextFunc(dial), gomail.WithoutNoop(), gomail.WithoutSMTPUTF8(),
	}
	if s.User != "" {
		options = append(options, gomail.WithOpportunisticSMTPAuth(s.mechanisms()...), gomail.WithUsername(s.User), gomail.WithPassword(string(s.Password)))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, err
	}
	if err := client.DialWithContext(ctx); err != nil {
		c.end()
		return nil, err
	}
	c.client = client
	return c, nil
}

// mechanisms are those by which a password is given, best first. The library
// knows of TLS by STARTTLS only; with TLS from the first byte, or when the
// operator does without, it has to be told that passwords may be sent.
func (s Server) mechanisms() []gomail.SMTPAuthType {
	if s.TLS || s.Plain {
		return []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	}
	return []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
}

// send sends one mail.
func (c *connection) send(msg *gomail.Msg, err error) error {
	if err != nil {
		return err
	}
	err = c.client.Send(msg)
	if msg.IsDelivered() {
		return nil // what failed came afterwards
	}
	return err
}

// close says goodbye; all is sent.
func (c *connection) close() {
	_ = c.client.Close()
	c.end()
}

func (c *connection) end() {
	if c.conn != nil {
		c.stop()
		_ = c.conn.Close() // may be closed
	}
}
