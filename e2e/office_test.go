package e2e

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// office is a mail server that counts what comes for whom.
type office struct {
	address string

	mu   sync.Mutex
	came map[string]int // by recipient
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{came: map[string]int{}}
	server := smtp.NewServer(o)
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	o.address = l.Addr().String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l) // until it is closed
	}()
	t.Cleanup(func() {
		_ = server.Close() // who sends is killed before
		_ = l.Close()      // if it did not serve yet
		<-ended
	})
	return o
}

// mails says how many mails came for somebody.
func (o *office) mails(to string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.came[to]
}

// NewSession implements smtp.Backend.
func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &letterbox{office: o}, nil }

// letterbox is a connection to an office.
type letterbox struct {
	office *office
	to     string
}

func (l *letterbox) Reset()      { l.to = "" }
func (*letterbox) Logout() error { return nil }

func (*letterbox) Mail(string, *smtp.MailOptions) error { return nil }

func (l *letterbox) Rcpt(to string, _ *smtp.RcptOptions) error {
	l.to = to
	return nil
}

func (l *letterbox) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err // cut off: it did not come
	}
	l.office.mu.Lock()
	defer l.office.mu.Unlock()
	l.office.came[l.to]++
	return nil
}
