package utility_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/utility"
)

// postOffice is a mail server on loopback.
type postOffice struct {
	address string
	tls     *tls.Config // nil: none
	direct  bool        // from the first byte
	answer  error       // to what was written

	mu    sync.Mutex
	mails []taken
}

type taken struct {
	from string
	to   []string
	text []byte
}

func openPost(t *testing.T, o *postOffice) *postOffice {
	t.Helper()
	s := smtp.NewServer(o)
	s.AllowInsecureAuth, s.Domain, s.TLSConfig = true, "localhost", o.tls
	s.ErrorLog = log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if o.direct {
		s.TLSConfig = nil
		l = tls.NewListener(l, o.tls)
	}
	o.address = l.Addr().String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() {
		_ = s.Close()
		<-ended
	})
	return o
}

// NewSession implements smtp.Backend.
func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{office: o}, nil }

// last is the mail that came last.
func (o *postOffice) last(t *testing.T) (taken, *mail.Message) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mails) == 0 {
		t.Fatal("no mail came")
	}
	m := o.mails[len(o.mails)-1]
	msg, err := mail.ReadMessage(bytes.NewReader(m.text))
	if err != nil {
		t.Fatal(err)
	}
	return m, msg
}

type visit struct {
	office *postOffice
	known  bool
	taken
}

func (*visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if v.known = user == "ada" && password == "s3cr3t-word"; !v.known {
			return &smtp.SMTPError{Code: 535, Message: password + " is not the password"}
		}
		return nil
	}), nil
}

func (v *visit) Reset()      { v.taken = taken{} }
func (*visit) Logout() error { return nil }

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if !v.known {
		return smtp.ErrAuthRequired
	}
	v.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return &smtp.SMTPError{Code: 550, Message: "nobody lives here"}
	}
	v.to = append(v.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) (err error) {
	if v.text, err = io.ReadAll(r); err != nil {
		return err
	}
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	if v.office.answer != nil {
		return v.office.answer
	}
	v.office.mails = append(v.office.mails, v.taken)
	return nil
}

func (o *postOffice) operation(encryption, authority string, request doc) invoke.Operation {
	return invoke.Operation{
		User: "ada", Password: "s3cr3t-word", Request: request, IdempotencyKey: "key",
		Properties: with(hostAndPort(o.address), "Encryption", encryption, "CertificateAuthority", authority, "From", "Tandem <tandem@example.com>"),
	}
}

func TestSendMail(t *testing.T) {
	own, authority := certificate(t)
	for encryption, o := range map[string]*postOffice{"None": {}, "StartTLS": {tls: own}, "TLS": {tls: own, direct: true}} {
		t.Run(encryption, func(t *testing.T) {
			openPost(t, o)
			w, before := newWorld(t, utility.NetworkOptions{Timeout: 10 * time.Second}), runtime.NumGoroutine()
			file, err := w.files.Create(t.Context(), "Bericht März.csv", "text/csv", strings.NewReader("a,b\r\n1,2\r\n"))
			if err != nil {
				t.Fatal(err)
			}
			request := doc{
				"To": []any{"Ada Lovelace <ada@example.com>", "b@example.com"}, "Cc": "c@example.com, d@example.com", "Bcc": "secret@example.com", "ReplyTo": "reply@example.com",
				"Subject": "Grüße\r\nBcc: evil@example.com", "Text": "plain text", "Html": "<p>rich text</p>",
				"Attachments": []any{file.Document(), doc{"FileName": "two.txt", "Content": "second"}},
			}
			got := w.must(t, "smtp.send", o.operation(encryption, authority, request))
			m, msg := o.last(t)
			slices.Sort(m.to)
			want := []string{"ada@example.com", "b@example.com", "c@example.com", "d@example.com", "secret@example.com"}
			if diff := cmp.Diff(want, m.to); diff != "" || m.from != "tandem@example.com" {
				t.Errorf("from %s, -want +got\n%s", m.from, diff)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
			if subject != "Grüße Bcc: evil@example.com" || err != nil || msg.Header.Get("Bcc") != "" || msg.Header.Get("Reply-To") != "<reply@example.com>" {
				t.Errorf("headers %v, %v", msg.Header, err)
			}
			if id := at(got, "MessageId"); id != msg.Header.Get("Message-Id") || id == "" || len(at(got, "Recipients").([]any)) != 5 {
				t.Errorf("answered %v", got)
			}
			all := parts(t, msg.Header.Get("Content-Type"), msg.Body)
			if diff := cmp.Diff([]string{"plain text", "<p>rich text</p>", "a,b\r\n1,2\r\n", "second"}, all); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			again := w.must(t, "smtp.send", o.operation(encryption, authority, request))
			if at(again, "MessageId") != at(got, "MessageId") {
				t.Error("a second try has another id")
			}
			settled(t, before)
		})
	}
}

// parts are the contents of a mail, in order.
func parts(t *testing.T, contentType string, body io.Reader) (all []string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return []string{strings.TrimRight(string(content), "\r\n")}
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		content := io.Reader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(text))
			continue
		}
		all = append(all, parts(t, part.Header.Get("Content-Type"), content)...)
	}
}

func TestSendMailRefuses(t *testing.T) {
	own, authority := certificate(t)
	_, other := certificate(t)
	office, private := openPost(t, &postOffice{}), openPost(t, &postOffice{tls: own})
	w := newWorld(t, utility.NetworkOptions{Timeout: 10 * time.Second, MaxMail: 10})
	to := doc{"To": "ada@example.com", "Text": "x"}
	for what, c := range map[string]struct {
		request doc
		text    string
	}{
		"no recipient":   {doc{"Text": "x"}, "from 1 to 100"},
		"no address":     {doc{"To": "ada at home"}, "To is not an address"},
		"a header in it": {doc{"To": "ada@example.com\r\nBcc: evil@example.com"}, "To is not an address"},
		"too many":       {doc{"To": strings.Repeat("a@example.com,", 100) + "b@example.com"}, "from 1 to 100"},
		"too long":       {doc{"To": "a@example.com", "Attachments": doc{"Content": "more than ten"}}, "longer than 10 bytes"},
		"no file":        {doc{"To": "a@example.com", "Attachments": "file:none"}, "no such file"},
		"two senders":    {doc{"To": "a@example.com", "From": "a@example.com, b@example.com"}, "From must be one"},
	} {
		t.Run(what, func(t *testing.T) {
			w.fails(t, "smtp.send", office.operation("None", "", c.request), invoke.Build, c.text)
		})
	}
	wrong := office.operation("None", "", to)
	wrong.Password = "wr0ng-word"
	w.fails(t, "smtp.send", wrong, invoke.Auth, "535")
	w.fails(t, "smtp.send", office.operation("None", "", doc{"To": "nobody@example.com"}), invoke.Permanent, "nobody lives here")
	w.fails(t, "smtp.send", office.operation("StartTLS", authority, to), invoke.Permanent, "STARTTLS") // it has none
	w.fails(t, "smtp.send", private.operation("StartTLS", other, to), invoke.Permanent, "does not show who it is")
	office.answer = &smtp.SMTPError{Code: 451, Message: "later"}
	w.fails(t, "smtp.send", office.operation("None", "", to), invoke.Transient, "later")
	if len(office.mails) != 0 {
		t.Errorf("%d mails came", len(office.mails))
	}
}
