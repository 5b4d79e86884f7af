package utility

import (
	"cmp"
	"context"
	"crypto/x509"
	"time"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/internal/body"
	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// Files is where each account's files are.
type Files interface {
	Of(a tandem.AccountID) body.Files
}

// NetworkOptions are limits. The zero value is the default of each.
type NetworkOptions struct {
	Timeout  time.Duration  // of an operation, and for how long a server may do nothing; default 60 s
	FileTime time.Duration  // of an operation that moves files; default 30 min
	MaxReply int64          // bytes that a server may say beside the files that it sends; default 32 MiB
	MaxMail  int64          // bytes of a mail's attachments together; default 25 MiB
	MaxRows  int            // of a query; default 10,000
	Roots    *x509.CertPool // that vouch for servers; default: the system's
}

// network has the operations that reach out.
type network struct {
	dialer  Dialer
	files   Files
	options NetworkOptions
}

// Network gives the operations that reach out: ftp, ftps, sftp, smtp, and those of
// databases: postgresql, mysql, sqlserver.
func Network(d Dialer, f Files, o NetworkOptions) map[string]invoke.BuiltIn {
	o.Timeout = cmp.Or(o.Timeout, time.Minute)
	o.FileTime = cmp.Or(o.FileTime, 30*time.Minute)
	o.MaxReply = cmp.Or(o.MaxReply, 32<<20)
	o.MaxMail = cmp.Or(o.MaxMail, 25<<20)
	o.MaxRows = cmp.Or(o.MaxRows, 10_000)
	n := &network{d, f, o}
	all := map[string]invoke.BuiltIn{"smtp.send": n.sendMail}
	for protocol, connect := range map[string]connect{"ftp": n.ftp, "ftps": n.ftps, "sftp": n.sftp} {
		for name, do := range transfers {
			all[protocol+"."+name] = n.transfer(connect, do)
		}
	}
	for _, d := range databases {
		for name, do := range statements {
			all[d.name+"."+name] = n.statement(d, do)
		}
	}
	return all
}

// transfer makes an operation of something that is done to the files of a server.
func (n *network) transfer(connect connect, do func(*transfer) (any, *invoke.Error)) invoke.BuiltIn {
	return func(ctx context.Context, o invoke.Operation) (any, error) {
		s, end := begin(ctx, n.dialer, span{n.options.FileTime, n.options.Timeout}, n.options.MaxReply)
		defer end()
		in := &input{Operation: &o}
		t := &transfer{input: in, session: s, files: n.files.Of(o.Account), reply: n.options.MaxReply}
		to, err := connect(s, in)
		if err == nil {
			t.remote = to
			defer to.close()
			var answer any
			if answer, err = do(t); err == nil {
				return answer, nil
			}
		}
		return nil, conceal(err, o.Password, o.Key, in.text("PrivateKey"), in.text("Passphrase"))
	}
}
