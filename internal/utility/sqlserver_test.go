package utility_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// There is no SQL Server here. What its protocol (TDS) has to show is shown by a
// server that goes as far as signing in.

// tds is what a client said before it signed in, and how.
type tds struct {
	login []byte
	err   error
}

// packet reads one message of a client.
func packet(c net.Conn) ([]byte, error) {
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil, err
	}
	content := make([]byte, int(binary.BigEndian.Uint16(head[2:]))-len(head))
	_, err := io.ReadFull(c, content)
	return content, err
}

func reply(c net.Conn, content []byte) error {
	head := []byte{4, 1, 0, 0, 0, 0, 1, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(head)+len(content)))
	_, err := c.Write(append(head, content...))
	return err
}

// wide is text as TDS has it.
func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// signIn answers a client up to its login, and then with tokens.
func signIn(c net.Conn, tokens []byte) (seen tds) {
	if _, seen.err = packet(c); seen.err != nil {
		return seen
	}
	// Version, and that there is no encryption.
	if seen.err = reply(c, []byte{0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2}); seen.err != nil {
		return seen
	}
	if seen.login, seen.err = packet(c); seen.err == nil {
		seen.err = reply(c, tokens)
	}
	return seen
}

var done = []byte{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

// welcome is the token of a login that was taken.
func welcome() []byte {
	name := wide("test")
	body := append([]byte{1, 0x74, 0, 0, 4, byte(len(name) / 2)}, name...)
	body = append(body, 16, 0, 0, 0)
	return append(binary.LittleEndian.AppendUint16([]byte{0xad}, uint16(len(body))), body...)
}

// route is the token that sends a client to another server.
func route(host string, port int) []byte {
	value := binary.LittleEndian.AppendUint16([]byte{0}, uint16(port))
	value = binary.LittleEndian.AppendUint16(value, uint16(len(host)))
	value = append(value, wide(host)...)
	body := binary.LittleEndian.AppendUint16([]byte{20}, uint16(len(value)))
	body = append(append(body, value...), 0, 0)
	return append(binary.LittleEndian.AppendUint16([]byte{0xe3}, uint16(len(body))), body...)
}

// refusal is the token of an error.
func refusal(number uint32, text string) []byte {
	body := binary.LittleEndian.AppendUint32(nil, number)
	body = append(body, 1, 14)
	body = binary.LittleEndian.AppendUint16(body, uint16(len(text)))
	body = append(body, wide(text)...)
	body = append(body, 0, 0, 1, 0, 0, 0) // no server, no procedure, line 1
	return append(binary.LittleEndian.AppendUint16([]byte{0xaa}, uint16(len(body))), body...)
}

func sqlServerCall(address string) invoke.Operation {
	return invoke.Operation{
		User: "ada;server=127.0.0.2", Password: "s3cr3t-word&encrypt=disable@x", Parameters: values{"Query": "SELECT 1"},
		Properties: with(hostAndPort(address), "Encryption", "None", "Database", "sales;failoverpartner=127.0.0.2"),
	}
}

// TestSQLServerRouting: a server that names another is not followed, whose
// password that would be told.
func TestSQLServerRouting(t *testing.T) {
	l, reached := elsewhere(t)
	seen := make(chan tds, 10)
	address := listen(t, func(c net.Conn) {
		seen <- signIn(c, append(append(welcome(), route("127.0.0.2", l.Addr().(*net.TCPAddr).Port)...), done...))
		_, _ = io.Copy(io.Discard, c)
	})
	w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
	w.fails(t, "sqlserver.query", sqlServerCall(address), invoke.Permanent, "names another one")
	if reached() {
		t.Error("the other was reached")
	}
	first := <-seen
	if first.err != nil {
		t.Fatal(first.err)
	}
	// Settings are what they are, and no part of a text that is taken apart.
	for _, text := range []string{"ada;server=127.0.0.2", "sales;failoverpartner=127.0.0.2", "Tandem"} {
		if !strings.Contains(string(first.login), string(wide(text))) {
			t.Errorf("the login does not say %q", text)
		}
	}
	if len(seen) > 0 {
		t.Errorf("it was asked %d times more", len(seen))
	}
}

func TestSQLServerErrors(t *testing.T) {
	for number, kind := range map[uint32]invoke.Kind{18456: invoke.Auth, 40613: invoke.Transient, 208: invoke.Permanent} {
		address := listen(t, func(c net.Conn) {
			_ = signIn(c, append(refusal(number, "no: s3cr3t-word&encrypt=disable@x"), 0xfd, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
			_, _ = io.Copy(io.Discard, c)
		})
		w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
		w.fails(t, "sqlserver.query", sqlServerCall(address), kind, "the database said: ", "no: ***")
	}
}

// TestSQLServerEncrypted: who has no encryption is told no password.
func TestSQLServerEncrypted(t *testing.T) {
	seen := make(chan tds, 10)
	address := listen(t, func(c net.Conn) { seen <- signIn(c, append(welcome(), done...)) })
	w := newWorld(t, utility.NetworkOptions{Timeout: 2 * time.Second})
	o := sqlServerCall(address)
	o.Properties["Encryption"] = "Required"
	if answer, err := w.run(t, "sqlserver.query", o); err == nil {
		t.Errorf("answered %v", answer)
	}
	if first := <-seen; len(first.login) > 0 || errors.Is(first.err, nil) {
		t.Errorf("it was told %q", first.login)
	}
}

// TestSQLServerReadOnly: a query that would end its transaction is not sent.
func TestSQLServerReadOnly(t *testing.T) {
	address := listen(t, func(c net.Conn) {
		_ = signIn(c, append(welcome(), done...))
		_, _ = io.Copy(io.Discard, c)
	})
	w := newWorld(t, utility.NetworkOptions{Timeout: 5 * time.Second})
	o := sqlServerCall(address)
	o.Properties["ReadOnly"], o.Parameters["Query"] = "true", "SELECT 1; COMMIT; DROP TABLE a"
	w.fails(t, "sqlserver.query", o, invoke.Build, "read only", "COMMIT")
}
