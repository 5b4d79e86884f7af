package notify

import (
	"cmp"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/tandem-ipaas/tandem"
)

// Server is the operator's mail server, and who letters are from. The zero value
// is none.
type Server struct {
	Host     string
	Port     int
	TLS      bool // from the first byte, instead of by STARTTLS
	Plain    bool // STARTTLS is not insisted on
	User     string
	Password tandem.Secret
	From     string // address; its name is the partner's
}

// ParseServer reads a URL such as smtp://user:password@host:587, or smtps:// for
// TLS from the first byte. Another password takes the place of the URL's. TLS is
// insisted on unless the host is a loopback address or the URL ends in ?tls=none.
//
// Errors: Invalid, naming the flag.
func ParseServer(text string, password tandem.Secret, from string) (Server, error) {
	if text == "" {
		return Server{}, nil
	}
	// The error would quote the text, and with it the password.
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return Server{}, tandem.Invalidf("smtp-url", "smtp-url: want a URL such as smtp://user@mail.example.com:587, or one that begins with smtps://")
	}
	s := Server{Host: u.Hostname(), Port: 587, TLS: u.Scheme == "smtps", User: u.User.Username(), From: from}
	inURL, _ := u.User.Password()
	s.Password = cmp.Or(password, tandem.Secret(inURL))
	if s.TLS {
		s.Port = 465
	}
	if p := u.Port(); p != "" {
		if s.Port, err = strconv.Atoi(p); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, tandem.Invalidf("smtp-url", "smtp-url: %s is not a port", p)
		}
	}
	switch u.Query().Get("tls") {
	case "":
		s.Plain = loopback(s.Host)
	case "none":
		s.Plain = true
	default:
		return Server{}, tandem.Invalidf("smtp-url", "smtp-url: tls may be none, or left out")
	}
	if s.From, err = address(from); err != nil {
		return Server{}, tandem.Invalidf("mail-from", "mail-from: %q is not an email address", from)
	}
	return s, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// maxAddress is how long an address may be (RFC 5321, section 4.5.3.1.3).
const maxAddress = 254

// address checks that text is one address and nothing else.
func address(text string) (string, error) {
	for _, r := range text {
		if r <= ' ' || r >= 0x7f {
			return "", tandem.Invalidf("Email", "Email: %q is not an email address", text)
		}
	}
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > maxAddress {
		return "", &tandem.Error{Code: tandem.Invalid, Field: "Email", Message: "Email: " + strconv.Quote(text) + " is not an email address", Err: err}
	}
	return text, nil
}

// hostPort is where the server listens.
func (s Server) hostPort() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }
