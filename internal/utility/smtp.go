package utility

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
	"github.com/tandem-ipaas/tandem/internal/merge"
)

// sendMail sends one mail by an SMTP server.
func (n *network) sendMail(ctx context.Context, o invoke.Operation) (any, error) {
	s, end := begin(ctx, n.dialer, span{n.options.FileTime, n.options.Timeout}, n.options.MaxReply)
	defer end()
	in := &input{Operation: &o}
	p := post{input: in, session: s, files: n.files.Of(o.Account), options: &n.options}
	host, _ := in.address(0) // the default port depends on the encryption
	err := p.send(host, in.secure(host, n.options.Roots))
	if err != nil {
		return nil, conceal(err, o.Password, o.Key)
	}
	return map[string]any{"MessageId": p.id, "Recipients": p.recipients}, nil
}

// post is a mail on its way.
type post struct {
	*input
	session *session
	files   body.Files
	options *NetworkOptions

	id         string
	recipients []any
}

func (p *post) send(host string, settings *tls.Config) *invoke.Error {
	encryption := p.choice("Encryption", "StartTLS", "TLS", "None")
	msg, err := p.message(host)
	if err != nil {
		return err
	}
	client, err := p.client(host, encryption, settings)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(p.session.ctx); err != nil {
		return p.failed(err)
	}
	defer client.Close()
	if err := client.Send(msg); err != nil && !msg.IsDelivered() {
		return p.failed(err)
	}
	return nil
}

func (p *post) client(host, encryption string, settings *tls.Config) (*gomail.Client, *invoke.Error) {
	port := map[string]int{"StartTLS": 587, "TLS": 465, "None": 25}[encryption]
	port = p.number("Port", port, 1, 65535)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := p.session.once(ctx, network, address)
		if err != nil || encryption != "TLS" {
			return conn, err
		}
		return tls.Client(conn, settings), nil
	}
	policy := gomail.TLSMandatory
	if encryption != "StartTLS" {
		policy = gomail.NoTLS // is there already, or not wanted
	}
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTLSConfig(settings), gomail.WithTLSPolicy(policy), gomail.WithDialContextFunc(dial),
		gomail.WithTimeout(p.options.Timeout), gomail.WithoutNoop(), gomail.WithHELO(cmp.Or(p.text("Helo"), "localhost")),
	}
	if p.User != "" {
		plain, login := gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
		if encryption != "StartTLS" { // the library knows of no other encryption
			plain, login = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
		}
		options = append(options, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, plain, login), gomail.WithUsername(p.User), gomail.WithPassword(p.Password))
	}
	if p.err != nil {
		return nil, p.err
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return nil, buildError("%v", err)
	}
	return client, nil
}

// maxRecipients is how many one mail goes to at most.
const maxRecipients = 100

func (p *post) message(host string) (*gomail.Msg, *invoke.Error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := p.addresses("From")
	for name, set := range map[string]func(...string) error{"To": msg.To, "Cc": msg.Cc, "Bcc": msg.Bcc} {
		if all := p.addresses(name); len(all) > 0 {
			p.check(name, set(all...))
			for _, a := range all {
				p.recipients = append(p.recipients, a)
			}
		}
	}
	switch {
	case len(from) != 1:
		p.fail("From must be one address")
	case len(p.recipients) == 0 || len(p.recipients) > maxRecipients:
		p.fail("To, Cc and Bcc must be from 1 to %d addresses together", maxRecipients)
	}
	if p.err != nil {
		return nil, p.err
	}
	p.check("From", msg.From(from[0]))
	if reply := p.addresses("ReplyTo"); len(reply) > 0 {
		p.check("ReplyTo", msg.ReplyTo(reply[0]))
	}
	msg.Subject(strings.Join(strings.Fields(p.written("Subject")), " "))
	text, html := p.written("Text"), p.written("Html")
	switch {
	case html == "":
		msg.SetBodyString(gomail.TypeTextPlain, text)
	case text == "":
		msg.SetBodyString(gomail.TypeTextHTML, html)
	default:
		msg.SetBodyString(gomail.TypeTextPlain, text)
		msg.AddAlternativeString(gomail.TypeTextHTML, html)
	}
	msg.SetDate()
	p.identify(msg, host)
	if err := p.attach(msg); err != nil {
		return nil, err
	}
	if p.err != nil {
		return nil, p.err
	}
	return msg, nil
}

// identify gives a mail the same id when a step is tried again, by which servers
// and readers know that they have it.
func (p *post) identify(msg *gomail.Msg, host string) {
	if p.IdempotencyKey == "" {
		msg.SetMessageID()
	} else {
		sum := sha256.Sum256([]byte(p.IdempotencyKey))
		msg.SetMessageIDWithValue(hex.EncodeToString(sum[:16]) + "@" + strings.ReplaceAll(host, ":", "."))
	}
	p.id = msg.GetMessageID()
}

func (p *post) check(name string, err error) {
	if err != nil {
		p.fail("%s: %v", name, err)
	}
}

// addresses are those of a member or a parameter: a list, or text with commas.
func (p *post) addresses(name string) (all []string) {
	v := p.member(name)
	items, ok := v.([]any)
	if !ok {
		items = []any{p.written(name)}
	}
	for _, item := range items {
		text := strings.TrimSpace(merge.Text(item))
		if text == "" {
			continue
		}
		list, err := mail.ParseAddressList(text)
		if err != nil {
			p.fail("%s is not an address, or a list of such with commas between", name)
			return nil
		}
		for _, a := range list {
			all = append(all, a.String())
		}
	}
	return all
}

// attach adds the files. They are read when they are sent.
func (p *post) attach(msg *gomail.Msg) *invoke.Error {
	items, ok := p.member("Attachments").([]any)
	if one := p.member("Attachments"); !ok && one != nil {
		items = []any{one}
	}
	var files []*gomail.File
	total := int64(0)
	for _, item := range items {
		a, err := attached(p.session.ctx, p.files, item)
		if err != nil {
			return err
		}
		if a == nil {
			continue
		}
		if total += a.Size; total > p.options.MaxMail {
			return buildError("the attachments are longer than %d bytes together", p.options.MaxMail)
		}
		files = append(files, &gomail.File{
			Name: a.FileName, ContentType: gomail.ContentType(a.ContentType), Enc: gomail.EncodingB64, Header: textproto.MIMEHeader{},
			Writer: func(w io.Writer) (int64, error) {
				r, err := a.Open(p.session.ctx)
				if err != nil {
					return 0, fmt.Errorf("the file %s: %w", a.FileName, err)
				}
				defer r.Close()
				return io.Copy(w, r)
			},
		})
	}
	msg.SetAttachments(files)
	return nil
}

// failed tells what a server said.
func (p *post) failed(err error) *invoke.Error {
	if e := p.session.unreached(err); e != nil {
		return e
	}
	code, text := 0, err.Error()
	if said := (*textproto.Error)(nil); errors.As(err, &said) {
		code, text = said.Code, fmt.Sprintf("%d %s", said.Code, said.Msg)
	}
	if refused := (*gomail.SendError)(nil); code == 0 && errors.As(err, &refused) {
		code = refused.ErrorCode()
	}
	switch {
	case code == 530 || code == 534 || code == 535 || code == 538:
		return authError("the server said: %s", text)
	case code >= 500:
		return callError(invoke.Permanent, "the server said: %s", text)
	case code >= 400:
		return callError(invoke.Transient, "the server said: %s", text)
	case strings.Contains(text, "STARTTLS"), strings.Contains(text, "AUTH"): // of no type
		return callError(invoke.Permanent, "%s", text)
	}
	return lost(err)
}
