package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/notify"
	"github.com/tandem-ipaas/tandem/internal/store"
	"github.com/tandem-ipaas/tandem/internal/store/storetest"
	"github.com/tandem-ipaas/tandem/internal/vault"
)

const (
	link    = "https://app.acme.test/invitation?token=canary-of-a-link-that-works&x=1"
	partner = `Åcme "Soft" <b>Ware</b>`
)

// world is a mailer on a database of its own, and a clock that stands still.
type world struct {
	*notify.Mailer
	db  *store.Store
	p   tandem.PartnerID
	now time.Time
	log *strings.Builder

	close func() error
}

func newWorld(t *testing.T, dir string, s notify.Server, o notify.Options) *world {
	t.Helper()
	db, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Unlock(vault.Source{Path: filepath.Join(dir, "master.key")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{db: db, p: 1, now: time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC), log: &strings.Builder{}}
	o.Now = func() time.Time { return w.now }
	w.Mailer = notify.New(slog.New(slog.NewJSONHandler(w.log, nil)), db, keys, s, o)
	w.close = sync.OnceValue(db.Close)
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// begin is newWorld in a new folder, with a partner.
func begin(t *testing.T, s notify.Server, o notify.Options) *world {
	t.Helper()
	w := newWorld(t, storetest.Folder(t), s, o)
	w.partner(t)
	return w
}

func (w *world) partner(t *testing.T) {
	t.Helper()
	p, err := w.db.CreatePartner(t.Context(), partner, tandem.ConsoleUser{Email: "a@acme.test", Name: "a"}, "x", tandem.OAuthClient{ID: "c", SecretHash: []byte{1}, Created: time.Now()})
	if err != nil || p != w.p {
		t.Fatal(p, err)
	}
}

func server(t *testing.T, o *postOffice, more string) notify.Server {
	t.Helper()
	s, err := notify.ParseServer("smtp://"+o.address+more, "", "tandem@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func letter() tandem.Letter {
	return tandem.Letter{To: "amy@x.test", Subject: "You’re invited", Paragraphs: []string{"Dear Amy & <i>co</i>,", "come in."}, Link: link, LinkText: "Accept"}
}

func (w *world) send(t *testing.T, l tandem.Letter) {
	t.Helper()
	if err := w.Send(t.Context(), w.p, l); err != nil {
		t.Fatal(err)
	}
}

func (w *world) flush(t *testing.T) {
	t.Helper()
	if err := w.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// only reads the one mail that there is.
func (w *world) only(t *testing.T) tandem.Mailing {
	t.Helper()
	var id string
	if err := w.db.Dialect().Reader().QueryRowContext(t.Context(), `SELECT id FROM mail`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	m, err := w.db.Mailing(t.Context(), w.p, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// parts decodes a mail's alternatives.
func parts(t *testing.T, m *mail.Message, body string) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	found := map[string]string{}
	for r := multipart.NewReader(strings.NewReader(body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			t.Fatal(p.Header, err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestLetter(t *testing.T) {
	o := open(t, nil)
	w := begin(t, server(t, o, ""), notify.Options{})
	w.send(t, letter())
	if m := w.only(t); strings.Contains(string(m.Sealed), "canary") || len(m.Sealed) == 0 || m.Subject != "You’re invited" {
		t.Errorf("in the outbox: %+v", m)
	}
	w.flush(t)
	taken, bodies := o.mails()
	if len(taken) != 1 {
		t.Fatalf("%d mails\n%s", len(taken), w.log)
	}
	h, decode := taken[0].Header, new(mime.WordDecoder)
	if h.Get("X-Mailer") != "" || h.Get("User-Agent") != "" {
		t.Errorf("header tells what it was made with: %v", h)
	}
	subject, err := decode.DecodeHeader(h.Get("Subject"))
	if err != nil || subject != "You’re invited" {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := h.AddressList("From")
	if err != nil || len(from) != 1 || *from[0] != (mail.Address{Name: partner, Address: "tandem@acme.test"}) {
		t.Errorf("from %v, %v", from, err)
	}
	m := w.only(t)
	if got := h.Get("Message-ID"); got != "<"+m.ID+"@acme.test>" {
		t.Errorf("Message-ID %s", got)
	}
	if at, err := h.Date(); err != nil || !at.Equal(w.now) {
		t.Errorf("date %s, %v", at, err)
	}
	if h.Get("Auto-Submitted") != "auto-generated" {
		t.Error("does not say that a machine wrote it")
	}
	got := parts(t, taken[0], bodies[0])
	want := "Dear Amy & <i>co</i>,\n\ncome in.\n\nAccept:\n" + link + "\n\n--\n" + partner + "\n"
	if diff := cmp.Diff(want, got["text/plain"]); diff != "" {
		t.Errorf("text: -want +got\n%s", diff)
	}
	html := got["text/html"]
	for _, want := range []string{`<html lang="en">`, "Dear Amy &amp; &lt;i&gt;co&lt;/i&gt;,", `href="` + strings.ReplaceAll(link, "&", "&amp;") + `"`, ">Accept</a>", "&lt;b&gt;Ware"} {
		if !strings.Contains(html, want) {
			t.Errorf("HTML without %s:\n%s", want, html)
		}
	}
	for _, never := range []string{"<img", "url(", "src=", "@import", "<script", "<i>"} {
		if strings.Contains(html, never) {
			t.Errorf("HTML with %s", never)
		}
	}
	if m.State != tandem.MailSent || m.Sealed != nil || m.To != "amy@x.test" {
		t.Errorf("afterwards: %+v", m)
	}
	if strings.Contains(w.log.String(), "canary") {
		t.Errorf("the log has the link:\n%s", w.log)
	}
}

func TestEncryptionAndPassword(t *testing.T) {
	own, roots := certificate(t)
	secure := func(o *postOffice) { o.password, o.smtp.TLSConfig, o.smtp.AllowInsecureAuth = "secret", own, false }
	for name, tc := range map[string]struct {
		office func(*postOffice)
		user   string
		strict bool // as for a server that is not on loopback
		roots  bool
		sent   bool
	}{
		"STARTTLS and password":       {secure, "amy:secret@", true, true, true},
		"a wrong password":            {secure, "amy:wrong@", true, true, false},
		"no password":                 {secure, "", true, true, false},
		"an unknown certificate":      {secure, "amy:secret@", true, false, false},
		"no STARTTLS where it must":   {func(o *postOffice) { o.password = "secret" }, "amy:secret@", true, true, false},
		"no STARTTLS where it may be": {func(o *postOffice) { o.password = "secret" }, "amy:secret@", false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, tc.office)
			s, err := notify.ParseServer("smtp://"+tc.user+o.address, "", "tandem@acme.test")
			if err != nil {
				t.Fatal(err)
			}
			s.Plain = !tc.strict
			options := notify.Options{}
			if tc.roots {
				options.Roots = roots
			}
			w := begin(t, s, options)
			w.send(t, letter())
			w.flush(t)
			if taken, _ := o.mails(); (len(taken) == 1) != tc.sent {
				t.Errorf("%d mails\n%s", len(taken), w.log)
			}
			// What the operator can put right is tried again.
			want := tandem.MailQueued
			if tc.sent {
				want = tandem.MailSent
			}
			if m := w.only(t); m.State != want || (m.Reason == "") != tc.sent {
				t.Errorf("%+v, want %s", m, want)
			}
			if strings.Contains(w.log.String(), "secret@") || strings.Contains(w.log.String(), "c2VjcmV0") {
				t.Errorf("the log has the password:\n%s", w.log)
			}
		})
	}
}

func TestTLSFromTheFirstByte(t *testing.T) {
	own, roots := certificate(t)
	l, err := tls0(own)
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{password: "secret"}
	s := smtp.NewServer(o)
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	at, err := notify.ParseServer("smtps://amy@"+l.Addr().String(), "secret", "tandem@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	w := begin(t, at, notify.Options{Roots: roots})
	w.send(t, letter())
	w.flush(t)
	if taken, _ := o.mails(); len(taken) != 1 {
		t.Errorf("%d mails\n%s", len(taken), w.log)
	}
}

func TestTemporaryFailures(t *testing.T) {
	fails := 3
	o := open(t, func(o *postOffice) {
		o.answer = func() error {
			if fails--; fails >= 0 {
				return &smtp.SMTPError{Code: 451, Message: "busy with " + link}
			}
			return nil
		}
	})
	w := begin(t, server(t, o, ""), notify.Options{})
	w.send(t, letter())
	start := w.now
	for _, after := range []time.Duration{0, time.Minute, 3 * time.Minute, 7 * time.Minute} {
		w.now = start.Add(after - time.Second)
		w.flush(t)
		if n := o.asked; w.only(t).Attempts != n {
			t.Errorf("%s: %d attempts, the server has seen %d", after, w.only(t).Attempts, n)
		}
		if m := w.only(t); after > 0 && (m.State != tandem.MailQueued || !strings.Contains(m.Reason, "busy") || strings.Contains(m.Reason, "canary")) {
			t.Errorf("before %s: %+v", after, m)
		}
		w.now = start.Add(after)
		w.flush(t)
	}
	if m := w.only(t); m.State != tandem.MailSent || m.Attempts != 4 || o.asked != 4 {
		t.Errorf("%+v, %d tries", m, o.asked)
	}
}

func TestGivesUp(t *testing.T) {
	for name, tc := range map[string]struct {
		code     int
		attempts int
	}{"for good": {550, 1}, "after a day": {451, 13}} {
		t.Run(name, func(t *testing.T) {
			o := open(t, func(o *postOffice) {
				o.answer = func() error { return &smtp.SMTPError{Code: tc.code, Message: "no, not " + link} }
			})
			w := begin(t, server(t, o, ""), notify.Options{})
			w.send(t, letter())
			for end := w.now.Add(30 * time.Hour); w.now.Before(end); w.now = w.now.Add(time.Minute) {
				w.flush(t)
			}
			m := w.only(t)
			if m.State != tandem.MailGivenUp || m.Sealed != nil || m.Attempts != tc.attempts || !strings.Contains(m.Reason, "no, not") {
				t.Errorf("%+v", m)
			}
			if log := w.log.String(); strings.Contains(m.Reason+log, "canary") || !strings.Contains(log, `"mail given up"`) {
				t.Errorf("reason %q, log:\n%s", m.Reason, log)
			}
		})
	}
}

// A node that dies while it sends leaves the letter to the next.
func TestCrash(t *testing.T) {
	o := open(t, nil)
	dir, s := t.TempDir(), server(t, o, "")
	first := newWorld(t, dir, s, notify.Options{})
	first.partner(t)
	first.send(t, letter())
	now := first.now
	claimed, err := first.db.ClaimMail(t.Context(), now, now.Add(5*time.Minute), 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	second := newWorld(t, dir, s, notify.Options{})
	second.flush(t)
	if taken, _ := o.mails(); len(taken) != 0 {
		t.Error("was sent while another may still send it")
	}
	second.now = now.Add(5 * time.Minute)
	second.flush(t)
	taken, _ := o.mails()
	if len(taken) != 1 || taken[0].Header.Get("Message-ID") != "<"+claimed[0].ID+"@acme.test>" {
		t.Errorf("%d mails", len(taken))
	}
}

// Who asks for a mail does not wait for the server; and who sends it does not
// wait for ever, nor beyond the end.
func TestHungServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := notify.ParseServer("smtp://"+l.Addr().String(), "", "tandem@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("time is bounded", func(t *testing.T) {
		w := begin(t, s, notify.Options{Timeout: 100 * time.Millisecond})
		w.send(t, letter())
		w.flush(t)
		if m := w.only(t); m.State != tandem.MailQueued || m.Reason == "" {
			t.Errorf("%+v", m)
		}
	})
	t.Run("the end is not delayed", func(t *testing.T) {
		w := begin(t, s, notify.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.Run(ctx) }()
		w.send(t, letter())
		for range 3 { // of the first connection, then of this one
			if c, err := l.Accept(); err != nil {
				t.Fatal(err)
			} else if _, err := c.Write([]byte("2")); err == nil && w.only(t).Attempts > 0 {
				break
			}
		}
		w.send(t, letter())
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("still waits")
		}
	})
}

func TestManyLettersQueue(t *testing.T) {
	o := open(t, nil)
	w := begin(t, server(t, o, ""), notify.Options{})
	refused := 0
	for range 100 {
		switch err := w.Send(t.Context(), w.p, letter()); {
		case tandem.ErrorCode(err) == tandem.RateLimited:
			refused++
		case err != nil:
			t.Fatal(err)
		}
	}
	w.flush(t)
	if taken, _ := o.mails(); len(taken) != 5 || refused != 35 {
		t.Errorf("to one address: %d at once, %d refused", len(taken), refused)
	}
	w.now = w.now.Add(time.Hour)
	w.flush(t)
	if taken, _ := o.mails(); len(taken) != 65 {
		t.Errorf("to one address within an hour: %d", len(taken))
	}
}

// However many invitations wait, a letter about a sign-in goes at once.
func TestSecurityLettersOvertake(t *testing.T) {
	o := open(t, nil)
	w := begin(t, server(t, o, ""), notify.Options{})
	for i := range 300 { // of many people, and of one
		l := letter()
		if i < 200 {
			l.To = fmt.Sprintf("amy%d@x.test", i)
		}
		if err := w.Send(t.Context(), w.p, l); err != nil && tandem.ErrorCode(err) != tandem.RateLimited {
			t.Fatal(err)
		}
	}
	w.flush(t)
	before, _ := o.mails()
	l := letter()
	l.Security = true
	w.send(t, l)
	w.flush(t)
	if taken, _ := o.mails(); len(taken) != len(before)+1 {
		t.Errorf("%d more letters, want the one about a sign-in", len(taken)-len(before))
	}
	for range 5 {
		w.send(t, l)
	}
	w.flush(t)
	if taken, _ := o.mails(); len(taken) != len(before)+5 {
		t.Errorf("of six of those to one address %d went at once, want 5", len(taken)-len(before))
	}
}

func TestInjection(t *testing.T) {
	o := open(t, nil)
	w := begin(t, server(t, o, ""), notify.Options{})
	for _, to := range []string{
		"", "amy", "amy@x.test, bob@x.test", "amy@x.test\r\nBcc: bob@x.test", "amy@x.test\nRCPT TO:<bob@x.test>", "Amy <amy@x.test>",
		"<amy@x.test>", "amy@x.test\x00", "@x.test", "amy@", strings.Repeat("a", 250) + "@x.test", "amy @x.test", "ämy@x.test",
	} {
		l := letter()
		l.To = to
		if err := w.Send(t.Context(), w.p, l); tandem.ErrorCode(err) != tandem.Invalid {
			t.Errorf("to %q: %v, want Invalid", to, err)
		}
	}
	l := letter()
	l.Subject, l.Link = "Hello\r\nBcc: bob@x.test\r\n\r\nBody", `javascript:alert(1)`
	l.Paragraphs = []string{"one\r\n.\r\nMAIL FROM:<x>", "<script>alert(1)</script>"}
	w.send(t, l)
	w.flush(t)
	taken, bodies := o.mails()
	if len(taken) != 1 {
		t.Fatalf("%d mails\n%s", len(taken), w.log)
	}
	if h := taken[0].Header; h.Get("Bcc") != "" || h.Get("Subject") != "Hello Bcc: bob@x.test Body" {
		t.Errorf("header: %v", h)
	}
	got := parts(t, taken[0], bodies[0])
	if html := got["text/html"]; strings.Contains(html, "<script") || strings.Contains(html, `href="javascript`) {
		t.Errorf("HTML:\n%s", html)
	}
	if !strings.Contains(got["text/plain"], "\n.\nMAIL FROM:<x>") {
		t.Errorf("text:\n%s", got["text/plain"])
	}
}

func TestNotSetUp(t *testing.T) {
	w := begin(t, notify.Server{}, notify.Options{})
	if err := w.Send(t.Context(), w.p, letter()); w.Ready() || tandem.ErrorCode(err) != tandem.Unavailable {
		t.Errorf("ready: %t, %v", w.Ready(), err)
	}
}
